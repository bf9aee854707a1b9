//! `/setup/school`: whose the box is, and its name in the network.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::{Code, Error};

use super::frame::{self, Frame};
use super::owner::{Owner, OwnerForm};
use crate::host::HostName;
use crate::setup::{Draft, School, Step};
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// The name that the image gives every box.
const USUAL: &str = "kelas";

#[derive(Template)]
#[template(path = "setup/school.html")]
struct SchoolPage<'a> {
    page: &'a Page,
    frame: Frame,
    school: Field,
    box_name: Field,
}

impl<'a> SchoolPage<'a> {
    fn new(site: &Site, page: &'a Page, draft: &Draft) -> Self {
        let school = draft.school.as_ref();
        Self {
            page,
            frame: Frame::new(site, Step::School, draft),
            school: Field::holding(school.map_or("", |school| &school.name)),
            box_name: Field::holding(school.map_or(USUAL, |school| school.box_name.as_str())),
        }
    }

    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::SchoolEmpty | Code::SchoolTooLong => &mut self.school,
            Code::HostNameInvalid => &mut self.box_name,
            _ => return self.frame.refuse(self.page.language, error),
        };
        self.frame.refuse_field(field, self.page.language, error);
        true
    }
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    owner.page.show(&SchoolPage::new(&site, &owner.page, &owner.kept.draft))
}

pub(super) async fn submit(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    match answer(&site, &form).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut template = SchoolPage::new(&site, &form.page, &kept.draft);
            template.school = Field::holding(form.get("school"));
            template.box_name = Field::holding(form.get("box_name"));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn answer(site: &Site, form: &Form) -> Result<Response, Error> {
    let name = base::text::school(form.get("school"))?;
    let box_name = HostName::parse(form.get("box_name"))?;
    frame::keep(site, form, Step::School, |draft| draft.school = Some(School { name, box_name })).await
}
