//! `/courses/{course}/copy`: a teacher takes a course along into a new term.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::random::SystemRandom;
use store::Course;

use super::course_change::back;
use super::course_fields::{self, CourseFields};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/copy.html")]
struct CopyPage<'a> {
    page: &'a Page,
    course: &'a Course,
    fields: CourseFields,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let course = super::taught(&site, &page, &course).await?;
    // The term is what differs.
    let fields = CourseFields::holding(&course.title, None);
    Ok(page.show(&CopyPage { page: &page, course: &course, fields }))
}

pub(crate) async fn submit(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::taught(&site, &form.page, &course).await?;
    let teacher = form.page.signed_in()?.person.id;
    match course_fields::read(&form) {
        Ok(new) => {
            let copy = site.store.copy_course(course.id, new, teacher, &mut SystemRandom).await?;
            Ok(back(copy.id, "course.copied"))
        }
        Err(error) => {
            let mut fields = CourseFields::sent(&form);
            if !fields.refuse(&form.page, &error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &CopyPage { page: &form.page, course: &course, fields }))
        }
    }
}
