//! `POST /courses/{course}/meetings`: a teacher makes a meeting.

use axum::extract::{Path, State};
use axum::response::Response;
use base::text;

use super::course_change::back;
use super::course_show;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::refusal::Refusal;

pub(crate) async fn create(
    State(site): State<Site>,
    Path(course): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &form.page, &course).await?;
    match text::title(form.get("title")) {
        Ok(title) => {
            site.store.create_meeting(course.id, &title).await?;
            Ok(back(course.id, "meeting.created"))
        }
        Err(error) => {
            let mut field = Field::holding(form.get("title"));
            field.refuse(form.page.language, &error);
            let page = form.page.at(format!("/courses/{}", course.id));
            course_show::show_again(&site, &page, course, field, &error).await
        }
    }
}
