//! What stands on somebody's start page: what is on now, their courses, and what is new.

use std::cmp::Reverse;
use std::collections::HashMap;

use base::Error;
use base::clock::Timestamp;
use base::id::{CourseId, MeetingId};
use store::{Course, Meeting, Person};

use super::meeting_rows::on_now;
use crate::site::Site;
use crate::site::page::Page;

/// For so long something is new: who comes once a week finds the whole week.
const NEW_MS: i64 = 8 * 24 * 60 * 60 * 1_000;
/// So much of it is told.
const NEWS: usize = 6;

/// The parts of a start page.
#[derive(Default)]
pub(super) struct Entries {
    /// Rooms that people are in.
    pub(super) now: Vec<NowEntry>,
    /// Courses in use, the newest first.
    pub(super) courses: Vec<CourseEntry>,
    pub(super) news: Vec<NewsEntry>,
    /// Courses that were put away.
    pub(super) archived: Vec<(CourseId, String)>,
}

/// A meeting that is on.
pub(super) struct NowEntry {
    pub(super) meeting: MeetingId,
    pub(super) title: String,
    pub(super) course: String,
    pub(super) people: String,
}

/// A course.
pub(super) struct CourseEntry {
    pub(super) id: CourseId,
    pub(super) title: String,
    pub(super) term: Option<String>,
    pub(super) manages: bool,
    pub(super) newest: Option<Meeting>,
    /// "3 wait for you".
    pub(super) waiting: Option<String>,
}

/// Something that came lately.
pub(super) struct NewsEntry {
    at: Timestamp,
    pub(super) meeting: MeetingId,
    pub(super) title: String,
    pub(super) what: &'static str,
    pub(super) course: String,
    pub(super) when: String,
}

pub(super) async fn of(site: &Site, page: &Page, person: &Person) -> Result<Entries, Error> {
    let crowds = site.crowds().await;
    let mut entries = Entries::default();
    for course in site.store.courses_of(person.id).await? {
        if course.archived_at.is_some() {
            entries.archived.push((course.id, course.title));
            continue;
        }
        let manages = site.store.course_access(course.id, person).await?.teaches();
        let meetings = site.store.meetings_of(course.id).await?;
        entries.now.extend(now(page, &course, &meetings, manages, &crowds));
        if !manages {
            entries.news.extend(news(site, page, &course).await?);
        }
        let waiting = if manages { site.store.waiting_guests(course.id).await? } else { 0 };
        entries.courses.push(CourseEntry {
            id: course.id,
            title: course.title,
            term: course.term,
            manages,
            newest: meetings.into_iter().rfind(|meeting| meeting.published_at.is_some()),
            waiting: (waiting > 0).then(|| page.language.count("home.waiting", waiting)),
        });
    }
    // What somebody joined or made last is what they look for.
    entries.courses.reverse();
    entries.news.sort_by_key(|news| Reverse(news.at));
    entries.news.truncate(NEWS);
    Ok(entries)
}

fn now(
    page: &Page,
    course: &Course,
    meetings: &[Meeting],
    manages: bool,
    crowds: &HashMap<MeetingId, usize>,
) -> Vec<NowEntry> {
    let seen = meetings.iter().filter(|meeting| manages || meeting.published_at.is_some());
    let on = seen.filter_map(|meeting| {
        Some(NowEntry {
            meeting: meeting.id,
            title: meeting.title.clone(),
            course: course.title.clone(),
            people: on_now(page, *crowds.get(&meeting.id)?),
        })
    });
    on.collect()
}

async fn news(site: &Site, page: &Page, course: &Course) -> Result<Vec<NewsEntry>, Error> {
    let news = site.store.news_of(course.id, NEW_MS).await?.into_iter();
    let entry = |news: store::News| NewsEntry {
        at: news.at(),
        meeting: news.meeting,
        what: page.t(if news.is_material() { "home.new_material" } else { "home.new_meeting" }),
        course: course.title.clone(),
        when: page.language.date(news.at()),
        title: news.title,
    };
    Ok(news.map(entry).collect())
}
