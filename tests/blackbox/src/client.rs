//! A small HTTP and WebSocket client that hides nothing: one connection per request, no
//! redirects followed, cookies kept.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
pub use http::Method;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use serde::Serialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;

/// How long any answer may take.
const ANSWER: Duration = Duration::from_secs(30);

/// A WebSocket, over TLS or not.
pub type Socket = WebSocketStream<Box<dyn Stream>>;

/// Bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

impl std::fmt::Debug for dyn Stream {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Stream")
    }
}

/// A browser without a window.
#[derive(Clone, Debug)]
pub struct Client {
    origin: String,
    address: SocketAddr,
    tls: Option<Arc<ClientConfig>>,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
}

/// An answer with its whole body.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The header.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// A header's value.
    ///
    /// # Panics
    /// If the value is not text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().expect("headers are ASCII"))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If it is not JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// `code` of problem details.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or("").to_owned()
    }
}

impl Client {
    /// A client of the site at `origin`, `https://ip:port` or `http://ip:port`, trusting `ca`.
    ///
    /// # Panics
    /// If `origin` is not of that form.
    pub fn new(origin: &str, ca: Option<&str>) -> Self {
        let (scheme, address) = origin.split_once("://").expect("an origin");
        let tls = (scheme == "https").then(|| crate::trusting(ca.expect("HTTPS needs a CA")));
        let address = address.parse().expect("an IP address with a port");
        Self { origin: origin.to_owned(), address, tls, cookies: Arc::default() }
    }

    /// The site, as `Origin` has it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Another client of the same site, with no cookies.
    #[must_use]
    pub fn stranger(&self) -> Self {
        Self { cookies: Arc::default(), ..self.clone() }
    }

    /// The value of a cookie that the site set.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// Sets a cookie by hand.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value.to_owned());
    }

    /// All cookies as a `Cookie` header has them.
    pub fn cookies(&self) -> String {
        let cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Fetches a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path, Bytes::new())).await
    }

    /// Sends a form as the site's own page does.
    pub async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        let body = body.collect::<Vec<_>>().join("&");
        self.post(path, "application/x-www-form-urlencoded", body.into()).await
    }

    /// Sends JSON as the site's own page does.
    ///
    /// # Panics
    /// If `body` cannot be JSON.
    pub async fn post_json(&self, path: &str, body: &impl Serialize) -> Answer {
        self.post(path, "application/json", serde_json::to_vec(body).expect("JSON").into()).await
    }

    async fn post(&self, path: &str, form: &str, body: Bytes) -> Answer {
        let mut request = self.request(Method::POST, path, body);
        request.headers_mut().insert(header::CONTENT_TYPE, form.parse().expect("a media type"));
        request.headers_mut().insert(header::ORIGIN, self.origin.parse().expect("an origin"));
        self.send(request).await
    }

    /// A request with `Host` and cookies, to be changed before [`Client::send`].
    ///
    /// # Panics
    /// If `path` is not a path.
    pub fn request(&self, method: Method, path: &str, body: Bytes) -> Request<Full<Bytes>> {
        let mut request =
            Request::builder().method(method).uri(path).header(header::HOST, self.address.to_string());
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        request.body(Full::new(body)).expect("a request")
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// If there is none within 30 seconds; see [`Client::try_send`].
    pub async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let what = format!("{} {}", request.method(), request.uri());
        self.try_send(request).await.unwrap_or_else(|error| panic!("{what}: {error}"))
    }

    /// Sends a request; the error says why no whole answer came.
    pub async fn try_send(&self, request: Request<Full<Bytes>>) -> Result<Answer, String> {
        tokio::time::timeout(ANSWER, self.exchange(request))
            .await
            .map_err(|_| "no answer in time".to_owned())?
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<Answer, String> {
        let stream = self.connect().await.map_err(|error| error.to_string())?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| error.to_string())?;
        let driver = tokio::spawn(connection);
        let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.map_err(|error| error.to_string())?.to_bytes();
        driver.abort();
        self.keep_cookies(&parts.headers);
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut cookies = self.cookies.lock().unwrap_or_else(PoisonError::into_inner);
        for set in headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().expect("cookies are ASCII");
            let pair = text.split(';').next().unwrap_or("");
            let Some((name, value)) = pair.split_once('=') else { continue };
            if value.is_empty() || text.to_ascii_lowercase().contains("max-age=0") {
                cookies.remove(name.trim());
            } else {
                cookies.insert(name.trim().to_owned(), value.trim().to_owned());
            }
        }
    }

    /// A fresh connection, TLS done.
    pub async fn connect(&self) -> std::io::Result<Box<dyn Stream>> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Box::new(stream)) };
        let name = ServerName::from(self.address.ip());
        Ok(Box::new(TlsConnector::from(Arc::clone(tls)).connect(name, stream).await?))
    }

    /// Opens a WebSocket as the site's own page does, with its cookies and `Origin`.
    pub async fn socket(&self, path: &str, protocol: Option<&str>) -> Result<Socket, StatusCode> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ORIGIN, self.origin.parse().expect("an origin"));
        if let Some(protocol) = protocol {
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, protocol.parse().expect("a protocol's name"));
        }
        self.socket_with(path, headers).await.map_err(|answer| {
            StatusCode::from_u16(answer.status).expect("statuses of HTTP answers are valid")
        })
    }

    /// Opens a WebSocket with these headers; the error is the answer that refused it.
    ///
    /// # Panics
    /// If there is no answer of HTTP at all.
    pub async fn socket_with(&self, path: &str, headers: HeaderMap) -> Result<Socket, Answer> {
        let scheme = if self.tls.is_some() { "wss" } else { "ws" };
        let url = format!("{scheme}://{}{path}", self.address);
        let mut request = url.into_client_request().expect("a WebSocket URL");
        request.headers_mut().extend(headers);
        let cookies = self.cookies();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.parse().expect("cookies are ASCII"));
        }
        let stream = self.connect().await.expect("a connection");
        let opening = tokio_tungstenite::client_async(request, stream);
        match tokio::time::timeout(ANSWER, opening).await.expect("an answer in time") {
            Ok((socket, _)) => Ok(socket),
            Err(tungstenite::Error::Http(response)) => {
                let (parts, body) = response.into_parts();
                let body = body.unwrap_or_default().into();
                Err(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
            }
            Err(error) => panic!("the WebSocket of {path} was not answered: {error}"),
        }
    }
}

/// Percent-encoding of a form's field (WHATWG URL, application/x-www-form-urlencoded).
fn escaped(text: &str) -> String {
    text.bytes().fold(String::new(), |mut escaped, byte| {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                escaped.push(char::from(byte));
            }
            b' ' => escaped.push('+'),
            other => write!(escaped, "%{other:02X}").expect("a String takes all that is written"),
        }
        escaped
    })
}
