//! The PeerJS dialect's transport: PeerServer's HTTP answers and its socket, under `/peerjs`.
//!
//! May use: the `peerjs` crate, `settings`, `tasks` and [`websocket`](super::websocket). Used by:
//! `run`.
//!
//! Security: the dialect is open, without signing in, to every page of every origin that a
//! browser on the network shows, `Origin: null` included. It must be: PeerJS programs are pages
//! from anywhere that know a host, a port and nothing else, so CORS answers reflect the origin
//! as PeerServer's do. Therefore it shares nothing with the class: no cookie is read or set, no
//! person, course or room is known here, ids name sockets alone, and what strangers can use up
//! (connections, memory, messages) is bounded in the broker. A technician who does not want it
//! at all switches `peerjs.enabled` off, and `/peerjs` does not exist.

mod answer;
mod cors;
mod socket;
mod switchboard;

use std::sync::Arc;

use axum::Router;
use axum::routing::any;
use base::clock::Clock;

use crate::http::routes::routes;
use crate::settings::PeerJs;
use crate::tasks::Tasks;
use switchboard::Switchboard;

/// Whether strangers may list the ids that are connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Discovery {
    /// The list is refused, PeerServer's default.
    Refused,
    /// Everybody may see it.
    Allowed,
}

/// What requests share.
#[derive(Clone)]
pub(crate) struct Shared {
    tasks: Tasks,
    switchboard: Switchboard,
    discovery: Discovery,
}

/// Starts the broker's task and answers everything under `/peerjs`; nothing if it is switched
/// off.
pub(crate) fn router(settings: &PeerJs, tasks: &Tasks, clock: Arc<dyn Clock>) -> Router {
    if !settings.enabled {
        return Router::new();
    }
    let shared = Shared {
        tasks: tasks.clone(),
        switchboard: switchboard::start(tasks, clock, broker(settings)),
        discovery: if settings.allow_discovery { Discovery::Allowed } else { Discovery::Refused },
    };
    routes().with_state(shared)
}

routes!(Shared {
    "/peerjs" => any(answer::answer),
    "/peerjs/" => any(answer::answer),
    "/peerjs/{*rest}" => any(answer::answer),
});

fn broker(settings: &PeerJs) -> peerjs::Settings {
    peerjs::Settings {
        concurrent_limit: settings.concurrent_limit,
        alive_timeout_ms: settings.alive_timeout_ms,
        expire_timeout_ms: settings.expire_timeout_ms,
        ..peerjs::Settings::default()
    }
}
