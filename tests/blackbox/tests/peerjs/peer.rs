//! A client of the dialect that shows every byte.

use std::time::Duration;

use blackbox::{Client, Socket};
use futures_util::{SinkExt as _, StreamExt as _};
use http::HeaderMap;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// How long a frame may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const OPEN: &str = r#"{"type":"OPEN"}"#;

/// What a socket yields.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// A text frame.
    Text(String),
    /// The server's close frame, with its code if it has one.
    Closed(Option<u16>),
    /// The connection is gone without a close frame.
    Gone,
    /// An answer to our ping.
    Pong(Vec<u8>),
}

pub(crate) struct Peer {
    pub(crate) socket: Socket,
}

impl Peer {
    /// Opens the socket with this query.
    pub(crate) async fn dial(client: &Client, query: &str) -> Self {
        let path = format!("/peerjs/peerjs?{query}");
        let socket = client.socket_with(&path, HeaderMap::new()).await;
        Self { socket: socket.unwrap_or_else(|answer| panic!("refused: {}", answer.status)) }
    }

    /// Opens the socket as the PeerJS client does, whatever the answer.
    pub(crate) async fn knock(client: &Client, id: &str, token: &str) -> Self {
        Self::dial(client, &format!("key=peerjs&id={id}&token={token}&version=1.5.5")).await
    }

    /// Opens the socket and awaits `OPEN`.
    pub(crate) async fn join(client: &Client, id: &str) -> Self {
        let mut peer = Self::knock(client, id, "secret").await;
        peer.hears(OPEN).await;
        peer
    }

    pub(crate) async fn say(&mut self, text: &str) {
        self.socket.send(Message::text(text)).await.expect("sent");
    }

    pub(crate) async fn hear(&mut self) -> Heard {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("something in time") {
                Some(Ok(Message::Text(text))) => return Heard::Text(text.to_string()),
                Some(Ok(Message::Close(frame))) => {
                    return Heard::Closed(frame.map(|frame| frame.code.into()));
                }
                Some(Ok(Message::Pong(bytes))) => return Heard::Pong(bytes.to_vec()),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Heard::Gone,
            }
        }
    }

    /// What comes first, beside pongs, while this is sent five times a second.
    pub(crate) async fn hear_while_sending(&mut self, message: Message) -> Heard {
        let mut pulse = tokio::time::interval(Duration::from_millis(200));
        loop {
            tokio::select! {
                heard = self.hear() => if !matches!(heard, Heard::Pong(_)) { return heard },
                _ = pulse.tick() => self.socket.send(message.clone()).await.expect("sent"),
            }
        }
    }

    /// The next frame is exactly this text.
    #[track_caller]
    pub(crate) fn hears(&mut self, text: &str) -> impl Future<Output = ()> {
        let expected = Heard::Text(text.to_owned());
        async move { assert_eq!(self.hear().await, expected) }
    }

    /// The next thing is a close frame without a code.
    pub(crate) async fn is_closed(&mut self) {
        assert_eq!(self.hear().await, Heard::Closed(None));
    }

    /// The socket still works: a ping is answered, and nothing else came before.
    pub(crate) async fn is_open(&mut self) {
        self.socket.send(Message::Ping(b"there?".to_vec().into())).await.expect("sent");
        assert_eq!(self.hear().await, Heard::Pong(b"there?".to_vec()));
    }

    /// Everything that this client said so far has been taken and nothing was sent to it: a
    /// message to itself, said last, comes back first.
    pub(crate) async fn hears_nothing_else(&mut self, id: &str) {
        self.say(&format!(r#"{{"type":"OFFER","dst":"{id}","payload":"echo"}}"#)).await;
        self.hears(&format!(r#"{{"type":"OFFER","src":"{id}","dst":"{id}","payload":"echo"}}"#)).await;
    }

    /// Says goodbye and waits for the server's answer.
    pub(crate) async fn leave(mut self) {
        self.socket.close(None).await.expect("sent");
        while timeout(PATIENCE, self.socket.next())
            .await
            .expect("an end in time")
            .is_some_and(|next| next.is_ok())
        {}
    }
}
