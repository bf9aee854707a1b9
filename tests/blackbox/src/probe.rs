//! The probes by which systems look for a captive portal: `tests/portal-probes.json`, which the
//! tests over sockets and those over the air read alike.

use serde::Deserialize;

const TABLE: &str = include_str!("../../portal-probes.json");

#[derive(Deserialize)]
struct Row {
    system: String,
    hosts: Vec<String>,
    paths: Vec<String>,
    version: String,
    headers: Vec<String>,
    status: u16,
    r#type: Option<String>,
    body: String,
    more: Vec<String>,
}

/// What one system asks, and the answer that tells it that all is well.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Who asks.
    pub system: String,
    /// The host that is asked.
    pub host: String,
    /// The path with its query.
    pub path: String,
    /// Of HTTP: `1.0` or `1.1`.
    pub version: String,
    /// The lines of its header, `Host` aside.
    pub headers: Vec<String>,
    /// The success answer's status.
    pub status: u16,
    /// The success answer's `Content-Type`.
    pub content_type: Option<String>,
    /// The success answer's body.
    pub body: String,
    /// Lines of the success answer's header that only this system looks for, in lower case.
    pub more: Vec<String>,
}

impl Probe {
    /// Every host and path of the table.
    ///
    /// # Panics
    /// If the table is not of its form.
    pub fn all() -> Vec<Self> {
        let rows: Vec<Row> = serde_json::from_str(TABLE).expect("tests/portal-probes.json is of its form");
        rows.iter().flat_map(Row::probes).collect()
    }

    /// The request as its sender writes it, with this method.
    pub fn request(&self, method: &str) -> String {
        let Self { host, path, version, .. } = self;
        let headers = self.headers.join("\r\n");
        format!("{method} {path} HTTP/{version}\r\nHost: {host}\r\n{headers}\r\n\r\n")
    }
}

impl Row {
    fn probes(&self) -> impl Iterator<Item = Probe> {
        let pairs = self.hosts.iter().flat_map(|host| self.paths.iter().map(move |path| (host, path)));
        pairs.map(|(host, path)| Probe {
            system: self.system.clone(),
            host: host.clone(),
            path: path.clone(),
            version: self.version.clone(),
            headers: self.headers.clone(),
            status: self.status,
            content_type: self.r#type.clone(),
            body: self.body.clone(),
            more: self.more.clone(),
        })
    }
}
