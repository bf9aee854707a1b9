//! What is printed when the daemon is ready: for people at a glance, or one line for programs.
//!
//! May use: serde. Used by: `run`.

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use serde::Serialize;

/// One line of JSON. Tests start the daemon with port 0 everywhere and read this.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Announcement {
    /// The first HTTPS address as a URL, by IP; loopback where the socket takes every address.
    pub(crate) https: Option<String>,
    /// The first HTTP address as a URL.
    pub(crate) http: Option<String>,
    /// The first STUN address as `ip:port`.
    pub(crate) stun: Option<String>,
    /// The certificate of the box's CA.
    pub(crate) ca: PathBuf,
    /// This process.
    pub(crate) pid: u32,
}

impl Announcement {
    /// Prints it as one line.
    pub(crate) fn print_json(&self, out: &mut impl Write) -> io::Result<()> {
        serde_json::to_writer(&mut *out, self)?;
        writeln!(out)?;
        out.flush()
    }
}

/// An address that this machine can reach a listening socket by.
pub(crate) fn reachable(bound: SocketAddr) -> SocketAddr {
    if bound.ip().is_unspecified() {
        return (IpAddr::V4(Ipv4Addr::LOCALHOST), bound.port()).into();
    }
    bound
}
