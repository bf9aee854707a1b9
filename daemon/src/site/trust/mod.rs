//! How safe the connection is, and the certificate.

mod trust_show;

use axum::routing::get;

use super::Site;
use crate::http::routes::routes;

routes!(Site { "/trust" => get(trust_show::show), });
