//! `/setup/reset`: the box forgets everything and belongs to nobody again; beside it, starting
//! the machine anew and turning it off.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::{Code, Error};

use super::journal;
use super::owner::{Owner, OwnerForm};
use crate::setup::Kept;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/reset.html")]
struct ResetPage<'a> {
    page: &'a Page,
    /// Says what has to be typed.
    asks_for: String,
    /// Whether the machine is ours to command.
    is_ours: bool,
    /// Whether there is a password to ask for.
    has_password: bool,
    /// A sentence that belongs to no field.
    problem: Option<String>,
    has_problem: bool,
    confirmation: Field,
    password: Field,
}

impl<'a> ResetPage<'a> {
    fn new(site: &Site, page: &'a Page, kept: &Kept) -> Result<Self, Error> {
        Ok(Self {
            page,
            asks_for: page.fill("reset.confirmation", "name", &box_name(kept)),
            is_ours: site.setup.host().is_ours(),
            has_password: page.signed_in()?.person.login.is_some(),
            problem: None,
            has_problem: false,
            confirmation: Field::default(),
            password: Field::default(),
        })
    }

    fn refuse(&mut self, error: &Error) {
        let language = self.page.language;
        self.has_problem = true;
        match error.code {
            Code::ConfirmationWrong => self.confirmation.refuse(language, error),
            Code::PasswordWrong | Code::SignInThrottled => self.password.refuse(language, error),
            _ => self.problem = Some(language.error(error)),
        }
    }
}

/// What the machine does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Forget,
    Restart,
    PowerOff,
}

impl Ending {
    const fn name(self) -> &'static str {
        match self {
            Self::Forget => "forget",
            Self::Restart => "restart",
            Self::PowerOff => "power_off",
        }
    }
}

#[derive(Template)]
#[template(path = "setup/ending.html")]
struct EndingPage<'a> {
    page: &'a Page,
    title: &'static str,
    lead: &'static str,
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Result<Response, Refusal> {
    Ok(owner.page.show(&ResetPage::new(&site, &owner.page, &owner.kept)?))
}

pub(super) async fn forget(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    let asked = asked_twice(&site, &form, &kept).await;
    end(&site, &form, &kept, Ending::Forget, asked).await
}

pub(super) async fn restart(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    end(&site, &owner.form, &owner.kept, Ending::Restart, Ok(())).await
}

pub(super) async fn power_off(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    end(&site, &owner.form, &owner.kept, Ending::PowerOff, Ok(())).await
}

/// The box's name is typed and the password is the technician's own.
async fn asked_twice(site: &Site, form: &Form, kept: &Kept) -> Result<(), Error> {
    let name = box_name(kept);
    if !form.get("confirmation").trim().eq_ignore_ascii_case(&name) {
        return Err(Error::new(Code::ConfirmationWrong).with("name", name));
    }
    let person = &form.page.signed_in()?.person;
    if !site.auth.confirm(&form.page.visitor, person, form.get("password")).await? {
        return Err(Code::PasswordWrong.into());
    }
    Ok(())
}

async fn end(
    site: &Site,
    form: &Form,
    kept: &Kept,
    ending: Ending,
    asked: Result<(), Error>,
) -> Result<Response, Refusal> {
    let host = site.setup.host();
    let ended = match (asked, ending) {
        (Err(error), _) => Err(error),
        (Ok(()), Ending::Forget) => host.forget().await,
        (Ok(()), Ending::Restart) => host.restart().await,
        (Ok(()), Ending::PowerOff) => host.power_off().await,
    };
    let page = &form.page;
    journal::log(&page.signed_in()?.person, ending.name(), ended.as_ref().err());
    if let Err(error) = ended {
        let mut template = ResetPage::new(site, page, kept)?;
        template.confirmation = Field::holding(form.get("confirmation"));
        template.refuse(&error);
        return Ok(page.show_error(&error, &template));
    }
    let text = |part: &str| page.t(&format!("ending.{}.{part}", ending.name()));
    Ok(page.show(&EndingPage { page, title: text("title"), lead: text("lead") }))
}

/// As the wizard has named it.
fn box_name(kept: &Kept) -> String {
    let school =
        kept.in_force.as_ref().and_then(|draft| draft.school.as_ref()).or(kept.draft.school.as_ref());
    school.map_or_else(|| "kelas".to_owned(), |school| school.box_name.to_string())
}
