//! One bot: comes in over TLS and WebSocket as a browser does, offers to all bots that are there,
//! answers those that come, and stays until it is sent away.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base::id::ParticipantId;
use base::random::{Random as _, SystemRandom};
use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{AUTHORIZATION, ORIGIN, SEC_WEBSOCKET_PROTOCOL};
use http::{HeaderMap, HeaderValue};
use room::message::shared::Role;
use rustls::pki_types::ServerName;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{interval, timeout};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use tokio_util::sync::CancellationToken;

use super::order::Order;
use super::words::{self, Heard, Kind, Numbered};

/// For each step of coming in.
const STEP: Duration = Duration::from_secs(20);
/// A page pings so often (docs/PROTOCOL.md, 2).
const PING_EVERY: Duration = Duration::from_secs(15);
/// Somebody switches the microphone every so many pings.
const PINGS_PER_SWITCH: u32 = 4;
/// For goodbye.
const GOODBYE: Duration = Duration::from_secs(1);

type Socket = WebSocketStream<TlsStream<TcpStream>>;

/// What a bot tells the program.
#[derive(Debug)]
pub(super) enum Told {
    /// It is in the room.
    Came,
    /// It has sent so many signals more.
    Signals(u64),
    /// It was in the room, and went when it was told to.
    Went,
    /// It did not come in, or it was lost, and whether it had been in the room.
    Lost { was_in: bool, why: String },
}

/// One of the crew.
pub(super) struct Bot {
    pub(super) order: Arc<Order>,
    pub(super) tls: TlsConnector,
    /// From 1.
    pub(super) number: usize,
    pub(super) told: mpsc::Sender<Told>,
}

impl Bot {
    /// Waits for its turn, comes, and stays until `stopping`.
    pub(super) async fn live(self, stopping: CancellationToken) {
        let turn = Duration::from_millis(self.order.every_ms) * u32::try_from(self.number - 1).unwrap_or(0);
        tokio::select! {
            () = tokio::time::sleep(turn) => {}
            () = stopping.cancelled() => return,
        }
        let mut was_in = false;
        let told = match self.visit(&mut was_in, &stopping).await {
            Ok(()) => Told::Went,
            Err(why) => Told::Lost { was_in, why: format!("bot {}: {why}", self.number) },
        };
        self.tell(told).await;
    }

    async fn tell(&self, told: Told) {
        // Fails only when the program ends.
        let _ = self.told.send(told).await;
    }

    async fn visit(&self, was_in: &mut bool, stopping: &CancellationToken) -> Result<(), String> {
        // Boxed, so that the state of coming in is given back before the long stay begins.
        let mut socket = step("the connection", Box::pin(self.connect())).await?;
        let key = SystemRandom.token();
        step("joining", send(&mut socket, words::join(&key))).await?;
        let mut seen = 0;
        let mut pings = interval(PING_EVERY);
        let mut audio = true;
        let mut count = 0;
        loop {
            tokio::select! {
                message = socket.next() => {
                    let text = match message {
                        Some(Ok(Message::Text(text))) => text,
                        Some(Ok(Message::Close(_))) | None => return Err("closed by the daemon".into()),
                        Some(Ok(_)) => continue,
                        Some(Err(error)) => return Err(error.to_string()),
                    };
                    if let Ok(Numbered { seq }) = serde_json::from_str(&text) {
                        seen = seq;
                    }
                    self.react(&text, &mut socket, was_in).await?;
                }
                _ = pings.tick(), if *was_in => {
                    count += 1;
                    send(&mut socket, words::ping(seen)).await?;
                    if count % PINGS_PER_SWITCH == 0 {
                        audio = !audio;
                        send(&mut socket, words::state(audio)).await?;
                    }
                }
                () = stopping.cancelled() => {
                    // Whoever does not hear it sees the connection break, which is the same for a bot.
                    let _ = timeout(GOODBYE, goodbye(&mut socket)).await;
                    return Ok(());
                }
            }
        }
    }

    /// Does what a page does when it hears `text`.
    async fn react(&self, text: &str, socket: &mut Socket, was_in: &mut bool) -> Result<(), String> {
        match serde_json::from_str(text).map_err(|error| error.to_string())? {
            Heard::Joined { own, participants } => {
                *was_in = true;
                self.tell(Told::Came).await;
                let others = participants.iter().filter(|other| other.role == Role::Bot && other.id != own);
                for other in others {
                    self.signal(socket, Some(words::offer(&other.id)), &other.id).await?;
                }
            }
            Heard::Signal { from, description: Some(description) } => match description.kind {
                // The newcomer's candidates came with its offer, ours go with the answer.
                Kind::Offer => self.signal(socket, Some(words::answer(&from)), &from).await?,
                Kind::Answer | Kind::Other => {}
            },
            Heard::Closing { reason } => return Err(format!("closing: {reason}")),
            // Another bot may have left a moment ago.
            Heard::Error { code } if code != "recipient_unknown" => return Err(code),
            Heard::Signal { .. } | Heard::Error { .. } | Heard::Other => {}
        }
        Ok(())
    }

    /// Sends a description and its candidates, each by itself as browsers do.
    async fn signal(
        &self,
        socket: &mut Socket,
        description: Option<String>,
        to: &ParticipantId,
    ) -> Result<(), String> {
        let mut sent = 0;
        let candidates = (0..words::CANDIDATES).map(|_| words::candidate(to));
        for text in description.into_iter().chain(candidates) {
            send(socket, text).await?;
            sent += 1;
        }
        self.tell(Told::Signals(sent)).await;
        Ok(())
    }

    async fn connect(&self) -> Result<Socket, String> {
        let Order { address, room, token, .. } = &*self.order;
        let tcp = this_box(*address).await.map_err(|error| error.to_string())?;
        let name = ServerName::from(address.ip());
        let stream = self.tls.connect(name, tcp).await.map_err(|error| error.to_string())?;
        let url = format!("wss://{address}/api/rooms/{room}/bots/{}", self.number);
        let mut request = url.into_client_request().map_err(|error| error.to_string())?;
        add_headers(request.headers_mut(), *address, token).map_err(|error| error.to_string())?;
        let config = WebSocketConfig::default().read_buffer_size(4 * 1024).write_buffer_size(0);
        let opened = client_async_with_config(request, stream, Some(config)).await;
        opened.map(|(socket, _)| socket).map_err(|error| error.to_string())
    }
}

fn add_headers(
    headers: &mut HeaderMap,
    address: SocketAddr,
    token: &str,
) -> Result<(), http::header::InvalidHeaderValue> {
    let mut bearer: HeaderValue = format!("Bearer {token}").parse()?;
    bearer.set_sensitive(true);
    headers.insert(AUTHORIZATION, bearer);
    headers.insert(ORIGIN, format!("https://{address}").parse()?);
    headers.insert(SEC_WEBSOCKET_PROTOCOL, HeaderValue::from_static("kelas.v1"));
    Ok(())
}

/// Connects from `address` to itself, which the kernel does for addresses of this machine alone:
/// whatever the order says, no other host is ever asked.
async fn this_box(address: SocketAddr) -> std::io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.bind(SocketAddr::new(address.ip(), 0))?;
    let stream = socket.connect(address).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

async fn step<T>(what: &str, future: impl Future<Output = Result<T, String>>) -> Result<T, String> {
    timeout(STEP, future).await.map_err(|_| format!("{what} took too long"))?
}

async fn send(socket: &mut Socket, text: String) -> Result<(), String> {
    socket.send(Message::text(text)).await.map_err(|error| error.to_string())
}

async fn goodbye(socket: &mut Socket) -> Result<(), String> {
    send(socket, r#"{"type":"leave"}"#.to_owned()).await?;
    while let Some(Ok(_)) = socket.next().await {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn another_host_is_never_asked() {
        // TEST-NET-1 (RFC 5737): no machine of ours has it, so nothing is sent there.
        let refused = this_box(([192, 0, 2, 1], 443).into()).await.expect_err("not this box");
        assert_eq!(refused.kind(), std::io::ErrorKind::AddrNotAvailable);
    }
}
