//! `/setup/teacher/link/{token}`: the one-time link of a teacher, for the technician to hand over.
//! Looking at it costs nothing; once the teacher has used it, there is nothing more to show.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Code;
use store::PersonKind;

use super::outside;
use super::owner::Owner;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::reach::qr;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/teacher_link.html")]
struct LinkPage<'a> {
    page: &'a Page,
    name: &'a str,
    address: String,
    qr: String,
}

/// `link_unknown` also for what is no teacher's: this page tells nobody's name but theirs.
pub(super) async fn show(
    State(site): State<Site>,
    owner: Owner,
    Path(token): Path<String>,
) -> Result<Response, Refusal> {
    let page = owner.page;
    let teacher = site.auth.link(&page.visitor, &token).await?;
    if teacher.kind != PersonKind::Teacher {
        return Err(Code::LinkUnknown.into());
    }
    let address = format!("{}/link/{token}", outside::secure_address(&site, &page));
    Ok(page.show(&LinkPage { page: &page, name: &teacher.name, qr: qr(&address), address }))
}
