//! HTTP itself: accepting, TLS, limits, the way out. Knows no word of the product.
//!
//! May use: `base`, `tasks`, hyper, axum, rustls. Used by: `site`, `live`, `run`.

pub(crate) mod admission;
pub(crate) mod body;
mod connection;
pub(crate) mod counters;
pub(crate) mod finish;
pub(crate) mod listener;
pub(crate) mod origin;
pub(crate) mod peer;
mod placed;
pub(crate) mod problem;
pub(crate) mod routes;
