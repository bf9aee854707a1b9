//! `/setup/teacher`: an account for the first teacher, and for each that follows: with a one-time
//! link to hand over (`teacher_link_show`), or with a sign-in name and password that the technician
//! tells them.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error, text};
use store::{NewPerson, PasswordHash, PersonKind};

use super::journal;
use super::owner::{Owner, OwnerForm};
use crate::auth::{self, Offer};
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/teacher.html")]
struct TeacherPage<'a> {
    page: &'a Page,
    has_problem: bool,
    /// Whether the technician gives a password instead of a link.
    by_password: bool,
    person_name: Field,
    login: Field,
    password: Field,
    again: Field,
}

impl<'a> TeacherPage<'a> {
    fn of(page: &'a Page, form: Option<&Form>) -> Self {
        let typed = |name| Field::holding(form.map_or("", |form| form.get(name)));
        Self {
            page,
            has_problem: false,
            by_password: form.is_some_and(by_password),
            person_name: typed("name"),
            login: typed("login"),
            password: Field::default(),
            again: Field::default(),
        }
    }

    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::NameEmpty | Code::NameTooLong => &mut self.person_name,
            Code::LoginEmpty | Code::LoginTooLong | Code::LoginTaken => &mut self.login,
            Code::PasswordTooShort | Code::PasswordTooLong => &mut self.password,
            Code::PasswordsDiffer => &mut self.again,
            _ => return false,
        };
        field.refuse(self.page.language, error);
        self.has_problem = true;
        true
    }
}

/// How the new teacher signs in.
enum Made {
    /// With the secret of this link, once.
    ByLink(String),
    /// With what the technician typed.
    ByPassword,
}

pub(super) async fn show(owner: Owner) -> Response {
    owner.page.show(&TeacherPage::of(&owner.page, None))
}

pub(super) async fn submit(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let form = owner.form;
    let who = &form.page.signed_in()?.person;
    let made = create(&site, &form).await;
    journal::log(who, "teacher_create", made.as_ref().err());
    match made {
        Ok(Made::ByPassword) => {
            Ok(Redirect::to(&next::noticed("/setup/teacher", "teacher.created")).into_response())
        }
        // A page of its own, which can be loaded again without making another teacher.
        Ok(Made::ByLink(token)) => Ok(Redirect::to(&format!("/setup/teacher/link/{token}")).into_response()),
        Err(error) => {
            let mut template = TeacherPage::of(&form.page, Some(&form));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn create(site: &Site, form: &Form) -> Result<Made, Error> {
    let name = text::name(form.get("name"))?;
    let mut new = NewPerson { kind: PersonKind::Teacher, name, login: None, password: None };
    if by_password(form) {
        new.login = Some(auth::checked_login(form.get("login"))?);
        let password = form.get("password");
        auth::check_password(password)?;
        if password != form.get("again") {
            return Err(Code::PasswordsDiffer.into());
        }
        new.password = Some(PasswordHash(site.auth.hash_password(password).await?));
        site.store.create_person(new).await?;
        return Ok(Made::ByPassword);
    }
    let person = site.store.create_person(new).await?;
    let token = site.auth.offer_link(person.id, Offer::Invitation).await?;
    Ok(Made::ByLink(token))
}

fn by_password(form: &Form) -> bool {
    form.get("by") == "password"
}
