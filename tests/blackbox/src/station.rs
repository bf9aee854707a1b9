//! A device on the Wi-Fi, as the daemon sees it: an address of its own. On loopback every address
//! of 127.0.0.0/8 is one.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::client::Answer;

/// How long any answer may take.
const ANSWER: Duration = Duration::from_secs(30);
/// Bytes after which a header has no end.
const HEADER_BYTES: usize = 64 * 1024;

/// A device that asks over plain HTTP, byte by byte what it wants.
#[derive(Clone, Copy, Debug)]
pub struct Station {
    address: Ipv4Addr,
    server: SocketAddr,
}

/// A connection that a station keeps.
#[derive(Debug)]
pub struct Line {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Station {
    /// The station at `address`, which asks `server`.
    pub const fn new(address: Ipv4Addr, server: SocketAddr) -> Self {
        Self { address, server }
    }

    /// Sends `request` over a connection of its own.
    pub async fn ask(&self, request: impl AsRef<[u8]> + Send) -> Answer {
        self.connect().await.ask(request).await
    }

    /// Opens a connection.
    ///
    /// # Panics
    /// If it cannot be opened.
    pub async fn connect(&self) -> Line {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((self.address, 0).into()).expect("an address of loopback");
        let stream = socket.connect(self.server).await.expect("connected");
        Line { stream, read: Vec::new() }
    }
}

impl Line {
    /// Sends `request` and hears its answer.
    ///
    /// # Panics
    /// If there is none within 30 seconds, or it is not HTTP.
    pub async fn ask(&mut self, request: impl AsRef<[u8]> + Send) -> Answer {
        let request = request.as_ref();
        self.stream.write_all(request).await.expect("sent");
        let hearing = self.hear(request.starts_with(b"HEAD "));
        tokio::time::timeout(ANSWER, hearing).await.expect("an answer in time")
    }

    async fn hear(&mut self, without_body: bool) -> Answer {
        let end = loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                break end;
            }
            assert!(self.read.len() < HEADER_BYTES, "a header without end");
            assert!(self.more().await, "closed within {:?}", String::from_utf8_lossy(&self.read));
        };
        let head: Vec<u8> = self.read.drain(..end + 4).collect();
        let head = String::from_utf8(head).expect("headers are ASCII");
        let (status, headers) = parsed(&head);
        let length = headers.get("content-length").map_or(0, |length| {
            length.to_str().ok().and_then(|length| length.parse().ok()).expect("a length")
        });
        let length = if without_body { 0 } else { length };
        while self.read.len() < length {
            assert!(self.more().await, "closed within the body");
        }
        let body: Bytes = self.read.drain(..length).collect::<Vec<u8>>().into();
        Answer { status, headers, body }
    }

    /// Whether the other side has closed the connection and sent nothing more.
    ///
    /// # Panics
    /// If it does neither within 30 seconds.
    pub async fn is_closed(&mut self) -> bool {
        let more = tokio::time::timeout(ANSWER, self.more()).await.expect("closed in time");
        !more && self.read.is_empty()
    }

    /// Reads; whether there was something.
    async fn more(&mut self) -> bool {
        self.stream.read_buf(&mut self.read).await.is_ok_and(|count| count > 0)
    }
}

fn parsed(head: &str) -> (u16, HeaderMap) {
    let mut lines = head.trim_end().split("\r\n");
    let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|code| code.parse().ok());
    let status = status.unwrap_or_else(|| panic!("no status in {head}"));
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap_or_else(|| panic!("no header: {line}"));
        let name: HeaderName = name.parse().expect("a header's name");
        (name, HeaderValue::from_str(value).expect("a header's value"))
    });
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(name, value);
    }
    (status, map)
}
