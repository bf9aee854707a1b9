//! WebSocket clients over TLS, each from a loopback address of its own as stations have.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::Outcome;

/// A TLS stream to a server.
pub(crate) type Stream = TlsStream<TcpStream>;

/// Opens TLS connections that trust one certificate authority.
#[derive(Clone)]
pub(crate) struct Dialer {
    connector: TlsConnector,
}

impl Dialer {
    /// Trusts the certificate authority in the PEM file `ca`.
    pub(crate) fn new(ca: &Path) -> Outcome<Self> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(ca)?)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self { connector: TlsConnector::from(Arc::new(config)) })
    }

    /// Connects to `port` from the `number`th loopback address.
    pub(crate) async fn stream(&self, port: u16, number: usize) -> Outcome<Stream> {
        let tcp = TcpSocket::new_v4()?;
        tcp.bind(SocketAddr::from((station(number), 0)))?;
        let tcp = tcp.connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
        tcp.set_nodelay(true)?;
        let name = ServerName::from(std::net::IpAddr::from(Ipv4Addr::LOCALHOST));
        Ok(self.connector.connect(name, tcp).await?)
    }

    /// Opens a WebSocket on `path` with extra headers.
    pub(crate) async fn socket(
        &self,
        port: u16,
        number: usize,
        path: &str,
        headers: &[(&'static str, String)],
    ) -> Outcome<Socket> {
        let stream = self.stream(port, number).await?;
        let mut request = format!("wss://127.0.0.1:{port}{path}").into_client_request()?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse()?);
        }
        let config = WebSocketConfig::default().read_buffer_size(8 * 1024);
        let (stream, _) = client_async_with_config(request, stream, Some(config)).await?;
        Ok(Socket { stream })
    }
}

/// The `number`th address of 127.0.0.0/8 after 127.0.1.0.
pub(crate) fn station(number: usize) -> Ipv4Addr {
    let offset = u32::try_from(number).unwrap_or(0);
    Ipv4Addr::from(u32::from(Ipv4Addr::new(127, 0, 1, 1)) + offset)
}

/// An open WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<Stream>,
}

impl Socket {
    /// Sends text.
    pub(crate) async fn send(&mut self, text: impl Into<Utf8Bytes>) -> Outcome<()> {
        Ok(self.stream.send(Message::Text(text.into())).await?)
    }

    /// Queues text without flushing.
    pub(crate) async fn feed(&mut self, text: String) -> Outcome<()> {
        Ok(self.stream.feed(Message::text(text)).await?)
    }

    /// Flushes what was queued.
    pub(crate) async fn flush(&mut self) -> Outcome<()> {
        Ok(self.stream.flush().await?)
    }

    /// The next text.
    pub(crate) async fn text(&mut self) -> Outcome<Utf8Bytes> {
        loop {
            match self.stream.next().await.ok_or("the server closed the connection")?? {
                Message::Text(text) => return Ok(text),
                Message::Close(frame) => return Err(format!("closed by the server: {frame:?}").into()),
                _ => {}
            }
        }
    }

    /// The next message of type `wanted`; others are passed over.
    pub(crate) async fn message(&mut self, wanted: &str) -> Outcome<Value> {
        loop {
            let value: Value = serde_json::from_str(&self.text().await?)?;
            match value.get("type").and_then(Value::as_str) {
                Some(found) if found == wanted => return Ok(value),
                Some("error") => return Err(format!("refused: {value}").into()),
                _ => {}
            }
        }
    }
}
