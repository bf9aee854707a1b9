//! `/setup/claim`: whoever holds the box first becomes its technician.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use http::{HeaderMap, header};

use super::frame::Frame;
use super::owner::technician;
use crate::auth::{Claim, Stranger};
use crate::setup::{Draft, Step};
use crate::site::Site;
use crate::site::account::redirect_with;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/claim.html")]
struct ClaimPage<'a> {
    page: &'a Page,
    frame: Frame,
    form_token: String,
    asks_for_code: bool,
    code: Field,
    person_name: Field,
    login: Field,
    password: Field,
    again: Field,
}

impl<'a> ClaimPage<'a> {
    fn new(site: &Site, page: &'a Page, stranger: &Stranger) -> Self {
        Self {
            page,
            frame: Frame::new(site, Step::Claim, &Draft::default()),
            form_token: stranger.form_token(),
            asks_for_code: site.setup.asks_for_code(),
            code: Field::default(),
            person_name: Field::default(),
            login: Field::holding(page.t("setup.claim.login_usual")),
            password: Field::default(),
            again: Field::default(),
        }
    }

    /// Puts the error by the field that it is about. False if it is about none.
    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::ClaimCodeWrong | Code::SignInThrottled => &mut self.code,
            Code::NameEmpty | Code::NameTooLong => &mut self.person_name,
            Code::LoginEmpty | Code::LoginTooLong => &mut self.login,
            Code::PasswordTooShort | Code::PasswordTooLong => &mut self.password,
            Code::PasswordsDiffer => &mut self.again,
            _ => return false,
        };
        self.frame.refuse_field(field, self.page.language, error);
        true
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if site.setup.is_claimed().await? {
        technician(&site, &page).await?;
        return Ok(Redirect::to("/setup").into_response());
    }
    if page.is_plain() {
        return Ok(Redirect::to("/setup").into_response());
    }
    let stranger = Stranger::of(&headers);
    let mut response = page.show(&ClaimPage::new(&site, &page, &stranger));
    if let Some(cookie) = stranger.cookie() {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

pub(super) async fn submit(
    State(site): State<Site>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    let stranger = Stranger::of(&headers);
    match claim(&site, &form, &stranger).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut template = ClaimPage::new(&site, &form.page, &stranger);
            template.code = Field::holding(form.get("code"));
            template.person_name = Field::holding(form.get("name"));
            template.login = Field::holding(form.get("login"));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn claim(site: &Site, form: &Form, stranger: &Stranger) -> Result<Response, Error> {
    // Somebody may have been quicker; that is told before a token is missed.
    if site.setup.is_claimed().await? {
        return Err(Code::AlreadyClaimed.into());
    }
    if form.page.is_plain() {
        return Err(Code::NeedsHttps.into());
    }
    if !stranger.sent(form.get("form_token")) {
        return Err(Code::FormStale.into());
    }
    if form.get("password") != form.get("again") {
        return Err(Code::PasswordsDiffer.into());
    }
    let claim = Claim {
        name: form.get("name"),
        login: form.get("login"),
        password: form.get("password"),
        code: form.get("code"),
    };
    let cookie = site.setup.claim(&form.page.visitor, &claim, form.page.language).await?;
    Ok(redirect_with(cookie, Step::School.path()))
}
