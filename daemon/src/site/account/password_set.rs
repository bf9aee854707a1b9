//! `/account/password`: one's own sign-in name and password; for everybody but guests, over HTTPS.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use store::{Account, PasswordHash, Person, PersonKind};

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
    fn empty(page: &'a Page, next: &'a str, account: &Account) -> Self {
        let login = account.person.login.as_deref();
        Self {
            page,
            next,
            has_problem: false,
            has_password: account.has_password,
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

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Query(next): Query<Next>,
) -> Result<Response, Refusal> {
    let account = owner(&site, &page).await?;
    Ok(page.show(&PasswordPage::empty(&page, next.local(), &account)))
}

pub(crate) async fn submit(State(site): State<Site>, form: Form) -> Result<Response, Refusal> {
    let account = owner(&site, &form.page).await?;
    match save(&site, &form, &account.person).await {
        Ok(()) => Ok(Redirect::to(&next::noticed(form.next(), "password.saved")).into_response()),
        Err(error) => {
            let mut template = PasswordPage::empty(&form.page, form.next(), &account);
            template.login = Field::holding(form.get("login"));
            template.has_problem = true;
            let Some(field) = template.field(&error) else { return Err(error.into()) };
            field.refuse(form.page.language, &error);
            Ok(form.page.show_error(&error, &template))
        }
    }
}

/// Whose password it is. `not_allowed` for guests, who are gone after the lesson; `needs_https`.
async fn owner(site: &Site, page: &Page) -> Result<Account, Error> {
    let person = &page.signed_in()?.person;
    if person.kind == PersonKind::Guest {
        return Err(Code::NotAllowed.into());
    }
    if page.is_plain() {
        return Err(Code::NeedsHttps.into());
    }
    site.store.account(person.id).await?.ok_or_else(|| Code::NotFound.into())
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
