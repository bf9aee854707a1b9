//! `POST /courses`: a teacher makes a course with one field, and its first meeting with it, so that
//! a class can begin at once.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::random::SystemRandom;
use base::{Code, text};
use store::NewCourse;

use super::home_show;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::next;
use crate::site::refusal::Refusal;

pub(crate) async fn create(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let person = &form.page.signed_in()?.person;
    if !person.kind.is_staff() {
        return Err(Code::NotAllowed.into());
    }
    let teacher = person.id;
    match text::title(form.get("title")) {
        Ok(title) => {
            let new = NewCourse { title, term: None };
            let first = form.page.t("meeting.first");
            let course = site.store.begin_course(new, first, teacher, &mut SystemRandom).await?;
            let address = next::noticed(&format!("/courses/{}", course.id), "course.created");
            Ok(Redirect::to(&address).into_response())
        }
        Err(error) => {
            let mut field = Field::holding(form.get("title"));
            field.refuse(form.page.language, &error);
            let page = form.page.at("/".to_owned());
            home_show::show_again(&site, &page, field, &error).await
        }
    }
}
