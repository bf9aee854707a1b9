//! `GET /metrics`: what the daemon does and costs, as OpenMetrics text, read when asked for.
//!
//! May use: everything that counts. Used by: `run`.

mod log;
mod process;
mod reading;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::{Code, Error};
use http::header;
use store::{PersonKind, Store};

use crate::auth::Auth;
use crate::http::admission::Admission;
use crate::http::counters::{Counters, TIMES_US};
use crate::http::problem::Problem;
use crate::http::routes::routes;
use crate::live;
use crate::load::Load;
use crate::problems::CardProblems;
use crate::stun_task::StunCounters;

use reading::Reading;

/// The form of the answer (OpenMetrics 1.0, 6.1).
const FORM: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that is read on asking.
#[derive(Clone)]
pub(crate) struct Metrics {
    pub(crate) auth: Auth,
    pub(crate) admission: Admission,
    pub(crate) counters: Arc<Counters>,
    pub(crate) stun: Arc<StunCounters>,
    pub(crate) store: Store,
    pub(crate) rooms: live::Handle,
    pub(crate) problems: CardProblems,
    pub(crate) load: Load,
}

routes!(Metrics { "/metrics" => get(answer), });

/// The route.
pub(crate) fn router(metrics: Metrics) -> Router {
    routes().with_state(metrics)
}

/// For programs on the box itself and for technicians: what a class does is nobody else's
/// business.
async fn answer(State(metrics): State<Metrics>, request: Request) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let visitor = metrics.auth.visitor(&parts).await?;
    let is_technician =
        visitor.signed_in.is_some_and(|signed_in| signed_in.person.kind == PersonKind::Technician);
    if !visitor.address.is_loopback() && !is_technician {
        return Err(Code::NotAllowed.into());
    }
    let mut readings = process::read();
    readings.extend(metrics.http());
    readings.extend(metrics.stun());
    readings.extend(metrics.store());
    readings.extend(metrics.rooms().await?);
    readings.push(metrics.card());
    readings.extend(log::read(&metrics.load));
    let text = reading::encode(readings).map_err(|error| Error::new(Code::Internal).because(error))?;
    Ok(([(header::CONTENT_TYPE, FORM), (header::CACHE_CONTROL, "no-store")], text).into_response())
}

impl Metrics {
    fn http(&self) -> Vec<Reading> {
        let counts = self.counters.read();
        let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"].into_iter().zip(counts.requests).collect();
        let seconds = |bound: u64| Duration::from_micros(bound).as_secs_f64();
        let bounds = TIMES_US.into_iter().map(seconds).chain([f64::INFINITY]);
        vec![
            Reading::level("kelasd_connections", "TCP connections open now", self.admission.open() as u64),
            Reading::count("kelasd_connections_accepted", "TCP connections let in", counts.accepted),
            Reading::count("kelasd_connections_refused", "TCP connections over a limit", counts.refused),
            Reading::count(
                "kelasd_handshakes_failed",
                "TLS handshakes that failed or took too long",
                counts.handshakes_failed,
            ),
            Reading::counts("kelasd_requests", "Answers by status", "status", classes),
            Reading::histogram(
                "kelasd_request_duration_seconds",
                "Time until an answer began",
                Duration::from_micros(counts.microseconds).as_secs_f64(),
                bounds.zip(counts.times).collect(),
            ),
        ]
    }

    fn stun(&self) -> Vec<Reading> {
        let counts = self.stun.read();
        let outcomes =
            vec![("answered", counts.answered), ("ignored", counts.ignored), ("limited", counts.limited)];
        vec![Reading::counts("kelasd_stun_datagrams", "STUN datagrams by outcome", "outcome", outcomes)]
    }

    fn store(&self) -> Vec<Reading> {
        let counts = self.store.statistics();
        let waiting = self.store.queue_length() as u64;
        vec![
            Reading::level("kelasd_store_waiting_jobs", "Jobs that wait for the writer now", waiting),
            Reading::count("kelasd_store_commits", "Transactions committed", counts.commits()),
            Reading::count(
                "kelasd_store_failed_commits",
                "Transactions that failed",
                counts.failed_commits(),
            ),
            Reading::count("kelasd_store_jobs", "Jobs in committed transactions", counts.jobs()),
            Reading::count(
                "kelasd_store_refused_jobs",
                "Jobs refused because the queue was full",
                counts.refused_jobs(),
            ),
            Reading::seconds(
                "kelasd_store_commit_seconds",
                "Time spent in COMMIT",
                Duration::from_micros(counts.commit_microseconds()).as_secs_f64(),
            ),
        ]
    }

    fn card(&self) -> Reading {
        let codes = self.problems.by_code().into_iter().map(|(code, there)| (code, u64::from(there)));
        let about = "Whether something is wrong with the card, by code";
        Reading::levels("kelasd_card_problem", about, "code", codes.collect())
    }

    async fn rooms(&self) -> base::Result<Vec<Reading>> {
        let counts = self.rooms.counts().await?;
        let level = |name, about, value: usize| Reading::level(name, about, value as u64);
        Ok(vec![
            level("kelasd_rooms", "Live rooms open now", counts.rooms),
            level("kelasd_room_connections", "Connections of live rooms", counts.connections),
            level(
                "kelasd_participants",
                "Participants of live rooms, without bots",
                counts.participants.saturating_sub(counts.bots),
            ),
            level("kelasd_bots", "Bots in live rooms", counts.bots),
            level("kelasd_waiting", "People in lobbies", counts.waiting),
            level("kelasd_replay_bytes", "Bytes kept for clients that resume", counts.replay_bytes),
        ])
    }
}
