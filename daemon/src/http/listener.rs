//! Accepting: one loop per socket, which never ends because of a bad moment.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use rustls::ServerConfig;
use tokio::net::{TcpListener, TcpStream};

use crate::http::admission::Admission;
use crate::http::connection;
use crate::http::counters::Counters;
use crate::http::peer::{Peer, Transport};
use crate::tasks::Tasks;

/// How long accepting pauses after an error. Most are for want of file descriptors, which come
/// back as connections end; leaving the loop would turn a full moment into a dead server.
const BACK_OFF: Duration = Duration::from_millis(100);

/// What every connection needs. Clones share it.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) router: Router,
    pub(crate) tls: Arc<ServerConfig>,
    pub(crate) admission: Admission,
    pub(crate) counters: Arc<Counters>,
    pub(crate) tasks: Tasks,
}

/// Accepts connections until the daemon stops.
pub(crate) async fn accept(server: Server, listener: TcpListener, transport: Transport) {
    let stopping = server.tasks.stopping();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stopping.cancelled() => return,
        };
        match accepted {
            Ok((stream, remote)) => admit(&server, stream, remote, transport),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::select! {
                    () = tokio::time::sleep(BACK_OFF) => {}
                    () = stopping.cancelled() => return,
                }
            }
        }
    }
}

fn admit(server: &Server, stream: TcpStream, remote: std::net::SocketAddr, transport: Transport) {
    let address = remote.ip().to_canonical();
    let place = match server.admission.admit(address) {
        Ok(place) => place,
        Err(refused) => return server.counters.refused(refused, address),
    };
    server.counters.accepted();
    // Signaling is small messages that somebody waits for: Nagle's algorithm only delays them.
    let local = stream.set_nodelay(true).and_then(|()| stream.local_addr());
    let local = match local {
        Ok(local) => local,
        Err(error) => return tracing::debug!(%error, "the connection was gone at once"),
    };
    let peer = Peer {
        remote: (address, remote.port()).into(),
        local: (local.ip().to_canonical(), local.port()).into(),
        transport,
    };
    server.tasks.spawn("connection", connection::serve(server.clone(), stream, peer, place));
}
