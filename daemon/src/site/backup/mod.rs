//! The technician's pages of backups: everything as one file, and a box that runs by such a file.
//!
//! The way back is open on a box that belongs to nobody too, beside the wizard: whoever could claim it
//! can bring its data. What is uploaded streams to the card, is looked through by a task that the page
//! follows, and takes the place of what is in use only after a word.
//!
//! May use: all of `site`, `backup`. Used by: `site`.

mod backup_make;
mod bringer;
mod copy_restore;
mod restore_decide;
mod restore_show;
mod restore_upload;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};

use super::Site;
use super::setup::needs_origin;
use crate::http::body::by_rate;
use crate::http::routes::routes;

/// The routes, which only a page of this box may use to change something.
pub(super) fn router() -> Router<Site> {
    routes().layer(from_fn(needs_origin))
}

routes!(Site {
    "/setup/backup" => get(backup_make::show).post(backup_make::make),
    "/setup/restore" => get(restore_show::show)
        .post(restore_upload::upload)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(by_rate)),
    "/setup/restore/copy" => post(copy_restore::begin),
    "/setup/restore/decide" => post(restore_decide::decide),
    "/setup/restore/give-up" => post(restore_decide::give_up),
});
