//! `/meetings/{meeting}`: everything of one gathering on one page, section by section.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::{Meeting, Visibility};

use crate::site::Site;
use crate::site::assignment;
use crate::site::material;
use crate::site::page::Page;
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
    is_draft: bool,
    /// When it is planned to begin, as people write it.
    starts: Option<String>,
    materials: material::Section,
    assignments: assignment::Section,
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
    let (teaches, meeting) = (seen.teaches(), seen.meeting);
    Ok(page.show(&MeetingPage {
        page: &page,
        teaches,
        in_use: meeting.course.archived_at.is_none(),
        is_draft: meeting.visibility() == Visibility::Draft,
        starts: meeting.starts_at.map(|at| page.language.date(at)),
        meeting,
        materials,
        assignments,
    }))
}
