//! The same two things done over either signaling protocol: introduce oneself, pass a signal.

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::Outcome;
use crate::socket::{Dialer, Socket};

/// Bytes of what Chromium sends: an offer, an answer, a candidate.
pub(crate) const OFFER_BYTES: usize = 5_000;
pub(crate) const ANSWER_BYTES: usize = 4_800;
pub(crate) const CANDIDATE_BYTES: usize = 300;
/// How long nothing comes when all has come.
const QUIET: std::time::Duration = std::time::Duration::from_secs(1);
/// Candidates each way per pair.
pub(crate) const CANDIDATES: usize = 5;

/// What is passed from peer to peer.
#[derive(Clone, Copy)]
pub(crate) enum Signal {
    Offer,
    Answer,
    Candidate,
}

impl Signal {
    /// The message that takes it to `to`.
    fn text(self, to: &str, kelas: bool) -> String {
        let filler = self.filler();
        if kelas {
            return match self {
                Self::Candidate => format!(
                    r#"{{"type":"signal","to":"{to}","candidate":{{"candidate":"{filler}","sdpMid":"0"}}}}"#
                ),
                Self::Offer | Self::Answer => {
                    let kind = if matches!(self, Self::Offer) { "offer" } else { "answer" };
                    format!(
                        r#"{{"type":"signal","to":"{to}","description":{{"type":"{kind}","sdp":"{filler}"}}}}"#
                    )
                }
            };
        }
        let kind = match self {
            Self::Offer => "OFFER",
            Self::Answer => "ANSWER",
            Self::Candidate => "CANDIDATE",
        };
        format!(
            r#"{{"type":"{kind}","dst":"{to}","payload":{{"sdp":"{filler}","type":"media","connectionId":"mc_x"}}}}"#
        )
    }

    fn filler(self) -> String {
        "x".repeat(match self {
            Self::Offer => OFFER_BYTES,
            Self::Answer => ANSWER_BYTES,
            Self::Candidate => CANDIDATE_BYTES,
        })
    }
}

/// Which protocol a client speaks.
#[derive(Clone)]
pub(crate) enum Protocol {
    /// PeerServer's, with a Socket.IO connection beside it for the class as the thesis had.
    Thesis { peers: u16, classroom: u16 },
    /// PeerServer's alone, at a base path.
    PeerServer { port: u16, base: &'static str },
    /// `kelas.v1` in the demo course's room.
    Kelas { port: u16, meeting: u64, join_code: String },
}

/// One signed-in, connected client.
pub(crate) struct Client {
    socket: Socket,
    /// Kept open beside the peer connection, as the thesis's pages did.
    classroom: Option<Socket>,
    kelas: bool,
    /// Its address for others.
    pub(crate) id: String,
    seen: u64,
}

/// A person who may come in; what it takes to become one is no part of a join.
#[derive(Clone)]
pub(crate) struct Person {
    number: usize,
    cookie: String,
}

impl Person {
    /// Signs the `number`th person up where people have to.
    pub(crate) async fn enrol(dialer: &Dialer, protocol: &Protocol, number: usize) -> Outcome<Self> {
        let cookie = match protocol {
            Protocol::Kelas { port, join_code, .. } => sign_up(dialer, *port, join_code, number).await?,
            Protocol::Thesis { .. } | Protocol::PeerServer { .. } => String::new(),
        };
        Ok(Self { number, cookie })
    }

    /// Signs up the first `count`.
    pub(crate) async fn many(dialer: &Dialer, protocol: &Protocol, count: usize) -> Outcome<Vec<Self>> {
        let mut people = Vec::with_capacity(count);
        for number in 0..count {
            people.push(Self::enrol(dialer, protocol, number).await?);
        }
        Ok(people)
    }
}

impl Client {
    /// Connects and waits until the server has taken it.
    pub(crate) async fn join(dialer: &Dialer, protocol: &Protocol, person: &Person) -> Outcome<Self> {
        let number = person.number;
        match protocol {
            Protocol::Thesis { peers, classroom } => {
                let beside = socketio(dialer, *classroom, number, "class").await?;
                let mut client = peerserver(dialer, *peers, "", number).await?;
                client.classroom = Some(beside);
                Ok(client)
            }
            Protocol::PeerServer { port, base } => peerserver(dialer, *port, base, number).await,
            Protocol::Kelas { port, meeting, .. } => kelas(dialer, *port, *meeting, person).await,
        }
    }

    /// A signal to another client as it goes over the wire. Made once and sent often: what the
    /// clients compute takes time from the server that is measured.
    pub(crate) fn signal(&self, to: &str, signal: Signal) -> Utf8Bytes {
        signal.text(to, self.kelas).into()
    }

    /// Sends one message by itself, as browsers do.
    pub(crate) async fn send(&mut self, text: Utf8Bytes) -> Outcome<()> {
        self.socket.send(text).await
    }

    /// Sends what was queued.
    pub(crate) async fn flush(&mut self) -> Outcome<()> {
        self.socket.flush().await
    }

    /// Waits for one signal from anybody.
    pub(crate) async fn receive(&mut self) -> Outcome<()> {
        loop {
            let text = self.heard().await?;
            match kind(&text) {
                Some("signal" | "OFFER" | "ANSWER" | "CANDIDATE") => return Ok(()),
                Some("error" | "ERROR") => return Err(format!("refused: {text}").into()),
                _ => {}
            }
        }
    }

    /// The next text; remembers how far it has read.
    async fn heard(&mut self) -> Outcome<Utf8Bytes> {
        let text = self.socket.text().await?;
        let number = text.strip_prefix(r#"{"seq":"#).and_then(|rest| rest.split_once(','));
        if let Some(seen) = number.and_then(|(number, _)| number.parse().ok()) {
            self.seen = seen;
        }
        Ok(text)
    }

    /// Reads whatever comes until nothing has come for a second, and says how far it has read.
    pub(crate) async fn settle(&mut self) -> Outcome<()> {
        while let Ok(read) = tokio::time::timeout(QUIET, self.heard()).await {
            read?;
        }
        if let Some(classroom) = &mut self.classroom {
            while let Ok(read) = tokio::time::timeout(QUIET, classroom.text()).await {
                if read?.as_str() == "2" {
                    classroom.send("3").await?;
                }
            }
        }
        if self.kelas {
            self.acknowledge().await?;
            self.flush().await?;
            while kind(&self.heard().await?) != Some("pong") {}
        } else {
            // PeerServer closes who is silent for a minute; its pages send this every 5 s.
            self.socket.send(r#"{"type":"HEARTBEAT"}"#).await?;
        }
        Ok(())
    }

    /// Says how far it has read, as a page does from time to time.
    pub(crate) async fn acknowledge(&mut self) -> Outcome<()> {
        if self.kelas {
            let seen = self.seen;
            self.socket.feed(format!(r#"{{"type":"ping","seq":{seen}}}"#)).await?;
        }
        Ok(())
    }

    /// Says something to the room and returns at once; only for rooms with chat.
    pub(crate) async fn say(&mut self, key: &str, text: &str) -> Outcome<()> {
        if self.kelas {
            self.socket.send(format!(r#"{{"type":"chat","key":"{key}","text":"{text}"}}"#)).await
        } else {
            let socket = self.classroom.as_mut().ok_or("no classroom socket")?;
            socket.send(format!(r#"42["chat","class","{text}"]"#)).await
        }
    }

    /// Waits for one chat message.
    pub(crate) async fn hear(&mut self) -> Outcome<()> {
        loop {
            if self.kelas {
                let text = self.heard().await?;
                match kind(&text) {
                    Some("chat") => return Ok(()),
                    Some("error" | "closing") => return Err(format!("refused: {text}").into()),
                    _ => {}
                }
            } else {
                let socket = self.classroom.as_mut().ok_or("no classroom socket")?;
                let text = socket.text().await?;
                match text.as_str() {
                    "2" => socket.send("3").await?,
                    chat if chat.starts_with(r#"42["chat""#) => return Ok(()),
                    _ => {}
                }
            }
        }
    }
}

/// The type of a message. Both servers write it at the front, and a whole parse here would cost
/// more than their work.
fn kind(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(r#""type":""#)?;
    rest.split_once('"').map(|(kind, _)| kind)
}

async fn peerserver(dialer: &Dialer, port: u16, base: &str, number: usize) -> Outcome<Client> {
    let id = format!("peer-{number}");
    let path = format!("{base}/peerjs?key=peerjs&id={id}&token=t{number}&version=1.5.5");
    let mut socket = dialer.socket(port, number, &path, &[]).await?;
    socket.message("OPEN").await?;
    Ok(Client { socket, classroom: None, kelas: false, id, seen: 0 })
}

/// A Socket.IO 4 client (Engine.IO protocol 4, WebSocket transport only) that joins a room.
async fn socketio(dialer: &Dialer, port: u16, number: usize, room: &str) -> Outcome<Socket> {
    let mut socket = dialer.socket(port, number, "/socket.io/?EIO=4&transport=websocket", &[]).await?;
    socket.text().await?;
    socket.send("40").await?;
    socket.text().await?;
    socket.send(format!(r#"42["join","{room}"]"#)).await?;
    while !socket.text().await?.starts_with(r#"42["ready""#) {}
    Ok(socket)
}

async fn kelas(dialer: &Dialer, port: u16, meeting: u64, person: &Person) -> Outcome<Client> {
    let number = person.number;
    let headers = [
        ("cookie", person.cookie.clone()),
        ("origin", format!("https://127.0.0.1:{port}")),
        ("sec-websocket-protocol", "kelas.v1".to_owned()),
    ];
    let mut socket = dialer.socket(port, number, &format!("/api/rooms/{meeting}/live"), &headers).await?;
    let media = r#"{"audio":true,"video":true,"screen":false,"hand":false}"#;
    socket.send(format!(r#"{{"type":"join","key":"{number:0>22}","media":{media}}}"#)).await?;
    let joined = socket.message("joined").await?;
    let id = joined.get("self").and_then(Value::as_str).ok_or("joined without self")?.to_owned();
    Ok(Client { socket, classroom: None, kelas: true, id, seen: 0 })
}

/// Joins the course with its code, as a student does, and returns the session's cookie.
async fn sign_up(dialer: &Dialer, port: u16, code: &str, number: usize) -> Outcome<String> {
    let page = exchange(dialer, port, number, &format!("GET /join/{code} HTTP/1.1\r\n"), "", "").await?;
    let mut cookies: Vec<String> = cookies_of(&page);
    let token = page.split_once("name=\"form_token\" value=\"").and_then(|(_, rest)| rest.split_once('"'));
    let token = token.map(|(token, _)| token).unwrap_or_default();
    let body = format!("form_token={token}&code={code}&name=Siswa+{number}");
    let answer =
        exchange(dialer, port, number, "POST /join HTTP/1.1\r\n", &cookies.join("; "), &body).await?;
    cookies.extend(cookies_of(&answer));
    if !answer.starts_with("HTTP/1.1 303") {
        return Err(format!("could not join: {}", answer.lines().next().unwrap_or_default()).into());
    }
    Ok(cookies.join("; "))
}

fn cookies_of(answer: &str) -> Vec<String> {
    let values = answer.lines().filter_map(|line| line.split_once(": "));
    let cookies = values.filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie"));
    cookies.filter_map(|(_, value)| value.split(';').next().map(str::to_owned)).collect()
}

/// One request on a connection of its own.
async fn exchange(
    dialer: &Dialer,
    port: u16,
    number: usize,
    first_line: &str,
    cookie: &str,
    body: &str,
) -> Outcome<String> {
    let mut stream = dialer.stream(port, number).await?;
    let head = format!(
        "{first_line}Host: 127.0.0.1:{port}\r\nOrigin: https://127.0.0.1:{port}\r\nCookie: {cookie}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
