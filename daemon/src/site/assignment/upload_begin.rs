//! `POST /assignments/{assignment}/uploads`: a file in pieces begins, of the assignment or of what a
//! student hands in.

use axum::extract::{Path, State};
use axum::response::Response;
use base::limits;
use http::HeaderMap;
use store::{AssignmentAccess, closed};

use super::Adding;
use crate::site::Site;
use crate::site::material::upload_begin::{Aim, begin_for, other_version};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

pub(super) async fn begin(
    State(site): State<Site>,
    page: Page,
    Path(assignment): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    if let Some(refusal) = other_version(&headers) {
        return Ok(refusal);
    }
    let seen = super::seen(&site, &page, &assignment).await?;
    let AssignmentAccess { assignment, meeting, .. } = &seen;
    let most_bytes = match super::adding(&site, &page, assignment.id).await? {
        Adding::ToAssignment => limits::FILE_BYTES,
        Adding::ToSubmission => {
            let standing = site.store.standing(assignment.id, page.signed_in()?.person.id).await?;
            if let Some(code) = closed(assignment, standing.submission.as_ref(), standing.now) {
                return Err(code.into());
            }
            limits::SUBMISSION_FILE_BYTES
        }
    };
    let aim = Aim { meeting: meeting.id, assignment: Some(assignment.id), most_bytes };
    Ok(begin_for(&site, &page, &headers, aim).await?)
}
