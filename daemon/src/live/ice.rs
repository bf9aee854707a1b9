//! The STUN server that a page is told, by the address under which its client reached us.
//!
//! An IP and never a name: looking up a name that cannot be resolved costs Chromium 13 seconds
//! before it connects, and an address of another network of the box may not be reachable at all.

use std::net::IpAddr;

use room::message::shared::IceServer;

/// The STUN server for a client that reached us at `local`; none if the daemon serves none, or
/// if the address is an IPv6 link-local one, which means nothing without its interface.
pub(super) fn servers(local: IpAddr, stun_port: Option<u16>) -> Vec<IceServer> {
    let Some(port) = stun_port else { return Vec::new() };
    let url = match local.to_canonical() {
        IpAddr::V4(address) => format!("stun:{address}:{port}"),
        IpAddr::V6(address) if address.is_unicast_link_local() => return Vec::new(),
        IpAddr::V6(address) => format!("stun:[{address}]:{port}"),
    };
    vec![IceServer { urls: vec![url] }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(local: &str, port: Option<u16>) -> Vec<String> {
        servers(local.parse().expect("an address"), port).into_iter().flat_map(|server| server.urls).collect()
    }

    #[test]
    fn addresses_are_written_as_urls_have_them() {
        assert_eq!(urls("10.42.0.1", Some(3478)), ["stun:10.42.0.1:3478"]);
        assert_eq!(urls("::ffff:10.42.0.1", Some(3478)), ["stun:10.42.0.1:3478"]);
        assert_eq!(urls("fd00::1", Some(5000)), ["stun:[fd00::1]:5000"]);
        assert_eq!(urls("fe80::1", Some(3478)), Vec::<String>::new());
        assert_eq!(urls("10.42.0.1", None), Vec::<String>::new());
    }
}
