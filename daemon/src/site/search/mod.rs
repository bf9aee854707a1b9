//! Searching: one field, and what somebody may see by the words in it.

mod search_show;

use axum::routing::get;

use super::Site;
use crate::http::routes::routes;

routes!(Site { "/search" => get(search_show::show), });
