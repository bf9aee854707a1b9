//! A client's socket: its query, and what it says.

use axum::extract::{Query, Request};
use axum::response::{IntoResponse, Response};
use peerjs::ConnectionId;
use room::Frame;
use tokio_tungstenite::tungstenite::Bytes;

use super::switchboard::{Switchboard, Wanted};
use super::{Shared, answer};
use crate::http::problem::Problem;
use crate::live::outgoing;
use crate::live::websocket::{self, Listener};

/// Answers the handshake and connects the socket with the broker, which decides whether the
/// client may stay: PeerServer tells its refusals over the socket too.
pub(super) async fn open(shared: &Shared, mut request: Request) -> Response {
    let wanted = wanted(&request);
    let Ok((response, upgrade)) = websocket::accept(&mut request, None) else {
        return answer::upgrade_refused();
    };
    let (sender, receiver) = outgoing::queue();
    let switchboard = shared.switchboard.clone();
    let connection = match switchboard.connect(wanted, sender).await {
        Ok(connection) => connection,
        Err(stopped) => return Problem(stopped).into_response(),
    };
    shared.tasks.spawn("peerjs socket", async move {
        let client = Client { connection, switchboard: switchboard.clone() };
        websocket::serve(upgrade, receiver, client).await;
        switchboard.disconnected(connection).await;
    });
    response
}

/// Reads the query as `URLSearchParams` does: of a repeated name the last counts.
fn wanted(request: &Request) -> Wanted {
    let mut wanted = Wanted::default();
    let Ok(Query(pairs)) = Query::<Vec<(String, String)>>::try_from_uri(request.uri()) else {
        return wanted;
    };
    for (name, value) in pairs {
        match name.as_str() {
            "key" => wanted.key = value,
            "id" => wanted.id = value,
            "token" => wanted.token = value,
            _ => {}
        }
    }
    wanted
}

struct Client {
    connection: ConnectionId,
    switchboard: Switchboard,
}

impl Listener for Client {
    async fn text(&mut self, text: String) {
        self.switchboard.received(self.connection, text).await;
    }

    /// JSON in binary frames is as good, and bytes that are no UTF-8 spoil only their own text.
    async fn binary(&mut self, bytes: Bytes) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        self.switchboard.received(self.connection, text).await;
    }

    fn silent(&self) -> Option<Frame> {
        None
    }
}
