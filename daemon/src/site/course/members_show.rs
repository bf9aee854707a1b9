//! `/courses/{course}/members`: who belongs to a course, and who did.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::Course;

use super::member_rows::{self, MemberRow, Members};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/members.html")]
struct MembersPage<'a> {
    page: &'a Page,
    course: Course,
    manages: bool,
    counted: String,
    sections: Vec<Section>,
}

/// Members who have something in common.
struct Section {
    name: &'static str,
    title: &'static str,
    members: Vec<MemberRow>,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let course = super::taught(&site, &page, &course).await?;
    let members = Members::of(site.store.members(course.id).await?);
    let counted = page.language.count("member.count", members.active);
    // Who waits for the teacher stands first, who was removed last.
    let sections = [
        ("waiting", page.t("member.section_waiting"), members.waiting),
        ("teachers", page.t("member.section_teachers"), members.teachers),
        ("students", page.t("member.section_students"), members.students),
        ("removed", page.t("member.section_removed"), members.removed),
    ];
    let sections = sections.into_iter().map(|(name, title, members)| Section {
        name,
        title,
        members: member_rows::rows(members),
    });
    let sections =
        sections.filter(|section| !section.members.is_empty() || section.name == "students").collect();
    let manages = course.archived_at.is_none();
    Ok(page.show(&MembersPage { page: &page, manages, counted, sections, course }))
}
