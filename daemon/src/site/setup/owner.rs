//! Who may see and answer the steps after the claim: a technician, over the secure address.

use axum::extract::{FromRequest, FromRequestParts, Request};
use base::{Code, Error};
use http::request::Parts;
use store::{Person, PersonKind};

use crate::setup::Kept;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// A technician who looks at a page, and what is kept.
pub(super) struct Owner {
    pub(super) page: Page,
    pub(super) kept: Kept,
}

/// A technician who sends a form, and what is kept.
pub(super) struct OwnerForm {
    pub(super) form: Form,
    pub(super) kept: Kept,
}

/// `not_set_up` while the box belongs to nobody; `sign_in_required` for strangers; `not_allowed`
/// for who is no technician.
pub(in crate::site) async fn technician<'a>(site: &Site, page: &'a Page) -> Result<&'a Person, Error> {
    if !site.setup.is_claimed().await? {
        return Err(Code::NotSetUp.into());
    }
    let person = &page.signed_in()?.person;
    if person.kind == PersonKind::Technician { Ok(person) } else { Err(Code::NotAllowed.into()) }
}

impl FromRequestParts<Site> for Owner {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let page = Page::of(site, parts).await?;
        technician(site, &page).await?;
        Ok(Self { page, kept: site.setup.kept().await? })
    }
}

impl FromRequest<Site> for OwnerForm {
    type Rejection = Refusal;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Refusal> {
        let form = Form::from_request(request, site).await?;
        technician(site, &form.page).await?;
        Ok(Self { form, kept: site.setup.kept().await? })
    }
}
