//! `kelas.v1` over server-sent events (WHATWG HTML, 9.2) and `POST`, for clients whose
//! WebSockets fail: iOS with a certificate that was clicked through.
//!
//! The stream's first event carries the connection's id, a secret. A `POST` is taken from the
//! same session alone, and one after the other: the client waits for each answer.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use base::Code;
use base::clock::Clock;
use base::id::{MeetingId, SessionId};
use base::random::{Random as _, SystemRandom};
use futures_util::stream;
use http::{HeaderMap, StatusCode, header};
use room::message::server::ClosingReason;
use room::{ConnectionId, Frame};
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

use super::handle::{Connection, last_word};
use super::outgoing::{Next, Receiver};
use super::routes::{Live, Room, RoomConnection};
use crate::auth::SignedIn;
use crate::http::peer::Peer;
use crate::http::problem::Problem;

/// How often a comment keeps the stream alive and shows whether the client is.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A client that posted nothing for so long, not even `ping`, is gone. Milliseconds.
const SILENCE_MS: u64 = 60_000;
/// What a browser waits before it opens a broken stream again. Milliseconds.
const RETRY_MS: u32 = 1_000;

/// The open streams by their secret ids.
#[derive(Clone, Default)]
pub(super) struct Streams(Arc<Mutex<HashMap<String, Known>>>);

/// What a `POST` must know of its stream.
#[derive(Clone)]
struct Known {
    connection: ConnectionId,
    session: SessionId,
    meeting: MeetingId,
    /// Monotonic milliseconds at which the client was last heard.
    heard: Arc<AtomicU64>,
}

/// Opens a stream for somebody who may enter.
pub(super) async fn open(
    State(live): State<Live>,
    Room(meeting): Room,
    Extension(peer): Extension<Peer>,
    signed_in: SignedIn,
) -> Result<Response, Problem> {
    let opening = live.opening(meeting, &signed_in, &peer).await?;
    let (connection, outgoing) = live.open(opening).await;
    let heard = Arc::new(AtomicU64::new(live.clock.monotonic().0));
    let known =
        Known { connection: connection.id(), session: signed_in.session, meeting, heard: Arc::clone(&heard) };
    let id = SystemRandom.token();
    let greeting = format!("retry: {RETRY_MS}\nevent: connection\ndata: {id}\n\n");
    live.streams.lock().insert(id.clone(), known);
    let place = Place { id, streams: live.streams.clone() };
    let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let stream =
        Stream { greeting: Some(greeting), outgoing, heartbeat, heard, clock: live.clock, connection, place };
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // A reverse proxy that collects the stream before passing it on would stop it altogether.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    Ok((headers, Body::from_stream(stream::unfold(stream, Stream::next))).into_response())
}

/// Takes one message.
pub(super) async fn post(
    State(live): State<Live>,
    RoomConnection(meeting, id): RoomConnection,
    signed_in: SignedIn,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    if !is_json(&headers) {
        return Err(Code::MediaTypeUnsupported.into());
    }
    let known = live.streams.lock().get(&id).cloned();
    // A stream of somebody else is as unknown as none: an answer must not tell which.
    let known = known.filter(|known| known.session == signed_in.session && known.meeting == meeting);
    let known = known.ok_or(Code::ConnectionUnknown)?;
    let text = String::from_utf8(body.into()).map_err(|_| Code::MessageMalformed)?;
    known.heard.store(live.clock.monotonic().0, Ordering::Relaxed);
    live.handle.received(known.connection, text).await;
    Ok(StatusCode::ACCEPTED)
}

fn is_json(headers: &HeaderMap) -> bool {
    let form = headers.get(header::CONTENT_TYPE).and_then(|form| form.to_str().ok());
    form.and_then(|form| form.split(';').next()).is_some_and(|form| form.trim() == "application/json")
}

impl Streams {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A stream's place among the known ones, given back when the response is dropped.
struct Place {
    id: String,
    streams: Streams,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.streams.lock().remove(&self.id);
    }
}

/// One response under way. Dropped with it, and with it the connection to the hub.
struct Stream {
    greeting: Option<String>,
    outgoing: Receiver,
    heartbeat: Interval,
    heard: Arc<AtomicU64>,
    clock: Arc<dyn Clock>,
    #[expect(dead_code, reason = "its drop tells the hub that the client is gone")]
    connection: Connection,
    #[expect(dead_code, reason = "its drop makes the id unknown")]
    place: Place,
}

impl Stream {
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        if let Some(greeting) = self.greeting.take() {
            return Some((Ok(greeting.into()), self));
        }
        loop {
            tokio::select! {
                next = self.outgoing.next() => return match next {
                    Next::Frames(frames) => Some((Ok(events(&frames).into()), self)),
                    Next::Ended(_) => None,
                },
                _ = self.heartbeat.tick() => {
                    if !self.is_silent() {
                        return Some((Ok(Bytes::from_static(b":\n\n")), self));
                    }
                    self.outgoing.cut(last_word(ClosingReason::Silent));
                }
            }
        }
    }

    fn is_silent(&self) -> bool {
        self.clock.monotonic().0.saturating_sub(self.heard.load(Ordering::Relaxed)) > SILENCE_MS
    }
}

/// Frames as events. A message is one line (`room` sees to it), as `data:` needs it.
fn events(frames: &[Frame]) -> String {
    let mut text = String::with_capacity(frames.iter().map(|frame| frame.body.len() + 32).sum());
    for frame in frames {
        text.push_str("data: ");
        text.push_str(&frame.text());
        text.push_str("\n\n");
    }
    text
}
