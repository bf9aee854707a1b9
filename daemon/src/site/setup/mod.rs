//! The pages of the wizard: from a box that belongs to nobody to a school's class.
//!
//! Each step is one form. Before the claim nothing but the language and the claim is open; after
//! it every page is the technicians' alone. What is wrong stands beside its field, and a step that
//! was answered in another tab meanwhile is told, with what was typed still in the form.
//!
//! May use: all of `site`, `setup`. Used by: `site`.

mod box_reset;
mod box_show;
mod certificate_choose;
mod change_apply;
mod change_confirm;
mod change_follow;
mod claim_make;
mod draft_review;
mod frame;
mod gate;
pub(in crate::site) mod journal;
mod language_choose;
pub(in crate::site) mod outside;
mod owner;
mod school_name;
mod sheet_show;
mod summary;
mod teacher_create;
mod teacher_link_show;
mod time_set;
mod wifi_choose;
mod wifi_fields;
mod wired_choose;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{MethodRouter, get, post};
use base::limits;

use crate::http::routes::routes;
use crate::site::Site;
pub(super) use gate::{lead_to_setup, needs_origin};
pub(in crate::site) use owner::technician;

/// The paths of the wizard.
pub(super) fn router() -> Router<Site> {
    routes().layer(from_fn(gate::needs_origin))
}

routes!(Site {
    "/setup" => get(box_show::show),
    "/setup/language" => get(language_choose::show).post(language_choose::choose),
    "/setup/claim" => get(claim_make::show).post(claim_make::submit),
    "/setup/school" => get(school_name::show).post(school_name::submit),
    "/setup/wifi" => get(wifi_choose::show).post(wifi_choose::submit),
    "/setup/wired" => get(wired_choose::show).post(wired_choose::submit),
    "/setup/time" => get(time_set::show).post(time_set::submit),
    "/setup/certificate" => certificate(),
    "/setup/review" => get(draft_review::show),
    "/setup/apply" => post(change_apply::begin),
    "/setup/reconnect" => get(change_apply::reconnect),
    "/setup/progress" => get(change_follow::show),
    "/setup/progress/state" => get(change_follow::state),
    "/setup/roll-back" => post(change_follow::roll_back),
    "/setup/confirm" => get(change_confirm::show).post(change_confirm::confirm),
    "/setup/confirm/{key}" => get(change_confirm::show_key).post(change_confirm::confirm_key),
    "/setup/teacher" => get(teacher_create::show).post(teacher_create::submit),
    "/setup/teacher/link/{token}" => get(teacher_link_show::show),
    "/setup/sheet" => get(sheet_show::show),
    "/setup/reset" => get(box_reset::show).post(box_reset::forget),
    "/setup/restart" => post(box_reset::restart),
    "/setup/power-off" => post(box_reset::power_off),
});

/// The one form of the wizard that carries files.
fn certificate() -> MethodRouter<Site> {
    get(certificate_choose::show)
        .post(certificate_choose::submit)
        .layer(DefaultBodyLimit::max(limits::CERTIFICATE_FORM_BYTES))
}
