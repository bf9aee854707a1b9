//! `/account`: who one is here, and the ways out.

use askama::Template;
use axum::response::Response;
use store::PersonKind;

use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "account/show.html")]
struct AccountPage<'a> {
    page: &'a Page,
    name: &'a str,
    role: &'static str,
    /// Whether this person signs in with a password.
    has_login: bool,
    login: Option<&'a str>,
}

pub(crate) async fn show(page: Page) -> Result<Response, Refusal> {
    let person = &page.signed_in()?.person;
    let (key, has_login) = match person.kind {
        PersonKind::Technician => ("role.technician", true),
        PersonKind::Teacher => ("role.teacher", true),
        PersonKind::Student => ("role.student", false),
        PersonKind::Guest => ("role.guest", false),
    };
    let login = person.login.as_deref();
    Ok(page.show(&AccountPage { page: &page, name: &person.name, role: page.t(key), has_login, login }))
}
