//! `/join`: into a course with its code and, for strangers, a name: one form.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error, text};
use store::{Course, CourseRole};

use super::home_show;
use crate::site::Site;
use crate::site::account::redirect_with;
use crate::site::form::{Field, Form};
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/join.html")]
struct JoinPage<'a> {
    page: &'a Page,
    next: &'a str,
    sign_in_address: String,
    /// The course's title, when the code is known.
    course_title: Option<String>,
    has_problem: bool,
    code: Field,
    person_name: Field,
}

impl<'a> JoinPage<'a> {
    fn new(page: &'a Page, next: &'a str, code: &str, name: &str) -> Self {
        Self {
            page,
            next,
            sign_in_address: next::with("/sign-in", next),
            course_title: None,
            has_problem: false,
            code: Field::holding(code),
            person_name: Field::holding(name),
        }
    }

    /// Puts the error by the field that it is about. False if it is about neither.
    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::NameEmpty | Code::NameTooLong => &mut self.person_name,
            Code::JoinCodeUnknown
            | Code::GuestsRefused
            | Code::CourseArchived
            | Code::MemberRemoved
            | Code::SignInThrottled => &mut self.code,
            _ => return false,
        };
        field.refuse(self.page.language, error);
        self.has_problem = true;
        true
    }
}

/// The start page of a stranger.
pub(super) fn welcome(page: &Page, next: &str) -> Response {
    page.show(&JoinPage::new(page, next, "", ""))
}

/// `GET /join/{code}`, which the QR code opens.
pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(code): Path<String>,
) -> Result<Response, Refusal> {
    let code = text::join_code(&code);
    let mut template = JoinPage::new(&page, "/", &code, "");
    match site.auth.course_by_code(&page.visitor, &code).await {
        Ok(course) => {
            if let Some(signed_in) = &page.visitor.signed_in
                && site.store.membership(course.id, signed_in.person.id).await?.is_some()
            {
                return Ok(Redirect::to(&format!("/courses/{}", course.id)).into_response());
            }
            template.course_title = Some(course.title);
            Ok(page.show(&template))
        }
        Err(error) if template.refuse(&error) => Ok(page.show_error(&error, &template)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /join`.
pub(crate) async fn join(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    match take_in(&site, &form).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut template = JoinPage::new(&form.page, form.next(), form.get("code"), form.get("name"));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn take_in(site: &Site, form: &Form) -> Result<Response, Error> {
    let visitor = &form.page.visitor;
    if let Some(signed_in) = &visitor.signed_in {
        let course = site.auth.course_by_code(visitor, form.get("code")).await?;
        let membership = site.store.join_course_as(course.id, signed_in.person.id).await?;
        return Ok(Redirect::to(&goal(site, form, &course, membership.role).await?).into_response());
    }
    // The name first: a mistake in it must not count as a guess of the code.
    let name = text::name(form.get("name"))?;
    let course = site.auth.course_by_code(visitor, form.get("code")).await?;
    let (joined, cookie) = site.auth.join(visitor, course.id, &name).await?;
    Ok(redirect_with(cookie, &goal(site, form, &course, joined.role).await?))
}

/// Where somebody who joined wants to be: the newest meeting's room, or the course.
async fn goal(site: &Site, form: &Form, course: &Course, role: CourseRole) -> Result<String, Error> {
    if form.next() != "/" {
        return Ok(form.next().to_owned());
    }
    if let Some(meeting) = home_show::newest_published(site, course.id).await? {
        return Ok(format!("/rooms/{}", meeting.id));
    }
    let notice = if role == CourseRole::Guest { "join.waiting" } else { "join.done" };
    Ok(next::noticed(&format!("/courses/{}", course.id), notice))
}
