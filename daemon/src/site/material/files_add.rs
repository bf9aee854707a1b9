//! `POST /meetings/{meeting}/materials/files`: files in one form, without a script.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use base::{Code, Error, limits};
use store::{Meeting, NewMaterial, NewMatter};

use super::material_add;
use crate::site::Site;
use crate::site::file_form::{FileForm, Rules};
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

const RULES: Rules = Rules {
    most_files: limits::MATERIALS_PER_MEETING,
    too_many: Code::MaterialsTooMany,
    file_bytes: limits::FILE_BYTES,
    refused: None,
};

pub(super) async fn add(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let page = Page::of(&site, &parts).await?;
    let meeting = meeting::managed(&site, &page, &meeting).await?;
    let mut form = FileForm::open(Request::from_parts(parts, body)).await?;
    let page = page.at(format!("/meetings/{}/materials", meeting.id));
    match take(&site, &page, &meeting, &mut form).await {
        Ok(()) => Ok(super::back(&meeting, "material.added")),
        Err(error) => {
            form.drain().await;
            material_add::show_refused_files(&site, &page, &meeting, error).await
        }
    }
}

async fn take(site: &Site, page: &Page, meeting: &Meeting, form: &mut FileForm) -> Result<(), Error> {
    form.read(site, page, RULES).await?;
    let (arrived, new) = form.take_files(page.signed_in()?.person.id);
    if new.is_empty() {
        return Err(Code::FileMissing.into());
    }
    for (arrived, new) in arrived.into_iter().zip(new) {
        let new = NewMaterial { title: None, matter: NewMatter::File(new) };
        let (store, meeting) = (site.store.clone(), meeting.id);
        site.files.keep(vec![arrived], async move { store.add_material(meeting, new, None).await }).await?;
    }
    Ok(())
}
