//! `/setup/certificate`: by which certificate devices trust the box: its own authority's, which
//! each installs once, or one that the school brings.
//!
//! What is uploaded is in force at once and needs no review: it can lock nobody out, because an
//! address in place of a name always gets the box's own.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use trust::SchoolCertificate;

use super::frame::{self, Frame};
use super::journal;
use super::owner::{Owner, OwnerForm};
use crate::setup::{CertificateAnswer, Draft, Step};
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/certificate.html")]
struct CertificatePage<'a> {
    page: &'a Page,
    frame: Frame,
    fingerprint: String,
    /// The school's that is in force.
    school: Option<Arc<SchoolCertificate>>,
    /// Whether one is kept, in force or not.
    keeps_school: bool,
    chain: Field,
    /// Never filled in: a private key is not sent back.
    key: Field,
}

impl<'a> CertificatePage<'a> {
    fn new(site: &Site, page: &'a Page, draft: &Draft) -> Self {
        Self {
            page,
            frame: Frame::new(site, Step::Certificate, draft),
            fingerprint: site.certificates.authority().fingerprint(),
            school: site.certificates.school(),
            keeps_school: site.certificates.keeps_school(),
            chain: Field::default(),
            key: Field::default(),
        }
    }

    fn until(&self, school: &SchoolCertificate) -> String {
        self.page.language.date(school.valid_until)
    }

    /// Puts the error where it belongs; `false` if that is not on this page.
    fn refuse(&mut self, error: &Error) -> bool {
        let language = self.page.language;
        let field = match error.code {
            Code::CertificateTooLarge
            | Code::CertificateMissing
            | Code::CertificateUnreadable
            | Code::CertificateIsAuthority
            | Code::CertificateSelfSigned
            | Code::CertificateNotYetValid
            | Code::CertificateExpired
            | Code::CertificateNameForeign
            | Code::ChainIncomplete
            | Code::ChainBroken => &mut self.chain,
            Code::KeyMissing
            | Code::KeyEncrypted
            | Code::KeyUnreadable
            | Code::KeyTypeUnsupported
            | Code::KeyMismatch => &mut self.key,
            _ => return self.frame.refuse(language, error),
        };
        field.refuse(language, error);
        self.frame.is_wrong = true;
        true
    }
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    owner.page.show(&CertificatePage::new(&site, &owner.page, &owner.kept.draft))
}

pub(super) async fn submit(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    let done = match form.get("action") {
        "install" => install(&site, &form).await,
        "remove" => remove(&site, &form).await,
        _ => go_on(&site, &form).await,
    };
    match done {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut template = CertificatePage::new(&site, &form.page, &kept.draft);
            template.chain = Field::holding(form.get("chain"));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn go_on(site: &Site, form: &Form) -> Result<Response, Error> {
    let answer = answer(site);
    frame::keep(site, form, Step::Certificate, move |draft| draft.certificate = Some(answer)).await
}

async fn install(site: &Site, form: &Form) -> Result<Response, Error> {
    let text = |typed, file| format!("{}\n{}", form.get(typed), form.get(file));
    let installed =
        site.certificates.install_school(text("chain", "chain_file"), text("key", "key_file")).await;
    tell(form, "certificate_install", installed.as_ref().err())?;
    installed?;
    note(site).await?;
    Ok(Redirect::to(&next::noticed(Step::Certificate.path(), "certificate.installed")).into_response())
}

async fn remove(site: &Site, form: &Form) -> Result<Response, Error> {
    let removed = site.certificates.remove_school().await;
    tell(form, "certificate_remove", removed.as_ref().err())?;
    removed?;
    note(site).await?;
    Ok(Redirect::to(&next::noticed(Step::Certificate.path(), "certificate.removed")).into_response())
}

/// What is in force is also what was answered.
async fn note(site: &Site) -> Result<(), Error> {
    let answer = answer(site);
    let change = move |draft: &mut Draft| draft.certificate = draft.certificate.is_some().then_some(answer);
    site.setup
        .change_kept(move |kept| {
            change(&mut kept.draft);
            kept.in_force.as_mut().map(change);
        })
        .await?;
    Ok(())
}

fn answer(site: &Site) -> CertificateAnswer {
    if site.certificates.school().is_some() { CertificateAnswer::Schools } else { CertificateAnswer::Own }
}

/// For the journal: who did what, and what came of it.
fn tell(form: &Form, what: &'static str, error: Option<&Error>) -> Result<(), Error> {
    let who = &form.page.signed_in()?.person;
    journal::log(who, what, error);
    Ok(())
}
