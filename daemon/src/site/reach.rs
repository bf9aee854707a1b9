//! How others reach this box: the addresses in links, QR codes and on the board.

use fast_qr::convert::Builder as _;
use fast_qr::convert::Shape;
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::qr::QRBuilder;
use http::{HeaderMap, header};

use crate::addresses::{self, Addresses, with_port};
use crate::http::peer::Peer;

/// The ports that browsers use, and the addresses of the box that are not loopback.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    /// The port of plain HTTP.
    pub(crate) http_port: u16,
    /// The port of HTTPS.
    pub(crate) https_port: u16,
    /// Addresses by which other devices reach the box.
    pub(crate) addresses: Addresses,
}

impl Reach {
    /// The secure origin by the same host that the visitor used, so that a certificate accepted
    /// or a cookie set there counts.
    pub(crate) fn secure_origin(&self, headers: &HeaderMap, peer: &Peer) -> String {
        let host = host_of(headers).map_or_else(|| addresses::host(peer.local.ip()), str::to_owned);
        self.secure_address(&host)
    }

    /// The secure origin by a host name or an address in brackets.
    pub(crate) fn secure_address(&self, host: &str) -> String {
        with_port(&format!("https://{host}"), self.https_port, 443)
    }

    /// What a student's phone opens from the QR code: by IP, because names need our DNS.
    pub(crate) fn join_address(&self, peer: &Peer, code: &str) -> String {
        let origin = format!("https://{}", self.shown_host(peer));
        format!("{}/join/{code}", with_port(&origin, self.https_port, 443))
    }

    /// What is short enough to type from a board.
    pub(crate) fn typed_address(&self, peer: &Peer) -> String {
        with_port(&self.shown_host(peer), self.http_port, 80)
    }

    /// The address by which the teacher came is in the same network as the students, unless the
    /// teacher sits at the box itself.
    pub(crate) fn shown_host(&self, peer: &Peer) -> String {
        let own = peer.local.ip().to_canonical();
        let shown = if own.is_loopback() { self.addresses.now().first().copied() } else { None };
        addresses::host(shown.unwrap_or(own))
    }
}

/// The host of the request without its port, if it looks like one.
pub(super) fn host_of(headers: &HeaderMap) -> Option<&str> {
    let host = headers.get(header::HOST)?.to_str().ok()?;
    let end = if host.starts_with('[') { host.find(']')? + 1 } else { host.find(':').unwrap_or(host.len()) };
    let (host, rest) = host.split_at(end);
    let port = rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    let plain = host
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'[' | b']' | b':'));
    (port && plain && !host.is_empty()).then_some(host)
}

/// A QR code as SVG, for the page to scale. Nothing if `text` does not fit in one.
pub(crate) fn qr(text: &str) -> String {
    match QRBuilder::new(text).build() {
        Ok(code) => SvgBuilder::default().shape(Shape::Square).to_str(&code),
        Err(error) => {
            tracing::error!(?error, "an address is too long for a QR code");
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::http::peer::Transport;

    fn peer(local: &str) -> Peer {
        let remote = "10.42.0.7:50000".parse().expect("an address");
        Peer { remote, local: local.parse().expect("an address"), transport: Transport::Plain }
    }

    fn headers(host: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::HOST, HeaderValue::from_static(host))])
    }

    #[test]
    fn the_secure_address_keeps_the_host_that_the_visitor_used() {
        let reach = Reach { http_port: 8080, https_port: 8443, addresses: Addresses::fixed(Vec::new()) };
        let peer = peer("10.42.0.1:8080");
        assert_eq!(reach.secure_origin(&headers("kelas.local:8080"), &peer), "https://kelas.local:8443");
        assert_eq!(reach.secure_origin(&headers("[fd00::1]:8080"), &peer), "https://[fd00::1]:8443");
        for hostile in ["evil\" onload=x", "a@b", "x:y:z", ""] {
            assert_eq!(reach.secure_origin(&headers(hostile), &peer), "https://10.42.0.1:8443", "{hostile}");
        }
    }

    #[test]
    fn usual_ports_are_not_shown_and_loopback_is_not_for_others() {
        let addresses = Addresses::fixed(vec!["10.42.0.1".parse().expect("an address")]);
        let reach = Reach { http_port: 80, https_port: 443, addresses };
        assert_eq!(reach.join_address(&peer("127.0.0.1:443"), "ABC234"), "https://10.42.0.1/join/ABC234");
        assert_eq!(reach.typed_address(&peer("[::ffff:192.168.1.5]:80")), "192.168.1.5");
        let nowhere = Reach { http_port: 8080, https_port: 443, addresses: Addresses::fixed(Vec::new()) };
        assert_eq!(nowhere.typed_address(&peer("127.0.0.1:80")), "127.0.0.1:8080");
    }

    #[test]
    fn a_qr_code_is_drawn() {
        assert!(qr("https://10.42.0.1/join/ABC234").starts_with("<svg "));
        assert_eq!(qr(&"x".repeat(10_000)), "");
    }
}
