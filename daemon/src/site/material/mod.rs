//! Materials of a meeting: shown on its page, added, changed, and their files sent and fetched.
//!
//! A file comes in one of two ways. A form brings it in one request, which works everywhere; a
//! script, or any other program, uses tus 1.0 (<https://tus.io/protocols/resumable-upload>), which
//! survives a lost Wi-Fi and a restart of the box.

mod file_show;
mod files_add;
pub(super) mod markdown;
pub(super) mod material_add;
mod material_change;
mod material_edit;
pub(super) mod section;
pub(super) mod upload_begin;
mod upload_continue;

use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{get, head, options, post};
use base::id::MaterialId;
use base::{Code, Error, limits};
use store::{Material, Meeting, StoredFile};

use super::Site;
use super::meeting;
use super::page::Page;
use crate::http::body::by_rate;
use crate::http::routes::routes;
pub(super) use section::{Look, Section, section};

routes!(Site {
    "/meetings/{meeting}/materials" => get(material_add::show),
    "/meetings/{meeting}/materials/text" =>
        post(material_add::add_text).layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/meetings/{meeting}/materials/link" => post(material_add::add_link),
    "/meetings/{meeting}/materials/files" =>
        post(files_add::add).layer(DefaultBodyLimit::disable()).layer(from_fn(by_rate)),
    "/meetings/{meeting}/uploads" => options(upload_begin::tell).post(upload_begin::begin),
    "/uploads/{upload}" => head(upload_continue::tell)
        .patch(upload_continue::go_on)
        .delete(upload_continue::give_up)
        .layer(from_fn(by_rate)),
    "/materials/{material}" => get(material_edit::show)
        .post(material_edit::save)
        .layer(DefaultBodyLimit::max(limits::MATERIAL_FORM_BYTES)),
    "/materials/{material}/move" => post(material_change::shift),
    "/materials/{material}/delete" => post(material_change::delete),
    "/files/{file}/{name}" => get(file_show::show),
});

/// The material that an address names, and its meeting, for teachers who change something there.
async fn managed(site: &Site, page: &Page, number: &str) -> Result<(Material, Meeting), Error> {
    page.signed_in()?;
    let material: MaterialId = number.parse().map_err(|_| Code::NotFound)?;
    let material = site.store.material(material).await?.ok_or(Code::NotFound)?;
    let meeting = meeting::managed(site, page, &material.meeting.to_string()).await?;
    Ok((material, meeting))
}

/// Where a file is fetched. The name is for people who look at the address, and is not asked.
fn address(file: &StoredFile) -> String {
    format!("/files/{}/{}", file.id, super::next::encode(&file.name))
}

/// Back to the materials of a meeting.
fn back(meeting: &Meeting, notice: &str) -> Response {
    meeting::back(meeting.id, notice)
}
