//! A student hands in a text and files, or takes a file back.

use axum::extract::{Path, Request, State};
use axum::response::Response;
use base::clock::Timestamp;
use base::id::FileId;
use base::{Code, Error, limits, text};
use store::{AssignmentAccess, closed};

use super::assignment_show;
use crate::site::Site;
use crate::site::file_form::{FileForm, Rules};
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::{Refusal, accepts_html};

/// `POST /assignments/{assignment}/submission`. What counts is when the form began to arrive.
pub(super) async fn hand_in(
    State(site): State<Site>,
    Path(assignment): Path<String>,
    request: Request,
) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let page = Page::of(&site, &parts).await?;
    let seen = super::seen(&site, &page, &assignment).await?.handed_in_by_student()?;
    let standing = site.store.standing(seen.assignment.id, page.signed_in()?.person.id).await?;
    let rules = Rules {
        most_files: limits::SUBMISSION_FILES,
        too_many: Code::FilesTooMany,
        file_bytes: limits::SUBMISSION_FILE_BYTES,
        refused: closed(&seen.assignment, standing.submission.as_ref(), standing.now),
    };
    let reads = accepts_html(&parts.headers);
    let mut form = FileForm::open(Request::from_parts(parts, body)).await?;
    let page = page.at(format!("/assignments/{}", seen.assignment.id));
    match take(&site, &page, &seen, &mut form, rules, standing.now).await {
        Ok(()) => Ok(super::back(seen.assignment.id, "submission.received")),
        Err(error) => {
            form.drain().await;
            if !reads || error.code == Code::Internal {
                return Err(error.into());
            }
            assignment_show::show_refused(&site, &page, &seen, form.get("text"), &error).await
        }
    }
}

async fn take(
    site: &Site,
    page: &Page,
    seen: &AssignmentAccess,
    form: &mut FileForm,
    rules: Rules,
    begun: Timestamp,
) -> Result<(), Error> {
    form.read(site, page, rules).await?;
    let text = text::submission(form.get("text"))?;
    let person = page.signed_in()?.person.id;
    let (arrived, new) = form.take_files(person);
    let (store, assignment) = (site.store.clone(), seen.assignment.id);
    let taken = async move { store.hand_in(assignment, person, text, new, begun).await };
    site.files.keep(arrived, taken).await
}

/// `POST /assignments/{assignment}/submission/{file}/remove`. Again is harmless.
pub(super) async fn take_back(
    State(site): State<Site>,
    Path((assignment, file)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &form.page, &assignment).await?.handed_in_by_student()?;
    let file: FileId = file.parse().map_err(|_| Code::NotFound)?;
    let person = form.page.signed_in()?.person.id;
    site.store.take_back_file(seen.assignment.id, person, file).await?;
    super::files_add::sweep(&site).await;
    Ok(super::back(seen.assignment.id, "submission.removed"))
}
