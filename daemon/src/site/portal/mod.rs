//! The page that a phone opens by itself when it joins the Wi-Fi, and what keeps the class out of
//! the small browser that it opens it in.

mod portal_show;
pub(crate) mod small_browser;
mod station_continue;

use axum::routing::get;

use super::Site;
use crate::http::routes::routes;

routes!(Site {
    crate::portal::PATH => get(portal_show::show).post(station_continue::submit),
});
