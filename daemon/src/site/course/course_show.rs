//! `/courses/{course}`: meetings for all; the code, guests and members for the teacher.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Error;
use store::{Course, CourseAccess, CourseRole, GuestPolicy};

use super::meeting_rows::{self, MeetingRow};
use super::member_rows::{self, MemberRow, Members};
use crate::site::Site;
use crate::site::form::Field;
use crate::site::notices;
use crate::site::page::Page;
use crate::site::reach;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/show.html")]
struct CoursePage<'a> {
    page: &'a Page,
    course: Course,
    /// Whether the visitor decides here and anything can be decided: not once it was put away.
    manages: bool,
    teaches: bool,
    notices: notices::Section,
    meetings: Vec<MeetingRow>,
    new_meeting: Field,
    /// Guests who wait to be admitted.
    waiting: Vec<MemberRow>,
    members_counted: String,
    /// Whether there is nobody but teachers.
    members_alone: bool,
    qr: String,
    typed_address: String,
    guest_choices: Vec<GuestChoice>,
}

struct GuestChoice {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    chosen: bool,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &course).await?;
    Ok(page.show(&compose(&site, &page, seen, Field::default()).await?))
}

/// The teacher's page with a refused new meeting in its form.
pub(super) async fn show_again(
    site: &Site,
    page: &Page,
    course: Course,
    new_meeting: Field,
    error: &Error,
) -> Result<Response, Refusal> {
    let seen = CourseAccess { course, role: CourseRole::Teacher };
    Ok(page.show_error(error, &compose(site, page, seen, new_meeting).await?))
}

async fn compose<'a>(
    site: &Site,
    page: &'a Page,
    seen: CourseAccess,
    new_meeting: Field,
) -> Result<CoursePage<'a>, Error> {
    let teaches = seen.teaches();
    let notices = notices::section(site, page, &seen).await?;
    let course = seen.course;
    let members =
        if teaches { Members::of(site.store.members(course.id).await?) } else { Members::default() };
    Ok(CoursePage {
        manages: teaches && course.archived_at.is_none(),
        teaches,
        notices,
        meetings: meeting_rows::of(site, page, course.id, teaches).await?,
        new_meeting,
        waiting: member_rows::rows(members.waiting),
        members_alone: members.active == members.teachers.len(),
        members_counted: page.language.count("member.count", members.active),
        qr: if teaches {
            reach::qr(&site.reach.join_address(&page.peer, &course.join_code))
        } else {
            String::new()
        },
        typed_address: site.reach.typed_address(&page.peer),
        guest_choices: guest_choices(page, course.guest_policy),
        page,
        course,
    })
}

fn guest_choices(page: &Page, chosen: GuestPolicy) -> Vec<GuestChoice> {
    let choice = |policy: GuestPolicy, label, hint| GuestChoice {
        name: policy.name(),
        label,
        hint,
        chosen: policy == chosen,
    };
    vec![
        choice(GuestPolicy::Welcome, page.t("guests.welcome"), page.t("guests.welcome_hint")),
        choice(GuestPolicy::Ask, page.t("guests.ask"), page.t("guests.ask_hint")),
        choice(GuestPolicy::Refuse, page.t("guests.refuse"), page.t("guests.refuse_hint")),
    ]
}
