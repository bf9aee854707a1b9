//! What is printed when the daemon is ready: for people at a glance, or one line for programs.
//!
//! May use: `addresses`, `demo`, `i18n`, `fast_qr`. Used by: `run`.

mod text;

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::args::Announce;
use crate::demo::Demo;
use crate::sockets::Bound;

/// Where the daemon can be reached, and what to show beside.
#[derive(Debug)]
pub(crate) struct Announcement {
    pub(crate) bound: Bound,
    /// The names of the box; the first is shown.
    pub(crate) names: Vec<String>,
    /// By which other devices reach it now.
    pub(crate) addresses: Arc<[IpAddr]>,
    /// The authority's certificate.
    pub(crate) authority: PathBuf,
    /// Of that certificate, for who installs it to compare.
    pub(crate) fingerprint: String,
    pub(crate) demo: Option<Demo>,
}

/// One line of JSON. Tests start the daemon with port 0 everywhere and read this.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    https: Option<String>,
    http: Option<String>,
    stun: Option<String>,
    ca: &'a PathBuf,
    pid: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    teacher_link: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    join_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meeting: Option<i64>,
}

impl Announcement {
    /// Prints it on standard output.
    pub(crate) fn print(&self, form: Announce) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match form {
            Announce::Json => self.print_json(&mut out)?,
            Announce::Text => text::print(self, &mut out)?,
            Announce::None => {}
        }
        out.flush()
    }

    fn print_json(&self, out: &mut impl Write) -> io::Result<()> {
        let https = self.bound.https.map(|address| format!("https://{}", here(address)));
        let line = Line {
            http: self.bound.http.map(|address| format!("http://{}", here(address))),
            stun: self.bound.stun.map(|address| here(address).to_string()),
            ca: &self.authority,
            pid: std::process::id(),
            teacher_link: self
                .demo
                .as_ref()
                .map(|demo| format!("{}{}", https.as_deref().unwrap_or_default(), demo.teacher_path)),
            join_code: self.demo.as_ref().map(|demo| demo.join_code.as_str()),
            meeting: self.demo.as_ref().map(|demo| demo.meeting.0),
            https,
        };
        serde_json::to_writer(&mut *out, &line)?;
        writeln!(out)
    }
}

/// By which this machine itself reaches a socket.
fn here(bound: SocketAddr) -> SocketAddr {
    if bound.ip().is_unspecified() {
        return (IpAddr::V4(Ipv4Addr::LOCALHOST), bound.port()).into();
    }
    bound
}
