//! Courses: joining one, what is in it, and what its teacher decides.

mod board_show;
mod course_change;
mod course_copy;
mod course_create;
mod course_edit;
mod course_export;
mod course_fields;
mod course_import;
mod course_show;
mod home_entries;
mod home_show;
mod meeting_create;
mod meeting_rows;
mod member_add;
mod member_change;
mod member_join;
mod member_rows;
mod members_show;
mod order_show;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use base::id::CourseId;
use base::{Code, Error};
use store::{Course, CourseAccess};

use super::Site;
use super::page::Page;
use crate::http::body::by_rate;
use crate::http::routes::routes;

routes!(Site {
    "/" => get(home_show::show),
    "/join" => post(member_join::join),
    "/join/{code}" => get(member_join::show),
    "/courses" => post(course_create::create),
    "/courses/import" => get(course_import::show)
        .post(course_import::submit)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(by_rate)),
    "/courses/{course}" => get(course_show::show),
    "/courses/{course}/edit" => get(course_edit::show).post(course_edit::submit),
    "/courses/{course}/copy" => get(course_copy::show).post(course_copy::submit),
    "/courses/{course}/export" => get(course_export::send_archive),
    "/courses/{course}/archive" => post(course_change::archive),
    "/courses/{course}/restore" => post(course_change::restore),
    "/courses/{course}/order" => get(order_show::show),
    "/courses/{course}/show" => get(board_show::show),
    "/courses/{course}/meetings" => post(meeting_create::create),
    "/courses/{course}/guests" => post(course_change::set_guest_policy),
    "/courses/{course}/join-code" => post(course_change::renew_join_code),
    "/courses/{course}/members" => get(members_show::show).post(member_change::add),
    "/courses/{course}/members/add" => get(member_add::show),
    "/courses/{course}/members/{person}/admit" => post(member_change::admit),
    "/courses/{course}/members/{person}/remove" => post(member_change::remove),
    "/courses/{course}/members/{person}/restore" => post(member_change::restore),
    "/courses/{course}/teachers" => post(member_change::add_teacher),
    "/courses/{course}/group" => post(member_change::add_group),
});

/// The course that an address names, as the visitor may see it. To others it does not exist.
pub(super) async fn seen(site: &Site, page: &Page, number: &str) -> Result<CourseAccess, Error> {
    let person = &page.signed_in()?.person;
    let course: CourseId = number.parse().map_err(|_| Code::NotFound)?;
    site.store.course_access(course, person).await
}

/// The course that an address names, for its teachers who look at what is theirs alone.
pub(super) async fn taught(site: &Site, page: &Page, number: &str) -> Result<Course, Error> {
    seen(site, page, number).await?.taught()
}

/// The course that an address names, for its teachers who change something in it.
pub(super) async fn managed(site: &Site, page: &Page, number: &str) -> Result<Course, Error> {
    seen(site, page, number).await?.changed_by_teacher()
}
