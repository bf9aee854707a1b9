//! The page of a live room.

mod room_show;

use axum::routing::get;

use super::Site;
use crate::http::routes::routes;

routes!(Site { "/rooms/{meeting}" => get(room_show::show), });
