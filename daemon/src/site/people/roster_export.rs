//! `GET /people/export.csv`: the students who may sign in, as a file that comes in again the same.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, header};
use store::PersonKind;

use super::staff;
use crate::roster;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

pub(super) async fn send(State(site): State<Site>, page: Page) -> Result<Response, Refusal> {
    staff(&page)?;
    let people = site.store.roster().await?;
    let students = people.iter().filter(|person| person.kind == PersonKind::Student && person.active);
    let csv = roster::write(page.language, students.map(|person| &person.details))?;
    let mut response = csv.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::CONTENT_DISPOSITION,
        HeaderValue::from_static("attachment; filename=\"kelas-siswa.csv\""),
    );
    Ok(response)
}
