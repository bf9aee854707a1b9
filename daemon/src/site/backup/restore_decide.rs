//! `POST /setup/restore/decide`: the box runs by what was looked through; `…/give-up`: it does not.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderMap, HeaderValue, header};

use super::bringer::Bringer;
use super::restore_show::refused;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "backup/going.html")]
struct GoingPage<'a> {
    page: &'a Page,
}

pub(super) async fn decide(
    State(site): State<Site>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    let page = &form.page;
    let bringer = Bringer::of(&site, page, &headers).await?;
    bringer.check_token(page, form.get("form_token"))?;
    let decided = match bringer.check_proof(&site, page, form.get("proof")).await {
        Ok(()) => site.backup.decide().await,
        Err(error) => Err(error),
    };
    match decided {
        Ok(()) => {
            tracing::info!(who = Bringer::name(page), what = "restore", result = "done", "applied");
            let mut response = page.show(&GoingPage { page });
            response.headers_mut().insert(header::REFRESH, HeaderValue::from_static("20; url=/"));
            Ok(response)
        }
        Err(error) => {
            tracing::warn!(who = Bringer::name(page), what = "restore", result = %error, "not applied");
            let page = form.page.at("/setup/restore".to_owned());
            refused(&site, &page, &bringer, error)
        }
    }
}

pub(super) async fn give_up(
    State(site): State<Site>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    let bringer = Bringer::of(&site, &form.page, &headers).await?;
    bringer.check_token(&form.page, form.get("form_token"))?;
    match site.backup.give_up().await {
        Ok(()) => Ok(Redirect::to("/setup/restore").into_response()),
        Err(error) => {
            let page = form.page.at("/setup/restore".to_owned());
            refused(&site, &page, &bringer, error)
        }
    }
}
