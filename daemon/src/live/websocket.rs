//! A WebSocket (RFC 6455) on an upgraded HTTP connection, for every protocol that we speak.
//!
//! May use: hyper's upgrade, tungstenite, [`outgoing`](super::outgoing). Knows no message of any
//! protocol. Used by: `socket` (`kelas.v1`) and `peerjs`.
//!
//! One task reads and writes: [`serve`] runs until either side is done, then closes as the RFC
//! wants it, and always returns in bounded time.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use base::limits::CLIENT_FRAME_BYTES;
use base::{Code, Error};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use http::{HeaderMap, HeaderValue, header};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use room::effect::Frame;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as RawFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Bytes, Error as SocketError, Message};

use super::outgoing::{Ending, Next, Receiver};

/// How often a silent client is asked for a sign of life: below the 30 s after which cheap
/// access points forget a flow.
const PING_EVERY: Duration = Duration::from_secs(25);
/// A client that sent nothing for so long, not even a pong, is gone.
const SILENCE: Duration = Duration::from_mins(1);
/// For one batch (16 KiB) to leave: below about 1 kB/s nobody can follow a room.
const WRITE_TIMEOUT: Duration = Duration::from_secs(15);
/// From our `101` to the upgraded connection.
const UPGRADE_TIMEOUT: Duration = Duration::from_secs(10);
/// For the close frames to cross.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(2);

/// A longer message goes out in pieces of this size (RFC 6455, 5.4): tungstenite's write buffer
/// grows to its largest frame and stays so, and everybody is sent one long `joined`.
const FRAGMENT_BYTES: usize = 4 * 1024;

/// TLS keeps a record of its own that is read from here in pieces, so that a larger buffer would
/// save no system call. Blocks up to this size are also those that the C library gives and takes
/// back cheaply, and one is asked for with each read.
const READ_BYTES: usize = 1024;

type Socket = WebSocketStream<TokioIo<Upgraded>>;

/// What a protocol does with what its client sends.
pub(crate) trait Listener: Send {
    /// A text frame came. While this waits, nothing more is read from this client.
    fn text(&mut self, text: String) -> impl Future<Output = ()> + Send;
    /// A binary frame came.
    fn binary(&mut self, bytes: Bytes) -> impl Future<Output = ()> + Send;
    /// The last word to a client of which nothing was heard for [`SILENCE`].
    fn silent(&self) -> Option<Frame>;
}

/// Answers an upgrade request: the `101` to return, and what [`serve`] needs. With a
/// `subprotocol`, the client must have offered it (RFC 6455, 4.2.2).
///
/// # Errors
/// `bad_request` if this is no WebSocket handshake that we can answer.
pub(crate) fn accept(
    request: &mut Request,
    subprotocol: Option<&'static str>,
) -> Result<(Response, OnUpgrade), Error> {
    let mut response = create_response_with_body(request, Body::empty)
        .map_err(|error| Error::new(Code::BadRequest).because(error))?;
    if let Some(subprotocol) = subprotocol {
        if !offers(request.headers(), subprotocol) {
            return Err(Error::new(Code::BadRequest).because("the subprotocol was not offered"));
        }
        response.headers_mut().insert(header::SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static(subprotocol));
    }
    Ok((response, hyper::upgrade::on(request)))
}

/// Carries one connection from its upgrade to its end.
pub(crate) async fn serve<L: Listener>(upgrade: OnUpgrade, mut outgoing: Receiver, mut listener: L) {
    let upgraded = match timeout(UPGRADE_TIMEOUT, upgrade).await {
        Ok(Ok(upgraded)) => upgraded,
        Ok(Err(error)) => return tracing::debug!("an upgrade failed: {error}"),
        Err(_) => return tracing::debug!("an upgrade took too long"),
    };
    let socket = Socket::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config())).await;
    let (mut sink, mut stream) = socket.split();
    let overdue = outgoing.overdue();
    let end = tokio::select! {
        () = overdue => End::Lost,
        Err(end) = write(&mut sink, &mut outgoing) => end,
        Err(end) = read(&mut stream, &mut listener) => end,
    };
    let mut socket = stream.reunite(sink).expect("both halves came from the one split above");
    let parting = match end {
        End::Lost => return,
        End::PeerClosed => Parting::Answer,
        End::Silent => {
            if let Some(last) = listener.silent() {
                outgoing.cut(last);
            }
            let _ = timeout(CLOSE_TIMEOUT, write_rest(&mut socket, &mut outgoing)).await;
            Parting::Close(Some(CloseCode::Normal))
        }
        End::Ours(code) => Parting::Close(code),
    };
    if timeout(CLOSE_TIMEOUT, close(&mut socket, parting)).await.is_err() {
        tracing::trace!("a client did not answer our close");
    }
}

/// Why a connection is over.
#[derive(Debug)]
enum End {
    /// It broke, or does not take our bytes: nothing more can be said.
    Lost,
    /// The client closed it in order.
    PeerClosed,
    /// Nothing was heard for too long.
    Silent,
    /// We close it, with this code if any.
    Ours(Option<CloseCode>),
}

/// What is left to say at the end.
#[derive(Debug)]
enum Parting {
    /// The client closed; our answer waits to be flushed.
    Answer,
    /// Our own close frame, with this code if any.
    Close(Option<CloseCode>),
}

async fn read<L: Listener>(stream: &mut SplitStream<Socket>, listener: &mut L) -> Result<Infallible, End> {
    // One timer for all messages: moving it to a later time costs next to nothing, while arming one
    // for each takes a lock that all connections share.
    let mut silence = pin!(sleep(SILENCE));
    loop {
        silence.as_mut().reset(Instant::now() + SILENCE);
        let message = tokio::select! {
            biased;
            message = stream.next() => message,
            () = silence.as_mut() => return Err(End::Silent),
        };
        match message {
            None | Some(Ok(Message::Close(_))) => return Err(End::PeerClosed),
            Some(Ok(Message::Text(text))) => listener.text(text.as_str().to_owned()).await,
            Some(Ok(Message::Binary(bytes))) => listener.binary(bytes).await,
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            Some(Err(error)) => return Err(end_of(&error)),
        }
    }
}

async fn write(sink: &mut SplitSink<Socket, Message>, outgoing: &mut Receiver) -> Result<Infallible, End> {
    let mut ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let messages = tokio::select! {
            next = outgoing.next() => match next {
                Next::Frames(frames) => messages(&frames),
                Next::Ended(ending) => return Err(End::Ours(code_of(ending))),
            },
            _ = ping.tick() => vec![Message::Ping(Bytes::new())],
        };
        match timeout(WRITE_TIMEOUT, send_all(sink, messages)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Err(End::Lost),
        }
    }
}

/// One flush for the whole batch.
async fn send_all<S>(sink: &mut S, messages: Vec<Message>) -> Result<(), SocketError>
where
    S: SinkExt<Message, Error = SocketError> + Unpin,
{
    for message in messages {
        sink.feed(message).await?;
    }
    sink.flush().await
}

async fn write_rest(socket: &mut Socket, outgoing: &mut Receiver) -> Result<(), SocketError> {
    while let Next::Frames(frames) = outgoing.next().await {
        send_all(socket, messages(&frames)).await?;
    }
    Ok(())
}

/// Sends our close frame (or finishes answering the client's), then reads to the end: a socket
/// closed over unread bytes is reset, which can destroy our last words on their way.
async fn close(socket: &mut Socket, parting: Parting) {
    let sent = match parting {
        Parting::Close(code) => socket.close(code.map(|code| CloseFrame { code, reason: "".into() })).await,
        Parting::Answer => socket.flush().await,
    };
    if sent.is_err() {
        return;
    }
    while let Some(Ok(_)) = socket.next().await {}
    let stream = socket.get_mut();
    if stream.shutdown().await.is_ok() {
        let mut rest = [0; 1024];
        while stream.read(&mut rest).await.is_ok_and(|count| count > 0) {}
    }
}

fn messages(frames: &[Frame]) -> Vec<Message> {
    let mut messages = Vec::with_capacity(frames.len());
    for frame in frames {
        let text = frame.text();
        if text.len() <= FRAGMENT_BYTES {
            messages.push(Message::text(text));
        } else {
            fragment(text.into(), &mut messages);
        }
    }
    messages
}

fn fragment(mut rest: Bytes, messages: &mut Vec<Message>) {
    let mut kind = Data::Text;
    while !rest.is_empty() {
        let piece = rest.split_to(FRAGMENT_BYTES.min(rest.len()));
        messages.push(Message::Frame(RawFrame::message(piece, OpCode::Data(kind), rest.is_empty())));
        kind = Data::Continue;
    }
}

fn code_of(ending: Ending) -> Option<CloseCode> {
    match ending {
        Ending::Done => Some(CloseCode::Normal),
        Ending::Wordless => None,
        Ending::GoingAway => Some(CloseCode::Away),
    }
}

fn end_of(error: &SocketError) -> End {
    match error {
        SocketError::Capacity(_) => End::Ours(Some(CloseCode::Size)),
        SocketError::Utf8(_) => End::Ours(Some(CloseCode::Invalid)),
        SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => End::Lost,
        SocketError::Protocol(_) => End::Ours(Some(CloseCode::Protocol)),
        _ => End::Lost,
    }
}

fn offers(headers: &HeaderMap, subprotocol: &str) -> bool {
    headers
        .get_all(header::SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|offered| offered.trim() == subprotocol)
}

/// Every size by hand: the library's defaults are 128 KiB of buffer for each client, 64 MiB a
/// message, and no bound at all on what waits to be written.
fn config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .write_buffer_size(FRAGMENT_BYTES)
        .max_write_buffer_size(base::limits::OUTGOING_BYTES + 2 * CLIENT_FRAME_BYTES)
        .max_message_size(Some(CLIENT_FRAME_BYTES))
        .max_frame_size(Some(CLIENT_FRAME_BYTES))
}

#[cfg(test)]
mod tests;
