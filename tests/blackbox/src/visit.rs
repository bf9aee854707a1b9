//! A page in a live room, over a WebSocket or over events and `POST`: `docs/PROTOCOL.md` as a
//! stranger would write a client for it.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use http::{HeaderMap, Method, header};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{Answer, Client, Socket};
use crate::daemon::Kelasd;

/// How long a message may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The demo's teacher, signed in by the one-time link.
///
/// # Panics
/// If that does not work.
pub async fn teacher(kelasd: &Kelasd) -> Client {
    let client = kelasd.client();
    let link = kelasd.announced.teacher_link.as_deref().expect("--demo");
    let answer = client.post_form(link, &[]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    client
}

/// A student who joins the demo's course with its code.
///
/// # Panics
/// If that does not work.
pub async fn student(kelasd: &Kelasd, name: &str) -> Client {
    join_course(kelasd, kelasd.client(), name).await
}

/// Joins the demo's course with `client`, a stranger so far.
///
/// # Panics
/// If that does not work.
pub async fn join_course(kelasd: &Kelasd, client: Client, name: &str) -> Client {
    let code = kelasd.announced.join_code.as_deref().expect("--demo");
    let answer = client.post_form("/join", &[("code", code), ("name", name)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    client
}

/// Sends a form of a signed-in page: with the token that its forms carry.
///
/// # Panics
/// If the account's page has no form.
pub async fn submit(client: &Client, path: &str) -> Answer {
    let page = client.get("/account").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    client.post_form(path, &[("form_token", token.expect("a form's token"))]).await
}

/// What a page sends when it joins.
pub fn media() -> Value {
    json!({"audio": true, "video": true, "screen": false, "hand": false})
}

/// The key of the page that a test calls `name`: 22 characters, as a page makes them.
fn page_key(name: &str) -> String {
    format!("{name:_<22}")
}

/// One open connection to a live room.
pub struct Visit {
    wire: Wire,
    client: Client,
    meeting: i64,
    /// Number of the last message of the room's story; each must be the one before plus one.
    pub seq: u64,
}

enum Wire {
    Socket(Box<Socket>),
    Events(Events),
}

struct Events {
    body: Incoming,
    read: Vec<u8>,
    id: String,
    _driver: Driver,
}

/// The task that moves a response's bytes; ends with the stream, as a page that is closed.
struct Driver(tokio::task::JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How a connection ended.
#[derive(Debug, PartialEq)]
pub struct End {
    /// What came before the end.
    pub heard: Vec<Value>,
    /// The WebSocket's close code.
    pub code: Option<u16>,
}

impl End {
    /// `reason` of the `closing` that must be the last message.
    ///
    /// # Panics
    /// If it is something else.
    pub fn reason(&self) -> &str {
        let last = self.heard.last().expect("a last word");
        assert_eq!(last["type"], "closing", "{last}");
        last["reason"].as_str().expect("a reason")
    }
}

impl Visit {
    /// Opens a WebSocket to the demo's room.
    ///
    /// # Panics
    /// If it is refused; see [`Visit::try_open`].
    pub async fn open(client: &Client, meeting: i64) -> Self {
        match Self::try_open(client, meeting).await {
            Ok(visit) => visit,
            Err(refused) => panic!("refused: {}", refused.text()),
        }
    }

    /// Opens a WebSocket, or says how it was refused.
    ///
    /// # Errors
    /// The answer that refused it.
    pub async fn try_open(client: &Client, meeting: i64) -> Result<Self, Answer> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, client.origin().parse().expect("an origin"));
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, "kelas.v1".parse().expect("a name"));
        let socket = client.socket_with(&format!("/api/rooms/{meeting}/live"), headers).await?;
        Ok(Self { wire: Wire::Socket(Box::new(socket)), client: client.clone(), meeting, seq: 0 })
    }

    /// Opens a stream of events instead.
    ///
    /// # Panics
    /// If it is refused.
    pub async fn open_events(client: &Client, meeting: i64) -> Self {
        let stream = client.connect().await.expect("a connection");
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
        // An end that the test itself brings about is no error of this task.
        let driver = Driver(tokio::spawn(async move { drop(connection.await) }));
        let path = format!("/api/rooms/{meeting}/events");
        let request = client.request(Method::GET, &path, Bytes::new());
        let response = sender.send_request(request).await.expect("an answer");
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let body = response.into_body();
        let mut events = Events { body, read: Vec::new(), id: String::new(), _driver: driver };
        events.id = events.next().await.expect("the connection's id");
        Self { wire: Wire::Events(events), client: client.clone(), meeting, seq: 0 }
    }

    /// Opens a WebSocket, joins as the page with `key` and returns `joined` too.
    pub async fn join(client: &Client, meeting: i64, key: &str) -> (Self, Value) {
        let mut visit = Self::open(client, meeting).await;
        let joined = visit.enter(key).await;
        (visit, joined)
    }

    /// Sends `join` and returns its answer, `joined` or `waiting`.
    ///
    /// # Panics
    /// If something else is the answer.
    pub async fn enter(&mut self, key: &str) -> Value {
        self.say(json!({"type": "join", "key": page_key(key), "media": media()})).await;
        let answer = self.hear().await;
        assert!(answer["type"] == "joined" || answer["type"] == "waiting", "{answer}");
        if answer["type"] == "joined" {
            self.seq = answer["seq"].as_u64().expect("a number");
        }
        answer
    }

    /// Resumes what an earlier connection began and returns the answer.
    pub async fn resume(&mut self, key: &str, token: &str, seq: u64) -> Value {
        let resume = json!({"token": token, "seq": seq});
        self.say(json!({"type": "join", "key": page_key(key), "media": media(), "resume": resume})).await;
        self.seq = seq;
        self.hear().await
    }

    /// Sends a message.
    ///
    /// # Panics
    /// If it is not taken.
    pub async fn say(&mut self, message: Value) {
        self.say_text(message.to_string()).await;
    }

    /// Sends a text that may be no message at all.
    ///
    /// # Panics
    /// If it is not taken.
    pub async fn say_text(&mut self, text: String) {
        match &mut self.wire {
            Wire::Socket(socket) => socket.send(Message::text(text)).await.expect("sent"),
            Wire::Events(events) => {
                let path = format!("/api/rooms/{}/events/{}", self.meeting, events.id);
                let mut request = self.client.request(Method::POST, &path, text.into());
                let origin = self.client.origin().parse().expect("an origin");
                request.headers_mut().insert(header::ORIGIN, origin);
                let json = "application/json".parse().expect("a media type");
                request.headers_mut().insert(header::CONTENT_TYPE, json);
                let answer = self.client.send(request).await;
                assert_eq!(answer.status, 202, "{}", answer.text());
            }
        }
    }

    /// Says something in the chat.
    pub async fn chat(&mut self, key: &str, text: &str) {
        self.say(json!({"type": "chat", "key": key, "text": text})).await;
    }

    /// Says something in the chat over a WebSocket that may be cut at any moment.
    ///
    /// # Errors
    /// If it is.
    pub async fn try_chat(&mut self, text: &str) -> Result<(), tokio_tungstenite::tungstenite::Error> {
        let message = json!({"type": "chat", "key": text, "text": text});
        self.socket().send(Message::text(message.to_string())).await
    }

    /// The secret id of a stream of events.
    ///
    /// # Panics
    /// If this is a WebSocket.
    pub fn connection_id(&self) -> &str {
        match &self.wire {
            Wire::Events(events) => &events.id,
            Wire::Socket(_) => panic!("a WebSocket has none"),
        }
    }

    /// The WebSocket.
    ///
    /// # Panics
    /// If this is a stream of events.
    pub fn socket(&mut self) -> &mut Socket {
        match &mut self.wire {
            Wire::Socket(socket) => socket,
            Wire::Events(_) => panic!("not a WebSocket"),
        }
    }

    /// The next message; checks that the room's story has no gap.
    ///
    /// # Panics
    /// If none comes in time, or the connection ends.
    pub async fn hear(&mut self) -> Value {
        match self.try_hear().await {
            Ok(message) => message,
            Err(code) => panic!("the connection ended with {code:?}"),
        }
    }

    /// The next message of this type; others are dropped.
    pub async fn hear_type(&mut self, name: &str) -> Value {
        self.hear_until(|message| message["type"] == name).await
    }

    /// The next message for which `wanted` holds; others are dropped.
    pub async fn hear_until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.hear().await;
            if wanted(&message) {
                return message;
            }
        }
    }

    /// The next message, or the close code if the connection ended.
    ///
    /// # Errors
    /// The close code, if there was one.
    ///
    /// # Panics
    /// If nothing comes in time, or the story has a gap.
    pub async fn try_hear(&mut self) -> Result<Value, Option<u16>> {
        let text = tokio::time::timeout(PATIENCE, self.wire.next()).await.expect("a message in time")?;
        let message: Value = serde_json::from_str(&text).expect("JSON");
        let numbered =
            matches!(message["type"].as_str(), Some("signal" | "chat" | "participant" | "moderated"));
        if numbered {
            assert_eq!(message["seq"], self.seq + 1, "a gap before {message}");
            self.seq += 1;
        }
        Ok(message)
    }

    /// Listens to the end of the connection.
    pub async fn end(&mut self) -> End {
        let mut heard = Vec::new();
        loop {
            match self.try_hear().await {
                Ok(message) => heard.push(message),
                Err(code) => return End { heard, code },
            }
        }
    }

    /// Cuts the TCP connection without a word, as a phone that leaves the access point.
    pub fn cut(self) {}

    /// Sends `ping` and takes what comes before its `pong`, and the `pong`: afterwards all that
    /// the room had to say until now was heard.
    pub async fn catch_up(&mut self) -> Vec<Value> {
        self.say(json!({"type": "ping", "seq": self.seq})).await;
        let mut heard = Vec::new();
        loop {
            let message = self.hear().await;
            if message["type"] == "pong" {
                return heard;
            }
            heard.push(message);
        }
    }
}

impl Wire {
    async fn next(&mut self) -> Result<String, Option<u16>> {
        match self {
            Self::Events(events) => events.next().await.ok_or(None),
            Self::Socket(socket) => {
                let mut code = None;
                while let Some(Ok(message)) = socket.next().await {
                    match message {
                        Message::Text(text) => return Ok(text.to_string()),
                        Message::Close(frame) => code = frame.map(|frame| frame.code.into()),
                        _ => {}
                    }
                }
                Err(code)
            }
        }
    }
}

impl Events {
    /// The data of the next event, as a browser's `EventSource` would see it.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.windows(2).position(|pair| pair == b"\n\n") {
                let event: Vec<u8> = self.read.drain(..end + 2).collect();
                let event = String::from_utf8(event).expect("UTF-8");
                let data: Vec<_> = event.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
                if !data.is_empty() {
                    return Some(data.join("\n"));
                }
                continue;
            }
            let frame = self.body.frame().await?.ok()?;
            if let Ok(bytes) = frame.into_data() {
                self.read.extend_from_slice(&bytes);
            }
        }
    }
}
