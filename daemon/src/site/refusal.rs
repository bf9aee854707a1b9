//! A handler's error on its way to a person: a page that says it in their language, or problem
//! details for a program.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use base::{Code, Error, Kind};
use http::{HeaderMap, Method, header};

use super::Site;
use super::next;
use super::page::Page;
use crate::http::problem::{self, Problem, Told};

/// An error of a page's handler. `?` turns `base::Error` into it.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) Error);

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        Self(error)
    }
}

impl From<Code> for Refusal {
    fn from(code: Code) -> Self {
        Self(code.into())
    }
}

/// Carries the error to [`show`], which knows the request.
#[derive(Clone)]
struct Refused(Arc<std::sync::Mutex<Option<Error>>>);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = problem::status(&self.0).into_response();
        response.extensions_mut().insert(Refused(Arc::new(std::sync::Mutex::new(Some(self.0)))));
        response
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    page: &'a Page,
    title: &'a str,
    sentence: String,
    reference: Option<String>,
}

/// The layer that turns what handlers, and the check of `Origin`, refused into what the client
/// can read.
pub(super) async fn show(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let asked = parts.clone();
    let mut response = next.run(Request::from_parts(parts, body)).await;
    let refused = response.extensions_mut().remove::<Refused>();
    let error = refused
        .and_then(|refused| refused.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
    let told = response.extensions_mut().remove::<Told>().map(|Told(code)| Error::from(code));
    let Some(error) = error.or(told) else { return response };
    if !accepts_html(&asked.headers) {
        return Problem(error).into_response();
    }
    let readable = matches!(asked.method, Method::GET | Method::HEAD);
    if error.code == Code::NotSetUp {
        return Redirect::to("/setup").into_response();
    }
    if error.code == Code::SignInRequired {
        let address = if readable { asked.uri.path_and_query().map_or("/", |all| all.as_str()) } else { "/" };
        // Whoever sets the box up has a password; the start page asks for a course's code.
        let entrance = if address.starts_with("/setup") { "/sign-in" } else { "/" };
        return Redirect::to(&next::with(entrance, address)).into_response();
    }
    match Page::of_or_stranger(&site, &asked).await {
        Ok(page) => error_page(&page, &error),
        Err(_) => Problem(error).into_response(),
    }
}

fn error_page(page: &Page, error: &Error) -> Response {
    let title = match error.kind() {
        Kind::NotFound | Kind::Gone => page.t("refused.not_found"),
        Kind::Forbidden | Kind::Unauthenticated => page.t("refused.forbidden"),
        Kind::Internal | Kind::Full | Kind::Unavailable => page.t("refused.internal"),
        _ => page.t("refused.other"),
    };
    let reference = problem::report(error);
    page.respond(
        problem::status(error),
        &ErrorPage { page, title, sentence: page.language.error(error), reference },
    )
}

/// Whether a person reads the answer.
pub(super) fn accepts_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
