//! `GET /api/rooms/{meeting}/live`: `kelas.v1` over a WebSocket.

use axum::Extension;
use axum::extract::{Request, State};
use axum::response::Response;
use hyper::upgrade::OnUpgrade;

use super::hub_task::Opening;
use super::routes::{Live, Room};
use super::websocket;
use crate::auth::SignedIn;
use crate::http::peer::Peer;
use crate::http::problem::Problem;

/// The subprotocol (RFC 6455, 1.9) of `docs/PROTOCOL.md`.
pub(super) const SUBPROTOCOL: &str = "kelas.v1";

/// Upgrades the connection of somebody who may enter.
pub(super) async fn open(
    State(live): State<Live>,
    Room(meeting): Room,
    Extension(peer): Extension<Peer>,
    signed_in: SignedIn,
    mut request: Request,
) -> Result<Response, Problem> {
    let opening = live.opening(meeting, &signed_in, &peer).await?;
    let (response, upgrade) = websocket::accept(&mut request, Some(SUBPROTOCOL))?;
    let tasks = live.tasks.clone();
    tasks.spawn("live socket", carry(live, opening, upgrade));
    Ok(response)
}

async fn carry(live: Live, opening: Opening, upgrade: OnUpgrade) {
    let (connection, outgoing) = live.open(opening).await;
    // Idle connections are many: none keeps more alive than it needs.
    drop(live);
    websocket::serve(upgrade, outgoing, connection).await;
}
