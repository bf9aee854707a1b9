//! The bots' way into a room, and the teacher's way to bots: `/api/rooms/{meeting}/bots`.
//!
//! A bot shows the pass of its crew instead of a session, comes from this box itself, and is a
//! `bot` in the room, whatever stands in the database. Who may moderate the room may send bots.

use std::time::Duration;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::response::Response;
use axum::{Extension, Json};
use base::id::MeetingId;
use base::{Code, Result, limits};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use room::Identity;
use room::message::shared::Role;
use serde::Deserialize;

use super::hub_task::Opening;
use super::routes::{Live, Room};
use super::{entrance, ice, socket, websocket};
use crate::auth::SignedIn;
use crate::bots::{self, Wanted};
use crate::http::peer::{Peer, Transport};
use crate::http::problem::Problem;

/// What somebody asks for. Absent: as many as the thesis had, one a second, for ten minutes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Asked {
    #[serde(default = "seven")]
    count: usize,
    #[serde(default = "one")]
    every_s: u64,
    #[serde(default = "ten_minutes")]
    stay_s: u64,
}

const fn seven() -> usize {
    7
}

const fn one() -> u64 {
    1
}

const fn ten_minutes() -> u64 {
    600
}

/// Sends bots into the room.
pub(super) async fn start(
    State(live): State<Live>,
    Room(meeting): Room,
    signed_in: SignedIn,
    asked: Result<Json<Asked>, axum::extract::rejection::JsonRejection>,
) -> Result<(StatusCode, Json<bots::Status>), Problem> {
    moderator(&live, meeting, &signed_in).await?;
    let Json(asked) = asked.map_err(|error| base::Error::new(Code::BadRequest).because(error))?;
    // A number that does not fit is over every limit, and told as such.
    let every = Duration::from_secs(asked.every_s.min(limits::BOTS_EVERY_S + 1));
    let stay = Duration::from_secs(asked.stay_s.min(limits::BOTS_STAY_S + 1));
    live.bots.start(Wanted { meeting, count: asked.count, every, stay })?;
    Ok((StatusCode::ACCEPTED, Json(live.bots.status())))
}

/// How far they are.
pub(super) async fn show(
    State(live): State<Live>,
    Room(meeting): Room,
    signed_in: SignedIn,
) -> Result<Json<bots::Status>, Problem> {
    moderator(&live, meeting, &signed_in).await?;
    Ok(Json(live.bots.status()))
}

/// Sends them away.
pub(super) async fn stop(
    State(live): State<Live>,
    Room(meeting): Room,
    signed_in: SignedIn,
) -> Result<(StatusCode, Json<bots::Status>), Problem> {
    moderator(&live, meeting, &signed_in).await?;
    live.bots.stop();
    Ok((StatusCode::ACCEPTED, Json(live.bots.status())))
}

async fn moderator(live: &Live, meeting: MeetingId, signed_in: &SignedIn) -> Result<()> {
    match entrance::of(&live.store, meeting, signed_in).await?.role {
        Role::Teacher => Ok(()),
        Role::Student | Role::Guest | Role::Bot => Err(Code::NotModerator.into()),
    }
}

/// The room and the bot's number in a path.
pub(super) struct RoomBot(MeetingId, usize);

impl<S: Send + Sync> FromRequestParts<S> for RoomBot {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(MeetingId, usize)>::from_request_parts(parts, state).await;
        path.map(|Path((meeting, number))| Self(meeting, number)).map_err(|_| Code::NotFound.into())
    }
}

/// Lets a bot in: `kelas.v1` over a WebSocket, as for everybody else.
pub(super) async fn open(
    State(live): State<Live>,
    RoomBot(meeting, number): RoomBot,
    Extension(peer): Extension<Peer>,
    mut request: Request,
) -> Result<Response, Problem> {
    if !is_this_box(&peer) {
        return Err(Code::NotAllowed.into());
    }
    let bot = live.bots.admit(meeting, number, pass(request.headers()).unwrap_or_default())?;
    let identity = Identity { person: bot.person, name: bot.name, role: Role::Bot, session: bot.session };
    let ice_servers = ice::servers(peer.local.ip(), live.stun_port);
    let opening = Opening { meeting, identity, ice_servers };
    let (response, upgrade) = websocket::accept(&mut request, Some(socket::SUBPROTOCOL))?;
    let (handle, tasks) = (live.handle.clone(), live.tasks.clone());
    drop(live);
    tasks.spawn("bot's socket", async move {
        let (connection, outgoing) = handle.open(opening).await;
        drop(handle);
        websocket::serve(upgrade, outgoing, connection).await;
    });
    Ok(response)
}

/// Over TLS from a program on this machine: from loopback, or from the very address it called.
fn is_this_box(peer: &Peer) -> bool {
    let remote = peer.remote.ip().to_canonical();
    peer.transport == Transport::Tls && (remote.is_loopback() || remote == peer.local.ip().to_canonical())
}

fn pass(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_box_is_this_box() {
        let peer = |remote: &str, local: &str, transport| Peer {
            remote: remote.parse().expect("an address"),
            local: local.parse().expect("an address"),
            transport,
        };
        for (remote, local) in [
            ("127.0.0.1:40000", "127.0.0.1:443"),
            ("[::ffff:127.0.0.1]:40000", "[::ffff:127.0.0.1]:443"),
            ("10.42.0.1:40000", "10.42.0.1:443"),
        ] {
            assert!(is_this_box(&peer(remote, local, Transport::Tls)), "{remote}");
            assert!(!is_this_box(&peer(remote, local, Transport::Plain)), "{remote} in the clear");
        }
        assert!(!is_this_box(&peer("10.42.0.7:40000", "10.42.0.1:443", Transport::Tls)));
    }
}
