//! `/meetings/{meeting}`: everything of one gathering on one page, section by section.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::Meeting;

use crate::site::Site;
use crate::site::assignment;
use crate::site::attendance;
use crate::site::material;
use crate::site::page::Page;
use crate::site::quiz;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "meeting/show.html")]
struct MeetingPage<'a> {
    page: &'a Page,
    meeting: Meeting,
    /// Whether the visitor decides here.
    teaches: bool,
    /// Whether anything in it can change: nothing does once the course was put away.
    in_use: bool,
    /// When it is planned to begin, as people write it.
    starts: Option<String>,
    materials: material::Section,
    assignments: assignment::Section,
    quizzes: quiz::Section,
    attendance: attendance::Section,
    /// "On now, 12 people", while somebody is in its room.
    on_now: Option<String>,
    /// Whether it can be deleted without losing what people did.
    can_delete: bool,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &meeting).await?;
    let materials = material::section(&site, page.language, &seen).await?;
    let person = page.signed_in()?.person.id;
    let assignments = assignment::section(&site, page.language, &seen, person).await?;
    let quizzes = quiz::section(&site, page.language, &seen, person).await?;
    let attendance = attendance::section(&site, page.language, &seen, person).await?;
    let (teaches, meeting) = (seen.teaches(), seen.meeting);
    let people = site.crowds().await.get(&meeting.id).copied();
    let can_delete = teaches && people.is_none() && !site.store.meeting_has_work(meeting.id).await?;
    Ok(page.show(&MeetingPage {
        page: &page,
        teaches,
        in_use: meeting.course.archived_at.is_none(),
        starts: meeting.starts_at.map(|at| page.language.date(at)),
        on_now: people.map(|people| page.language.count("meeting.on_now", people)),
        can_delete,
        meeting,
        materials,
        assignments,
        quizzes,
        attendance,
    }))
}
