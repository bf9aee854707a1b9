//! Who may see the load log: technicians and teachers.

use axum::extract::{FromRequest, FromRequestParts, Request};
use base::{Code, Error};
use http::request::Parts;

use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// A technician or teacher who looks at a page.
pub(super) struct Staff(pub(super) Page);

/// A technician or teacher who sends a form.
pub(super) struct StaffForm(pub(super) Form);

/// `sign_in_required` for strangers, `not_allowed` for students and guests.
fn check(page: &Page) -> Result<(), Error> {
    if page.signed_in()?.person.kind.is_staff() { Ok(()) } else { Err(Code::NotAllowed.into()) }
}

impl FromRequestParts<Site> for Staff {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Refusal> {
        let page = Page::of(site, parts).await?;
        check(&page)?;
        Ok(Self(page))
    }
}

impl FromRequest<Site> for StaffForm {
    type Rejection = Refusal;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Refusal> {
        let form = Form::from_request(request, site).await?;
        check(&form.page)?;
        Ok(Self(form))
    }
}
