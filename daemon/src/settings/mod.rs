//! Settings: layers of raw values become one checked value, or every problem at once.
//!
//! One layer is forgiving: a technician's `kelas.toml` on the card. A box that a slip of the pen
//! keeps from starting cannot even say so to somebody who has no screen for it; without that
//! file, whole, it starts and tells on its pages what is wrong.
//!
//! May use: `args`, `base`, config. Used by: `run`, `check`, and whoever is handed a part.

pub(crate) mod answers;
#[cfg(test)]
mod document;
pub(crate) mod key;
mod layer;
mod parse;
mod preseed;
pub(crate) mod problem;
#[cfg(test)]
mod tests;

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

use base::limits;

use crate::args::{Announce, Options};
use answers::Answers;
use key::Visibility;
use layer::{Layers, Raw};
use problem::Problem;

/// Every setting, checked. Each field's meaning stands in [`key::all`].
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) data: PathBuf,
    pub(crate) names: Vec<String>,
    /// Empty: follow the machine's private addresses.
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) listen_http: Vec<SocketAddr>,
    pub(crate) listen_https: Vec<SocketAddr>,
    pub(crate) listen_stun: Vec<SocketAddr>,
    pub(crate) log: String,
    pub(crate) demo: bool,
    pub(crate) announce: Announce,
    /// Empty: none.
    pub(crate) console: PathBuf,
    pub(crate) network: Networking,
    /// Empty: the machine is not ours to command.
    pub(crate) host: PathBuf,
    /// Socket behind which bots are started; empty: they are children.
    pub(crate) bots: PathBuf,
    /// Asked of whoever claims the box; empty: nothing is.
    pub(crate) claim_code: String,
    pub(crate) peerjs: PeerJs,
    pub(crate) limits: Limits,
    /// What the wizard need not ask.
    pub(crate) answers: Answers,
}

/// Who runs the machine's network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Networking {
    /// Nobody whom the daemon may command.
    None,
    /// NetworkManager.
    NetworkManager,
    /// Nobody; it only looks so.
    Pretend(Pretence),
}

/// How a network that is only pretended behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pretence {
    /// As it should.
    Well,
    /// There is no radio.
    NoRadio,
    /// The radio is blocked.
    Blocked,
    /// Something else holds the radio, so that no access point comes up.
    Busy,
    /// As it should, and what is not confirmed within seconds is taken back.
    Hasty,
}

/// Settings of the PeerJS dialect.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PeerJs {
    pub(crate) enabled: bool,
    pub(crate) allow_discovery: bool,
    pub(crate) concurrent_limit: usize,
    pub(crate) alive_timeout_ms: u64,
    pub(crate) expire_timeout_ms: u64,
}

/// Limits that an operator may lower.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) connections: usize,
    pub(crate) connections_per_address: usize,
    pub(crate) stun_per_second: usize,
    /// 0: as much as the card has.
    pub(crate) files_gb: usize,
}

/// Checked settings, and for each key what is in force and whence.
#[derive(Debug)]
pub(crate) struct Effective {
    pub(crate) settings: Settings,
    /// Name, value for people, source.
    pub(crate) report: Vec<(&'static str, String, String)>,
    /// All that is wrong with the files on the boot partition. Of one in which anything is wrong,
    /// nothing counts.
    pub(crate) left_out: Vec<Problem>,
}

/// What the image ships and what the site's pages changed. Absent files are no problem.
const STANDARD_FILES: [&str; 2] = ["/usr/share/kelas/kelasd.toml", "/data/kelas/kelasd.toml"];

/// The environment's variables. Those that are not text cannot be ours and are left out.
pub(crate) fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

/// Problems of the boot partition's file that are told: whoever has put these right sees the rest.
const MOST_LEFT_OUT: usize = 50;

/// Reads all layers. The error is everything that is wrong with any that must be right.
pub(crate) fn read(
    options: &Options,
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<Effective, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut layers = layer::built_in();
    for path in STANDARD_FILES.iter().map(Path::new).filter(|path| path.exists()) {
        layer::file(path, &mut layers, &mut problems);
    }
    let mut left_out = preseed::lay(&options.boot_config, &mut layers);
    left_out.extend(boot_file(&options.boot_config, &mut layers));
    left_out.truncate(MOST_LEFT_OUT);
    for path in &options.config {
        layer::file(path, &mut layers, &mut problems);
    }
    layer::environment(environment, &mut layers, &mut problems);
    layer::flags(options, &mut layers);
    let report = report(&layers);
    match check(&layers, &mut problems) {
        Some(settings) if problems.is_empty() => Ok(Effective { settings, report, left_out }),
        _ => Err(problems),
    }
}

/// Lays the file on the boot partition over `layers`, or nothing of it if anything in it is
/// wrong: half of what a technician meant may be worse than none of it.
fn boot_file(path: &Path, layers: &mut Layers) -> Vec<Problem> {
    // A folder that may not be looked into, or a card that fails, is not an absent file.
    if matches!(path.try_exists(), Ok(false)) {
        return Vec::new();
    }
    let (mut own, mut problems) = (Layers::new(), Vec::new());
    layer::file(path, &mut own, &mut problems);
    lay_if_sound(own, layers, problems)
}

/// Lays a layer over `layers` if it is right by itself; what is wrong with it otherwise.
fn lay_if_sound(own: Layers, layers: &mut Layers, mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut alone = layer::built_in();
    alone.extend(own.clone());
    check(&alone, &mut problems);
    if problems.is_empty() {
        layers.extend(own);
    }
    problems
}

/// Checks every value before giving up on any.
fn check(layers: &Layers, problems: &mut Vec<Problem>) -> Option<Settings> {
    let mut take = Taker { layers, problems };
    let data = take.value("data", parse::folder);
    let names = take.value("names", parse::names);
    let addresses = take.value("addresses", parse::ips);
    let listen_http = take.value("listen.http", parse::addresses);
    let listen_https = take.value("listen.https", parse::addresses);
    let listen_stun = take.value("listen.stun", parse::addresses);
    let log = take.value("log", parse::filter);
    let demo = take.value("demo", parse::switch);
    let announce = take.value("announce", parse::announce);
    let console = take.value("console", parse::file);
    let network = take.value("network", parse::network);
    let host = take.value("host", parse::file);
    let bots = take.value("bots", parse::file);
    let claim_code = take.value("setup.claim_code", parse::secret);
    let peerjs = peerjs(&mut take);
    let connections = take.value("limits.connections", |raw| parse::number(raw, 16..=limits::CONNECTIONS));
    let connections_per_address =
        take.value("limits.connections_per_address", |raw| parse::number(raw, 4..=limits::CONNECTIONS));
    let files_gb = take.value("limits.files_gb", |raw| parse::number(raw, 0..=100_000));
    let answers = answers::take(&mut take);
    let stun_per_second = take.value("limits.stun_per_second", |raw| parse::number(raw, 1..=10_000));
    Some(Settings {
        data: data?,
        names: names?,
        addresses: addresses?,
        listen_http: listen_http?,
        listen_https: listen_https?,
        listen_stun: listen_stun?,
        log: log?,
        demo: demo?,
        announce: announce?,
        console: console?,
        network: network?,
        host: host?,
        bots: bots?,
        claim_code: claim_code?,
        peerjs: peerjs?,
        limits: Limits {
            connections: connections?,
            connections_per_address: connections_per_address?,
            stun_per_second: stun_per_second?,
            files_gb: files_gb?,
        },
        answers: answers?,
    })
}

fn peerjs(take: &mut Taker<'_>) -> Option<PeerJs> {
    let enabled = take.value("peerjs.enabled", parse::switch);
    let allow_discovery = take.value("peerjs.allow_discovery", parse::switch);
    let concurrent_limit =
        take.value("peerjs.concurrent_limit", |raw| parse::number(raw, 1..=limits::PEERJS_CONNECTIONS));
    let alive_timeout_ms = take.value("peerjs.alive_timeout_ms", |raw| parse::number(raw, 1_000..=3_600_000));
    let expire_timeout_ms = take.value("peerjs.expire_timeout_ms", |raw| parse::number(raw, 1_000..=60_000));
    Some(PeerJs {
        enabled: enabled?,
        allow_discovery: allow_discovery?,
        concurrent_limit: concurrent_limit?,
        alive_timeout_ms: alive_timeout_ms? as u64,
        expire_timeout_ms: expire_timeout_ms? as u64,
    })
}

struct Taker<'a> {
    layers: &'a Layers,
    problems: &'a mut Vec<Problem>,
}

impl Taker<'_> {
    /// A value that does not go together with others.
    fn wrong(&mut self, name: &'static str) {
        let key = key::find(name).expect("every setting that is taken is in the table of keys");
        self.problems.push(Problem::invalid(key, &self.layers[name]));
    }

    fn value<T>(&mut self, name: &'static str, parse: impl Fn(&Raw) -> Option<T>) -> Option<T> {
        let sourced = &self.layers[name];
        let value = parse(&sourced.raw);
        if value.is_none() {
            self.wrong(name);
        }
        value
    }
}

fn report(layers: &Layers) -> Vec<(&'static str, String, String)> {
    key::all()
        .map(|key| {
            let sourced = &layers[key.name];
            let value = match key.visibility {
                Visibility::Shown => sourced.raw.shown(),
                Visibility::Hidden => "(hidden)".to_owned(),
            };
            (key.name, value, sourced.source.clone())
        })
        .collect()
}
