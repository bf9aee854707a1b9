//! `GET /api/health`: whether the daemon does its work, for the watchdog, the boot's health
//! check and people with a browser. No sign-in, no secrets.
//!
//! May use: `store`, `live`, `problems`, axum. Used by: `run`, `watchdog`.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use base::Result;
use base::clock::Stopwatch;
use http::{StatusCode, header};
use serde::Serialize;
use store::Store;

use crate::http::routes::routes;
use crate::live;
use crate::problems::CardProblems;

/// Asks the parts without which the daemon is of no use.
#[derive(Clone)]
pub(crate) struct Health {
    started: Stopwatch,
    store: Store,
    rooms: live::Handle,
    problems: CardProblems,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    /// `ok` or `failing`.
    status: &'static str,
    version: &'static str,
    uptime_seconds: u64,
    /// `ok`, or the code of its error.
    store: &'static str,
    /// The same of the live rooms.
    rooms: &'static str,
    /// Codes of what is wrong with the card. The daemon does its work all the same.
    problems: Vec<String>,
}

impl Health {
    /// Uptime counts from here.
    pub(crate) fn new(store: Store, rooms: live::Handle, problems: CardProblems) -> Self {
        Self { started: Stopwatch::start(), store, rooms, problems }
    }

    /// Waits for a sign of life, two seconds at most.
    pub(crate) async fn check(&self) -> Result<()> {
        self.store.health().await?;
        self.rooms.alive().await
    }
}

routes!(Health { "/api/health" => get(answer), });

/// The route.
pub(crate) fn router(health: Health) -> Router {
    routes().with_state(health)
}

async fn answer(State(health): State<Health>) -> impl IntoResponse {
    let (store, rooms) = (health.store.health().await, health.rooms.alive().await);
    let (code, status) = match (&store, &rooms) {
        (Ok(()), Ok(())) => (StatusCode::OK, "ok"),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "failing"),
    };
    let report = Report {
        status,
        version: env!("CARGO_PKG_VERSION"),
        uptime_seconds: health.started.elapsed().as_secs(),
        store: outcome(store),
        rooms: outcome(rooms),
        problems: health.problems.now().iter().map(|problem| problem.code.clone()).collect(),
    };
    (code, [(header::CACHE_CONTROL, "no-store")], Json(report))
}

fn outcome(part: Result<()>) -> &'static str {
    part.map_or_else(|error| error.code.name(), |()| "ok")
}
