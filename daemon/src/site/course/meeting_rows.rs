//! The meetings of a course as its page lists them.

use base::Error;
use base::id::{CourseId, MeetingId};
use store::{Meeting, Visibility};

use crate::site::Site;
use crate::site::page::Page;

/// A line of the list.
pub(super) struct MeetingRow {
    pub(super) id: MeetingId,
    pub(super) title: String,
    /// "Meeting 3".
    pub(super) number: String,
    /// The places before and behind it; `None` at the end of the list.
    pub(super) up: Option<i64>,
    pub(super) down: Option<i64>,
    /// When it is planned to begin.
    pub(super) starts: Option<String>,
    pub(super) is_draft: bool,
    /// "On now, 12 people", while somebody is in its room.
    pub(super) on_now: Option<String>,
}

/// The lines that somebody sees: drafts are the teachers'.
pub(super) async fn of(
    site: &Site,
    page: &Page,
    course: CourseId,
    teaches: bool,
) -> Result<Vec<MeetingRow>, Error> {
    let crowds = site.crowds().await;
    let meetings = site.store.meetings_of(course).await?;
    let last = meetings.len();
    let seen =
        meetings.into_iter().filter(|meeting| teaches || meeting.visibility() == Visibility::Published);
    let row = |meeting: Meeting| {
        let people = crowds.get(&meeting.id);
        row(page, meeting, last, people.map(|people| on_now(page, *people)))
    };
    Ok(seen.map(row).collect())
}

/// "On now, 12 people".
pub(super) fn on_now(page: &Page, people: usize) -> String {
    page.language.count("meeting.on_now", people)
}

fn row(page: &Page, meeting: Meeting, last: usize, on_now: Option<String>) -> MeetingRow {
    let position = meeting.position;
    let is_last = usize::try_from(position).is_ok_and(|position| position >= last);
    MeetingRow {
        id: meeting.id,
        number: page.fill("meeting.number", "number", &position.to_string()),
        up: (position > 1).then_some(position - 1),
        down: (!is_last).then_some(position + 1),
        starts: meeting.starts_at.map(|at| page.language.date(at)),
        is_draft: meeting.visibility() == Visibility::Draft,
        on_now,
        title: meeting.title,
    }
}
