//! One connection: TLS if it is due, then HTTP/1.1 until either side has had enough.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use base::limits;
use futures_util::TryFutureExt as _;
use http::{Request, Response, StatusCode, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tower::ServiceExt as _;

use crate::http::admission::Place;
use crate::http::listener::Server;
use crate::http::peer::{Peer, Transport};
use crate::http::placed::Placed;

const HEADER_TIMEOUT: Duration = Duration::from_millis(limits::HEADER_TIMEOUT_MS);
/// Of the five seconds that a stop may take, what requests under way get to finish.
const FINISH_TIMEOUT: Duration = Duration::from_millis(limits::STOP_MS - 1_000);
/// First byte of every TLS connection: the record type `handshake` (RFC 8446, 5.1).
const TLS_HANDSHAKE: u8 = 22;

/// Serves `stream` to its end. `place` is given back when the connection is closed, also when
/// it was upgraded and is owned by somebody else by then.
pub(crate) async fn serve(server: Server, stream: TcpStream, peer: Peer, place: Place) {
    if peer.transport == Transport::Plain {
        return answer(&server, Placed::new(stream, place), peer).await;
    }
    let stopping = server.tasks.stopping();
    let opened = tokio::select! {
        // Boxed, so that the state of greeting is given back before the long idling begins.
        opened = timeout(HEADER_TIMEOUT, Box::pin(open(&server, stream, peer))) => opened,
        // Whoever has not finished greeting us loses nothing.
        () = stopping.cancelled() => return,
    };
    match opened {
        Ok(Some(stream)) => answer(&server, Placed::new(stream, place), peer).await,
        Ok(None) => {}
        Err(_) => server.counters.handshake_failed(),
    }
}

/// Makes TLS of a connection to the TLS port; `None` if there is nothing more to do for it.
async fn open(server: &Server, stream: TcpStream, peer: Peer) -> Option<TlsStream<TcpStream>> {
    match first_byte(&stream).await {
        Ok(Some(TLS_HANDSHAKE)) => {}
        Ok(Some(_)) => {
            point_to_https(stream, peer).await;
            return None;
        }
        Ok(None) | Err(_) => return None,
    }
    match TlsAcceptor::from(Arc::clone(&server.tls)).accept(stream).await {
        Ok(stream) => Some(stream),
        Err(error) => {
            server.counters.handshake_failed();
            // Debug, because every browser that meets an unknown authority first does this.
            tracing::debug!(address = %peer.remote.ip(), %error, "TLS handshake failed");
            None
        }
    }
}

async fn first_byte(stream: &TcpStream) -> io::Result<Option<u8>> {
    let mut byte = [0];
    Ok((stream.peek(&mut byte).await? > 0).then_some(byte[0]))
}

/// hyper's two buffers are 8 KiB each, its least, and grow to the limit only for a header that
/// needs it. They are most of what an idle connection costs, but HTTP idles for
/// [`HEADER_TIMEOUT`] at most, and an upgraded connection gives them back.
fn protocol() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .half_close(false)
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(limits::REQUEST_HEADER_BYTES);
    builder
}

async fn answer<S>(server: &Server, stream: Placed<S>, peer: Peer)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = server.router.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(peer);
        router.clone().oneshot(request.map(Body::new)).map_ok(without_length_of_nothing)
    });
    let mut connection = pin!(protocol().serve_connection(TokioIo::new(stream), service).with_upgrades());
    let stopping = server.tasks.stopping();
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopping.cancelled() => {
            connection.as_mut().graceful_shutdown();
            timeout(FINISH_TIMEOUT, connection).await.unwrap_or(Ok(()))
        }
    };
    if let Err(error) = ended {
        tracing::debug!(address = %peer.remote.ip(), %error, "connection ended");
    }
}

/// A 204 has no length (RFC 9110, 8.6), but the router counts what `HEAD` is not sent.
fn without_length_of_nothing(mut response: Response<Body>) -> Response<Body> {
    if response.status() == StatusCode::NO_CONTENT {
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

/// Answers plain HTTP on the TLS port: a person typed `http://` before the HTTPS port.
async fn point_to_https(stream: TcpStream, peer: Peer) {
    let service = service_fn(move |request: Request<Incoming>| {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.map_or_else(|| peer.local.to_string(), str::to_owned);
        let text = format!("This port speaks HTTPS. Open https://{host}{}\n", request.uri().path());
        let mut response = Response::new(text);
        *response.status_mut() = StatusCode::BAD_REQUEST;
        let plain = http::HeaderValue::from_static("text/plain; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, plain);
        let nosniff = http::HeaderValue::from_static("nosniff");
        response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, nosniff);
        std::future::ready(Ok::<_, std::convert::Infallible>(response))
    });
    let connection = protocol().keep_alive(false).serve_connection(TokioIo::new(stream), service);
    if let Err(error) = connection.await {
        tracing::debug!(address = %peer.remote.ip(), %error, "plain HTTP on the TLS port");
    }
}
