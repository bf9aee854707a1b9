//! `/account`: who one is here, on which devices, and the ways out.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::Code;
use base::id::SessionId;
use store::{PersonKind, Session};

use super::device;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "account/show.html")]
struct AccountPage<'a> {
    page: &'a Page,
    name: &'a str,
    role: &'static str,
    /// Whether this person may sign in with a password.
    may_have_password: bool,
    has_password: bool,
    /// Whether somebody who signs out has a way back to the same account.
    comes_back: bool,
    login: Option<&'a str>,
    sessions: Vec<SessionRow>,
}

struct SessionRow {
    id: SessionId,
    device: String,
    is_plain: bool,
    used: String,
    /// Whether it is the browser that looks at the page.
    is_here: bool,
}

pub(crate) async fn show(State(site): State<Site>, page: Page) -> Result<Response, Refusal> {
    let signed_in = page.signed_in()?;
    let person = &signed_in.person;
    let account = site.store.account(person.id).await?.ok_or(Code::NotFound)?;
    let key = match person.kind {
        PersonKind::Technician => "role.technician",
        PersonKind::Teacher => "role.teacher",
        PersonKind::Student => "role.student",
        PersonKind::Guest => "role.guest",
    };
    let mut sessions = site.store.sessions_of(person.id).await?;
    // This device first, then those in use.
    sessions.sort_by_key(|session| (session.id != signed_in.session, -session.used_at.0));
    Ok(page.show(&AccountPage {
        page: &page,
        name: &person.name,
        role: page.t(key),
        may_have_password: person.kind != PersonKind::Guest && !page.is_plain(),
        has_password: account.has_password,
        comes_back: person.kind.is_staff() || account.has_password || account.has_pin,
        login: person.login.as_deref(),
        sessions: sessions.into_iter().map(|session| row(&page, signed_in.session, &session)).collect(),
    }))
}

fn row(page: &Page, here: SessionId, session: &Session) -> SessionRow {
    SessionRow {
        id: session.id,
        device: device::name(&session.user_agent).unwrap_or_else(|| page.t("session.unknown").to_owned()),
        is_plain: session.transport == store::Transport::Plain,
        used: page.fill("session.used", "date", &page.language.date(session.used_at)),
        is_here: session.id == here,
    }
}
