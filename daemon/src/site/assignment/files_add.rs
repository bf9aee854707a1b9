//! A teacher gives files with an assignment, or takes one away.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use base::id::FileId;
use base::{Code, Error, limits};
use store::AssignmentAccess;

use super::pupil_list;
use crate::site::Site;
use crate::site::file_form::{FileForm, Rules};
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::{Refusal, accepts_html};

const RULES: Rules = Rules {
    most_files: limits::ASSIGNMENT_FILES,
    too_many: Code::FilesTooMany,
    file_bytes: limits::FILE_BYTES,
    refused: None,
};

/// `POST /assignments/{assignment}/files`.
pub(super) async fn add(
    State(site): State<Site>,
    Path(assignment): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let page = Page::of(&site, &parts).await?;
    let seen = super::managed(&site, &page, &assignment).await?;
    let reads = accepts_html(&parts.headers);
    let mut form = FileForm::open(Request::from_parts(parts, body)).await?;
    let page = page.at(format!("/assignments/{}", seen.assignment.id));
    match take(&site, &page, &seen, &mut form).await {
        Ok(()) => Ok(super::back(seen.assignment.id, "assignment.file_added")),
        Err(error) => {
            form.drain().await;
            if !reads || error.code == Code::Internal {
                return Err(error.into());
            }
            pupil_list::show(&site, &page, &seen, Some(&error)).await
        }
    }
}

async fn take(site: &Site, page: &Page, seen: &AssignmentAccess, form: &mut FileForm) -> Result<(), Error> {
    form.read(site, page, RULES).await?;
    let (arrived, new) = form.take_files(page.signed_in()?.person.id);
    if new.is_empty() {
        return Err(Code::FileMissing.into());
    }
    let (store, assignment) = (site.store.clone(), seen.assignment.id);
    let added = async move { store.add_assignment_files(assignment, new, None).await };
    site.files.keep(arrived, added).await
}

/// `POST /assignments/{assignment}/files/{file}/remove`. Again is harmless.
pub(super) async fn remove(
    State(site): State<Site>,
    Path((assignment, file)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &assignment).await?;
    let file: FileId = file.parse().map_err(|_| Code::NotFound)?;
    site.store.remove_assignment_file(seen.assignment.id, file).await?;
    sweep(&site).await;
    Ok(super::back(seen.assignment.id, "assignment.file_removed"))
}

/// Deletes the bytes of what was taken away. It is gone, whether its bytes go now or later.
pub(super) async fn sweep(site: &Site) {
    if let Err(error) = site.files.clean_up().await {
        tracing::warn!(%error, "the bytes of a deleted file stay until the next sweep");
    }
}
