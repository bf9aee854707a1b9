//! Which answer an address gets, as PeerServer mounted at `/peerjs` gives it.

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use base::Code;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, UPGRADE};
use http::{HeaderMap, HeaderValue, Method, StatusCode};

use super::{Discovery, Shared, cors, socket};
use crate::http::problem::Problem;

const DESCRIPTION: &str = concat!(
    r#"{"name":"PeerJS Server","#,
    r#""description":"A server side element to broker connections between PeerJS clients.","#,
    r#""website":"https://peerjs.com/"}"#
);

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const PLAIN: HeaderValue = HeaderValue::from_static("text/plain; charset=utf-8");

/// Answers one request under `/peerjs`.
pub(super) async fn answer(State(shared): State<Shared>, request: Request) -> Response {
    if is_upgrade(request.headers()) {
        return match request.uri().path() {
            "/peerjs/peerjs" => socket::open(&shared, request).await,
            _ => upgrade_refused(),
        };
    }
    let headers = request.headers();
    let mut response = if request.method() == Method::OPTIONS {
        cors::preflight(headers)
    } else {
        page(&shared, request.method(), request.uri().path()).await
    };
    cors::reflect(headers, &mut response);
    response
}

async fn page(shared: &Shared, method: &Method, path: &str) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Problem::from(Code::NotFound).into_response();
    }
    let path = path.strip_prefix("/peerjs").unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    match path.split('/').collect::<Vec<_>>()[..] {
        [""] => content(StatusCode::OK, JSON, DESCRIPTION),
        // Which key it is does not matter: in PeerServer it guards the socket alone.
        ["", key, "id"] if !key.is_empty() => match shared.switchboard.free_id().await {
            Ok(id) => content(StatusCode::OK, HTML, id),
            Err(stopped) => Problem(stopped).into_response(),
        },
        ["", key, "peers"] if !key.is_empty() => peers(shared).await,
        _ => Problem::from(Code::NotFound).into_response(),
    }
}

async fn peers(shared: &Shared) -> Response {
    if shared.discovery == Discovery::Refused {
        return content(StatusCode::UNAUTHORIZED, PLAIN, "Unauthorized");
    }
    match shared.switchboard.ids().await {
        Ok(ids) => {
            let ids: serde_json::Value = ids.iter().map(|id| &**id).collect();
            content(StatusCode::OK, JSON, ids.to_string())
        }
        Err(stopped) => Problem(stopped).into_response(),
    }
}

fn content(status: StatusCode, kind: HeaderValue, body: impl IntoResponse) -> Response {
    let mut response = (status, body).into_response();
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// What every upgrade gets that is not PeerServer's socket.
pub(super) fn upgrade_refused() -> Response {
    let mut response = (StatusCode::BAD_REQUEST, "Bad Request").into_response();
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Whether the client asks for another protocol, as Node.js decides it.
fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(UPGRADE)
        && headers
            .get_all(CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .any(|option| option.trim().eq_ignore_ascii_case("upgrade"))
}
