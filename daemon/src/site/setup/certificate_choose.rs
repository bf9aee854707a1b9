//! `/setup/certificate`: by which certificate devices trust the box.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::frame::{self, Frame};
use super::owner::{Owner, OwnerForm};
use crate::setup::{CertificateAnswer, Draft, Step};
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/certificate.html")]
struct CertificatePage<'a> {
    page: &'a Page,
    frame: Frame,
    fingerprint: String,
}

impl<'a> CertificatePage<'a> {
    fn new(site: &Site, page: &'a Page, draft: &Draft) -> Self {
        Self {
            page,
            frame: Frame::new(site, Step::Certificate, draft),
            fingerprint: site.certificates.authority().fingerprint(),
        }
    }
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    owner.page.show(&CertificatePage::new(&site, &owner.page, &owner.kept.draft))
}

pub(super) async fn submit(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    let answer = |draft: &mut Draft| draft.certificate = Some(CertificateAnswer::Own);
    match frame::keep(&site, &form, Step::Certificate, answer).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut template = CertificatePage::new(&site, &form.page, &kept.draft);
            if !template.frame.refuse(form.page.language, &error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}
