//! `/account/password`: a teacher's or technician's own sign-in name and password.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use store::{PasswordHash, Person};

use super::sign_in::Next;
use crate::auth;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "account/password.html")]
struct PasswordPage<'a> {
    page: &'a Page,
    next: &'a str,
    has_problem: bool,
    /// Whether the current password must be given.
    has_password: bool,
    login: Field,
    current: Field,
    password: Field,
    again: Field,
}

impl<'a> PasswordPage<'a> {
    fn empty(page: &'a Page, next: &'a str, person: &Person) -> Self {
        let login = person.login.as_deref();
        Self {
            page,
            next,
            has_problem: false,
            has_password: login.is_some(),
            login: Field::holding(login.unwrap_or_default()),
            current: Field::default(),
            password: Field::default(),
            again: Field::default(),
        }
    }

    fn field(&mut self, error: &Error) -> Option<&mut Field> {
        match error.code {
            Code::LoginEmpty | Code::LoginTooLong | Code::LoginTaken => Some(&mut self.login),
            Code::PasswordWrong | Code::SignInThrottled => Some(&mut self.current),
            Code::PasswordTooShort | Code::PasswordTooLong => Some(&mut self.password),
            Code::PasswordsDiffer => Some(&mut self.again),
            _ => None,
        }
    }
}

pub(crate) async fn show(page: Page, Query(next): Query<Next>) -> Result<Response, Refusal> {
    let person = staff(&page)?;
    Ok(page.show(&PasswordPage::empty(&page, next.local(), person)))
}

pub(crate) async fn submit(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let person = staff(&form.page)?;
    match save(&site, &form, person).await {
        Ok(()) => Ok(Redirect::to(&next::noticed(form.next(), "password.saved")).into_response()),
        Err(error) => {
            let mut template = PasswordPage::empty(&form.page, form.next(), person);
            template.login = Field::holding(form.get("login"));
            template.has_problem = true;
            let Some(field) = template.field(&error) else { return Err(error.into()) };
            field.refuse(form.page.language, &error);
            Ok(form.page.show_error(&error, &template))
        }
    }
}

fn staff(page: &Page) -> Result<&Person, Error> {
    let person = &page.signed_in()?.person;
    if person.kind.is_staff() { Ok(person) } else { Err(Code::NotAllowed.into()) }
}

/// Other browsers are signed out: who changes a password may do so because somebody else has it.
async fn save(site: &Site, form: &Form, person: &Person) -> Result<(), Error> {
    let login = auth::checked_login(form.get("login"))?;
    let password = form.get("password");
    auth::check_password(password)?;
    if password != form.get("again") {
        return Err(Code::PasswordsDiffer.into());
    }
    if !site.auth.confirm(&form.page.visitor, person, form.get("current")).await? {
        return Err(Code::PasswordWrong.into());
    }
    let hash = site.auth.hash_password(password).await?;
    site.store.set_login_and_password(person.id, &login, PasswordHash(hash)).await?;
    site.auth.end_others(form.page.signed_in()?).await
}
