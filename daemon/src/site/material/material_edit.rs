//! `/materials/{material}`: a teacher changes a material's title and text, or deletes it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::{Code, Error, text};
use store::{Material, MaterialKind, Matter, Meeting};

use super::material_add::title;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "material/edit.html")]
struct EditPage<'a> {
    page: &'a Page,
    meeting: &'a Meeting,
    material: &'a Material,
    kind: MaterialKind,
    /// What stands above it where it has no title.
    own_title: &'a str,
    title: Field,
    text: Field,
    has_problem: bool,
}

impl<'a> EditPage<'a> {
    fn of(page: &'a Page, material: &'a Material, meeting: &'a Meeting) -> Self {
        let (kind, own_title, text) = match &material.matter {
            Matter::Text(text) => (MaterialKind::Text, page.t("material.text"), text.as_str()),
            Matter::Link(address) => (MaterialKind::Link, address.as_str(), address.as_str()),
            Matter::File(file) => (MaterialKind::File, file.name.as_str(), ""),
        };
        let title = Field::holding(material.title.as_deref().unwrap_or_default());
        let text = Field::holding(text);
        Self { page, meeting, material, kind, own_title, title, text, has_problem: false }
    }

    fn refuse(&mut self, error: &Error) -> bool {
        let field = match error.code {
            Code::TitleTooLong => &mut self.title,
            Code::MaterialEmpty | Code::MaterialTooLong | Code::LinkInvalid => &mut self.text,
            _ => return false,
        };
        field.refuse(self.page.language, error);
        self.has_problem = true;
        true
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(material): Path<String>,
) -> Result<Response, Refusal> {
    let (material, meeting) = super::managed(&site, &page, &material).await?;
    Ok(page.show(&EditPage::of(&page, &material, &meeting)))
}

pub(super) async fn save(
    State(site): State<Site>,
    Path(material): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let (material, meeting) = super::managed(&site, &form.page, &material).await?;
    let checked = || {
        let (kind, text) = match material.matter {
            Matter::Text(_) => (MaterialKind::Text, Some(text::material(form.get("text"))?)),
            Matter::Link(_) => (MaterialKind::Link, Some(text::link(form.get("text"))?)),
            Matter::File(_) => (MaterialKind::File, None),
        };
        Ok((kind, title(form.get("title"))?, text))
    };
    match checked() {
        Ok((kind, title, text)) => {
            site.store.change_material(material.id, kind, title, text).await?;
            Ok(super::back(&meeting, "material.saved"))
        }
        Err(error) => {
            let mut template = EditPage::of(&form.page, &material, &meeting);
            template.title = Field::holding(form.get("title"));
            template.text = Field::holding(form.get("text"));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}
