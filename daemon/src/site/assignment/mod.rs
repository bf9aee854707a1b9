//! Assignments of a meeting: a teacher makes them, students hand in, the teacher grades.
//!
//! What a student sends goes the ways that materials go: in one form everywhere, or in pieces by the
//! script of the page. A file counts as handed in as soon as it is here.

mod assignment_change;
mod assignment_edit;
mod assignment_show;
mod files_add;
mod head;
mod own;
mod pupil_list;
mod scores_export;
mod section;
mod submission_grade;
mod submission_hand_in;
mod submissions_return;
mod upload_begin;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, options, post};
use base::id::AssignmentId;
use base::{Code, Error, limits};
use store::{AssignmentAccess, CourseRole};

use super::Site;
use super::material;
use super::next;
use super::page::Page;
use crate::http::body::by_rate;
use crate::http::routes::routes;
pub(super) use section::{Section, section};

routes!(Site {
    "/meetings/{meeting}/assignments" => get(assignment_edit::show_new)
        .post(assignment_edit::create)
        .layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/assignments/{assignment}" => get(assignment_show::show),
    "/assignments/{assignment}/edit" => get(assignment_edit::show)
        .post(assignment_edit::save)
        .layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/assignments/{assignment}/publish" => post(assignment_change::publish),
    "/assignments/{assignment}/hide" => post(assignment_change::hide),
    "/assignments/{assignment}/delete" => post(assignment_change::delete),
    "/assignments/{assignment}/files" =>
        post(files_add::add).layer(DefaultBodyLimit::disable()).layer(from_fn(by_rate)),
    "/assignments/{assignment}/files/{file}/remove" => post(files_add::remove),
    "/assignments/{assignment}/uploads" =>
        options(material::upload_begin::tell).post(upload_begin::begin),
    "/assignments/{assignment}/submission" =>
        post(submission_hand_in::hand_in).layer(DefaultBodyLimit::disable()).layer(from_fn(by_rate)),
    "/assignments/{assignment}/submission/{file}/remove" => post(submission_hand_in::take_back),
    "/assignments/{assignment}/submissions/{person}" =>
        get(submission_grade::show).post(submission_grade::save),
    "/assignments/{assignment}/submissions/{person}/reopen" => post(submissions_return::reopen),
    "/assignments/{assignment}/scores.csv" => get(scores_export::send),
    "/assignments/{assignment}/return" => post(submissions_return::return_graded),
});

/// What a visitor adds files to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Adding {
    /// A teacher, to what is given with the assignment.
    ToAssignment,
    /// A student, to what they hand in.
    ToSubmission,
}

/// What the visitor may add files to; an error for who may not.
pub(super) async fn adding(site: &Site, page: &Page, assignment: AssignmentId) -> Result<Adding, Error> {
    let seen = site.store.assignment_access(assignment, &page.signed_in()?.person).await?;
    if seen.role == CourseRole::Teacher {
        seen.changed_by_teacher().map(|_| Adding::ToAssignment)
    } else {
        seen.handed_in_by_student().map(|_| Adding::ToSubmission)
    }
}

/// The assignment that an address names, as the visitor may see it. To others it does not exist.
async fn seen(site: &Site, page: &Page, number: &str) -> Result<AssignmentAccess, Error> {
    let person = &page.signed_in()?.person;
    let assignment: AssignmentId = number.parse().map_err(|_| Code::NotFound)?;
    site.store.assignment_access(assignment, person).await
}

/// The assignment that an address names, for its teachers who change something in it.
async fn managed(site: &Site, page: &Page, number: &str) -> Result<AssignmentAccess, Error> {
    seen(site, page, number).await?.changed_by_teacher()
}

/// Back to the assignment's page, with a word about what was done.
fn back(assignment: AssignmentId, notice: &str) -> Response {
    Redirect::to(&next::noticed(&format!("/assignments/{assignment}"), notice)).into_response()
}
