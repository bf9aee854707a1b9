//! `GET /api/health`: whether the daemon does its work, for the watchdog, the boot's health
//! check and people with a browser. No sign-in, no secrets.
//!
//! May use: axum. Used by: `run`.

use std::time::Instant;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use http::{StatusCode, header};
use serde::Serialize;

/// What the answer is made from.
#[derive(Clone, Debug)]
pub(crate) struct Health {
    started: Instant,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// `ok` or `failing`.
    status: &'static str,
    version: &'static str,
    uptime_seconds: u64,
}

impl Health {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now() }
    }

    async fn report(&self) -> (StatusCode, Report) {
        let report = Report {
            status: "ok",
            version: env!("CARGO_PKG_VERSION"),
            uptime_seconds: self.started.elapsed().as_secs(),
        };
        (StatusCode::OK, report)
    }
}

/// The route.
pub(crate) fn router(health: Health) -> Router {
    Router::new().route("/api/health", get(answer)).with_state(health)
}

async fn answer(State(health): State<Health>) -> impl axum::response::IntoResponse {
    let (status, report) = health.report().await;
    (status, [(header::CACHE_CONTROL, "no-store")], Json(report))
}
