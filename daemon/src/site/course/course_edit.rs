//! `/courses/{course}/edit`: a teacher renames a course, says when it is taught, and finds there
//! how to copy it or put it away.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use store::Course;

use super::course_change::back;
use super::course_fields::{self, CourseFields};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/edit.html")]
struct EditPage<'a> {
    page: &'a Page,
    course: &'a Course,
    fields: CourseFields,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &page, &course).await?;
    let fields = CourseFields::holding(&course.title, course.term.as_deref());
    Ok(page.show(&EditPage { page: &page, course: &course, fields }))
}

pub(crate) async fn submit(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    match course_fields::read(&form) {
        Ok(new) => {
            site.store.set_course(course.id, &new.title, new.term.as_deref()).await?;
            Ok(back(course.id, "course.saved"))
        }
        Err(error) => {
            let mut fields = CourseFields::sent(&form);
            if !fields.refuse(&form.page, &error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &EditPage { page: &form.page, course: &course, fields }))
        }
    }
}
