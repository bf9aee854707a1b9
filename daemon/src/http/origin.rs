//! Whose page sent this? The check that keeps another site's page from acting in a person's name.
//!
//! A browser sends our cookies along with whatever page asks, and `SameSite` does not hold for
//! WebSockets. What a page cannot forge is `Origin` (RFC 6454, 7) and `Sec-Fetch-Site` (W3C Fetch
//! Metadata). And because a hostile page can let its own name point at the box (DNS rebinding),
//! agreeing with `Host` is not enough: the name must be one of the box's.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base::{Code, Error};
use http::uri::Authority;
use http::{HeaderMap, Method, header};

use crate::http::peer::{Peer, Transport};
use crate::http::problem::Problem;

/// Names that the box answers to with a session: its own, `localhost`, and any IP address.
#[derive(Clone, Debug)]
pub(crate) struct OwnNames(Arc<[String]>);

impl OwnNames {
    /// `names` in lower case, as the settings have them.
    pub(crate) fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.to_ascii_lowercase()).collect())
    }

    fn has(&self, host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        bare.parse::<IpAddr>().is_ok() || host == "localhost" || self.0.contains(&host)
    }
}

/// Middleware: refuses unsafe methods and upgrades that another site's page sent. To be laid
/// over a router with `axum::middleware::from_fn_with_state(own_names, origin::guard)`.
pub(crate) async fn guard(State(names): State<OwnNames>, request: Request, next: Next) -> Response {
    let guarded = !request.method().is_safe() || is_upgrade(request.headers());
    if guarded {
        let transport = request.extensions().get::<Peer>().map_or(Transport::Plain, |peer| peer.transport);
        if let Err(error) = check(request.method(), request.headers(), transport, &names) {
            return Problem(error).into_response();
        }
    }
    next.run(request).await
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE)
}

/// Whether a request with an effect comes from our own page, or from no page at all.
///
/// A program that is not a browser sends neither header; it has no person's cookies to misuse, so
/// it passes. An upgrade must name its origin, as every browser does.
pub(crate) fn check(
    method: &Method,
    headers: &HeaderMap,
    transport: Transport,
    names: &OwnNames,
) -> Result<(), Error> {
    let refused = |why: &'static str| Err(Error::new(Code::OriginRefused).because(why));
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let Some(host) = host.and_then(|host| host.parse::<Authority>().ok()) else {
        return refused("no Host");
    };
    if !names.has(host.host()) {
        return refused("Host is none of our names");
    }
    let site = headers.get("sec-fetch-site").map(http::HeaderValue::as_bytes);
    if !matches!(site, None | Some(b"same-origin" | b"none")) {
        return refused("Sec-Fetch-Site is another site");
    }
    match headers.get(header::ORIGIN) {
        Some(origin) if origin.to_str().is_ok_and(|origin| is_ours(origin, &host, transport)) => Ok(()),
        Some(_) => refused("Origin is not the Host's"),
        None if method.is_safe() => refused("an upgrade without Origin"),
        None => Ok(()),
    }
}

fn is_ours(origin: &str, host: &Authority, transport: Transport) -> bool {
    let (scheme, default_port) = match transport {
        Transport::Plain => ("http://", 80),
        Transport::Tls => ("https://", 443),
    };
    let Some(authority) = origin.strip_prefix(scheme).and_then(|rest| rest.parse::<Authority>().ok()) else {
        return false;
    };
    let port = |authority: &Authority| authority.port_u16().unwrap_or(default_port);
    authority.host().eq_ignore_ascii_case(host.host()) && port(&authority) == port(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(transport: Transport, method: &Method, pairs: &[(&'static str, &str)]) -> bool {
        let names = OwnNames::new(&["kelas.internal".to_owned()]);
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().expect("a header's value"));
        }
        check(method, &headers, transport, &names).is_ok()
    }

    #[test]
    fn our_own_pages_pass_under_every_name() {
        for host in
            ["kelas.internal", "KELAS.internal", "10.42.0.1", "[fe80::1]", "localhost", "10.0.0.1:8443"]
        {
            let origin = format!("https://{host}");
            let pairs = [("host", host), ("origin", origin.as_str()), ("sec-fetch-site", "same-origin")];
            assert!(passes(Transport::Tls, &Method::POST, &pairs), "{host}");
        }
        let pairs = [("host", "kelas.internal:443"), ("origin", "https://kelas.internal")];
        assert!(passes(Transport::Tls, &Method::POST, &pairs));
    }

    #[test]
    fn other_pages_do_not() {
        let host = ("host", "kelas.internal");
        let table: [&[(&str, &str)]; 9] = [
            &[host, ("origin", "https://evil.example")],
            &[host, ("origin", "null")],
            &[host, ("origin", "https://kelas.internal.evil.example")],
            &[host, ("origin", "https://kelas.internal:8443")],
            &[host, ("origin", "http://kelas.internal")],
            &[host, ("origin", "https://kelas.internal"), ("sec-fetch-site", "cross-site")],
            &[host, ("origin", "https://kelas.internal"), ("sec-fetch-site", "same-site")],
            &[("host", "evil.example"), ("origin", "https://evil.example")],
            &[("origin", "https://kelas.internal")],
        ];
        for pairs in table {
            assert!(!passes(Transport::Tls, &Method::POST, pairs), "{pairs:?}");
            assert!(!passes(Transport::Tls, &Method::GET, pairs), "{pairs:?}");
        }
    }

    #[test]
    fn a_program_that_is_no_browser_may_post_but_an_upgrade_names_its_origin() {
        assert!(passes(Transport::Plain, &Method::POST, &[("host", "10.42.0.1")]));
        assert!(!passes(Transport::Plain, &Method::GET, &[("host", "10.42.0.1"), ("upgrade", "websocket")]));
    }
}
