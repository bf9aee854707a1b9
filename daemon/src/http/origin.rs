//! Whose page sent this? The check that keeps another site's page from acting in a person's name.
//!
//! A browser sends our cookies along with whatever page asks, and `SameSite` does not hold for
//! WebSockets. What a page cannot forge is `Origin` (RFC 6454, 7) and `Sec-Fetch-Site` (W3C Fetch
//! Metadata). And because a hostile page can let its own name point at the box (DNS rebinding),
//! agreeing with `Host` is not enough: the name must be one of the box's.
//!
//! A browser may also come under a foreign name in good faith: our DNS answers every name with the
//! box, so that a phone's test for a captive portal finds the class. Its page is shown to it under
//! the box's address, where its forms work.

use std::net::SocketAddr;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use http::uri::{Authority, PathAndQuery};
use http::{HeaderMap, Method, Uri, header};

use crate::http::peer::{Peer, Transport};
use crate::http::problem::Problem;
use crate::names::Names;

/// Middleware: refuses unsafe methods and upgrades that another site's page sent, and leads who
/// reads under a foreign name to the box's own. To be laid over a router with
/// `axum::middleware::from_fn_with_state(names, origin::guard)`.
pub(crate) async fn guard(State(names): State<Names>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().copied();
    let transport = peer.map_or(Transport::Plain, |peer| peer.transport);
    let guarded = !request.method().is_safe() || is_upgrade(request.headers());
    if guarded {
        if let Err(error) = check(request.method(), request.headers(), transport, &names) {
            return Problem(error).into_response();
        }
    } else if let Some(peer) = peer
        && host(request.headers()).is_some_and(|host| !names.has(host.host()))
    {
        return Redirect::temporary(&own_address(request.uri(), &peer)).into_response();
    }
    next.run(request).await
}

fn is_upgrade(headers: &HeaderMap) -> bool {
    headers.contains_key(header::UPGRADE)
}

/// The same page by the address at which this client has reached us.
fn own_address(page: &Uri, peer: &Peer) -> String {
    let (scheme, default_port) = scheme(peer.transport);
    let path = page.path_and_query().map_or("/", PathAndQuery::as_str);
    match peer.local {
        local if local.port() != default_port => format!("{scheme}{local}{path}"),
        SocketAddr::V4(local) => format!("{scheme}{}{path}", local.ip()),
        SocketAddr::V6(local) => format!("{scheme}[{}]{path}", local.ip()),
    }
}

/// How an origin begins, and the port that it need not name.
const fn scheme(transport: Transport) -> (&'static str, u16) {
    match transport {
        Transport::Plain => ("http://", 80),
        Transport::Tls => ("https://", 443),
    }
}

fn host(headers: &HeaderMap) -> Option<Authority> {
    headers.get(header::HOST)?.to_str().ok()?.parse().ok()
}

/// Whether a request with an effect comes from our own page, or from no page at all.
///
/// A program that is not a browser sends neither header; it has no person's cookies to misuse, so
/// it passes. An upgrade must name its origin, as every browser does.
pub(crate) fn check(
    method: &Method,
    headers: &HeaderMap,
    transport: Transport,
    names: &Names,
) -> Result<(), Error> {
    let refused = |why: &'static str| Err(Error::new(Code::OriginRefused).because(why));
    let Some(host) = host(headers) else { return refused("no Host") };
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
    let (scheme, default_port) = scheme(transport);
    let Some(authority) = origin.strip_prefix(scheme).and_then(|rest| rest.parse::<Authority>().ok()) else {
        return false;
    };
    let port = |authority: &Authority| authority.port_u16().unwrap_or(default_port);
    authority.host().eq_ignore_ascii_case(host.host()) && port(&authority) == port(host)
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::body::Body;
    use axum::routing::get;
    use tower::ServiceExt as _;

    use super::*;

    fn passes(transport: Transport, method: &Method, pairs: &[(&'static str, &str)]) -> bool {
        let names = Names::new(&["kelas.internal".to_owned()]);
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
    async fn led_to(host: &str, peer: Peer) -> Option<String> {
        let names = Names::new(&["kelas.internal".to_owned()]);
        let router = Router::new()
            .route("/join/{code}", get(async || ""))
            .layer(axum::middleware::from_fn_with_state(names, guard));
        let request = Request::builder().uri("/join/ABC234?x=1").header(header::HOST, host).extension(peer);
        let request = request.body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.expect("infallible");
        let location = response.headers().get(header::LOCATION)?;
        Some(location.to_str().expect("plain characters").to_owned())
    }

    #[tokio::test]
    async fn who_comes_under_a_foreign_name_is_led_to_the_address_that_it_reached() {
        let peer = |local: &str, transport| Peer {
            remote: "10.42.0.7:50000".parse().expect("an address"),
            local: local.parse().expect("an address"),
            transport,
        };
        let plain = peer("10.42.0.1:80", Transport::Plain);
        let foreign = "connectivitycheck.gstatic.com";
        assert_eq!(led_to(foreign, plain).await.as_deref(), Some("http://10.42.0.1/join/ABC234?x=1"));
        let high = peer("[fd00::1]:8443", Transport::Tls);
        assert_eq!(led_to(foreign, high).await.as_deref(), Some("https://[fd00::1]:8443/join/ABC234?x=1"));
        let secure = peer("[fd00::1]:443", Transport::Tls);
        assert_eq!(led_to(foreign, secure).await.as_deref(), Some("https://[fd00::1]/join/ABC234?x=1"));
        for own in ["kelas.internal", "Kelas.Internal.:80", "10.42.0.1", "192.168.1.1:80", "localhost"] {
            assert_eq!(led_to(own, plain).await, None, "{own}");
        }
    }
}
