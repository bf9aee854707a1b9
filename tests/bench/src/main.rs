//! `make bench`: kelasd and the thesis's stack side by side, in interleaved runs on one machine.
//!
//! Only ratios of one run mean anything: the machine's speed drifts, and both share it with the
//! clients. Traffic goes to loopback alone, in bounded rounds.
//!
//! `bench class saturation chat crowd` measures the parts named and keeps no result.

mod client;
mod process;
mod report;
mod socket;
mod workload;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use client::Protocol;
use process::Server;
use report::{Machine, Report, Row};
use socket::Dialer;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// People of the thesis's experiment.
const CLASS: usize = 7;
/// People in the saturated room and in the chat.
const ROOM: usize = 40;
/// Idle connections, everyone with a session of their own.
const CROWD: usize = 1_000;
/// What can be measured by itself.
const PARTS: [&str; 4] = ["class", "saturation", "chat", "crowd"];
/// Two connections for each of the crowd, as the thesis's pages have, and room for the rest.
const OPEN_FILES: u64 = 4_096;

struct Bench {
    root: PathBuf,
    runs: usize,
    /// The parts to measure, all if none is named; a choice is shown and not kept.
    only: Vec<String>,
    rows: Vec<Row>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let runs = std::env::var("KELAS_BENCH_RUNS").ok().map_or(Ok(3), |runs| runs.parse())?;
    let only: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = only.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("no part is called {unknown}; there are {}", PARTS.join(", ")).into());
    }
    raise_open_files()?;
    let mut bench = Bench { root, runs, only, rows: Vec::new() };
    bench.measure().await?;
    let report = Report { machine: bench.machine()?, rows: bench.rows };
    println!("{}", report.table());
    if !bench.only.is_empty() {
        return Ok(());
    }
    report.write(&bench.root.join("tests/bench/results"), &bench.root.join("README.md"))
}

/// One server of each kind with the way to talk to it; stopped together.
struct Pair {
    kelas: (Server, Dialer, Protocol),
    thesis: (Server, Dialer, Protocol),
    _folder: tempfile::TempDir,
}

impl Pair {
    async fn start(root: &Path) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let server = Server::kelasd(&root.join("target/release/kelasd"), folder.path()).await?;
        let dialer = Dialer::new(Path::new(&server.text("ca")?))?;
        let (_, port) = server
            .text("https")?
            .rsplit_once(':')
            .map(|(host, port)| (host.to_owned(), port.to_owned()))
            .ok_or("no port")?;
        let join_code = server.text("joinCode")?;
        let protocol = Protocol::Kelas { port: port.parse()?, meeting: server.number("meeting")?, join_code };
        let (key, certificate) = self_signed(folder.path())?;
        let node = Server::node(&root.join("tests/bench/stack"), &key, &certificate).await?;
        let thesis = Protocol::Thesis {
            peers: u16::try_from(node.number("peers")?)?,
            classroom: u16::try_from(node.number("classroom")?)?,
        };
        let node_dialer = Dialer::new(&certificate)?;
        Ok(Self { kelas: (server, dialer, protocol), thesis: (node, node_dialer, thesis), _folder: folder })
    }

    async fn stop(self) -> Outcome<()> {
        self.kelas.0.stop().await?;
        self.thesis.0.stop().await
    }
}

impl Bench {
    async fn measure(&mut self) -> Outcome<()> {
        for run in 0..self.runs {
            eprintln!("run {} of {}", run + 1, self.runs);
            if self.wants("class") {
                self.class().await?;
            }
            if self.wants("saturation") {
                self.saturation().await?;
            }
            if self.wants("chat") {
                self.chat().await?;
            }
            if self.wants("crowd") {
                self.crowd().await?;
            }
        }
        Ok(())
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == part)
    }

    /// The thesis's experiment: seven people meet.
    async fn class(&mut self) -> Outcome<()> {
        let pair = Pair::start(&self.root).await?;
        let ((kelas, dialer, protocol), (node, node_dialer, thesis)) = (&pair.kelas, &pair.thesis);
        self.less("memory (PSS) idle", "kB", 0.2, kelas.pss_kb()?, node.pss_kb()?);
        let theirs = workload::mesh(node, node_dialer, thesis, CLASS).await?;
        let ours = workload::mesh(kelas, dialer, protocol, CLASS).await?;
        self.less("memory (PSS) with 7 in a room", "kB", 0.2, ours.pss_kb, theirs.pss_kb);
        self.less("CPU of the 7th join into a mesh", "µs", 0.2, ours.last_join_us, theirs.last_join_us);
        self.less("CPU per relayed message, 7 joining", "µs", 0.4, ours.message_us, theirs.message_us);
        pair.stop().await
    }

    /// Signals as fast as they go, against PeerServer alone.
    async fn saturation(&mut self) -> Outcome<()> {
        let pair = Pair::start(&self.root).await?;
        let ((kelas, dialer, protocol), (node, node_dialer, thesis)) = (&pair.kelas, &pair.thesis);
        let peers = match thesis {
            Protocol::Thesis { peers, .. } => Protocol::PeerServer { port: *peers, base: "" },
            other => other.clone(),
        };
        let theirs = workload::relay(node, node_dialer, &peers, ROOM, 60, 16).await?;
        let ours = workload::relay(kelas, dialer, protocol, ROOM, 60, 16).await?;
        self.less("CPU per relayed message at saturation", "µs", 0.2, ours.each_us, theirs.each_us);
        // On few cores the clients are the slower part, so that the clock on the wall would tell
        // of them. What a server could do alone follows from its CPU time.
        let (ours, theirs) = (1e6 / ours.each_us, 1e6 / theirs.each_us);
        self.more("relayed messages per second of one core", "1/s", 5.0, ours, theirs);
        pair.stop().await
    }

    /// Chat: ours is on disk before anyone sees it, theirs is stored nowhere.
    async fn chat(&mut self) -> Outcome<()> {
        let pair = Pair::start(&self.root).await?;
        let ((kelas, dialer, protocol), (node, node_dialer, thesis)) = (&pair.kelas, &pair.thesis);
        let theirs = workload::chat(node, node_dialer, thesis, ROOM, 4, 5).await?;
        let ours = workload::chat(kelas, dialer, protocol, ROOM, 4, 5).await?;
        self.more(
            "chat deliveries, room of 40, ours durable",
            "1/s",
            3.0,
            ours.per_second,
            theirs.per_second,
        );
        self.less("CPU per chat delivery", "µs", 0.33, ours.each_us, theirs.each_us);
        pair.stop().await
    }

    /// A thousand people connected over TLS who do nothing.
    async fn crowd(&mut self) -> Outcome<()> {
        let pair = Pair::start(&self.root).await?;
        let ((kelas, dialer, protocol), (node, node_dialer, thesis)) = (&pair.kelas, &pair.thesis);
        let theirs = workload::idle(node, node_dialer, thesis, CROWD).await?;
        let ours = workload::idle(kelas, dialer, protocol, CROWD).await?;
        self.less("memory per idle connection", "kB", 0.5, ours.each_kb, theirs.each_kb);
        self.less("memory (PSS) with 1,000 connected", "kB", 0.33, ours.pss_kb, theirs.pss_kb);
        self.less("memory (RSS) with 1,000 connected", "kB", 0.33, ours.rss_kb, theirs.rss_kb);
        pair.stop().await
    }

    fn less(&mut self, what: &'static str, unit: &'static str, goal: f64, kelas: f64, peer: f64) {
        self.add(Row { what, unit, goal, more_is_better: false, kelas: vec![kelas], peer: vec![peer] });
    }

    fn more(&mut self, what: &'static str, unit: &'static str, goal: f64, kelas: f64, peer: f64) {
        self.add(Row { what, unit, goal, more_is_better: true, kelas: vec![kelas], peer: vec![peer] });
    }

    fn add(&mut self, row: Row) {
        match self.rows.iter_mut().find(|known| known.what == row.what) {
            Some(known) => {
                known.kelas.extend(row.kelas);
                known.peer.extend(row.peer);
            }
            None => self.rows.push(row),
        }
    }

    fn machine(&self) -> Outcome<Machine> {
        let processors = std::fs::read_to_string("/proc/cpuinfo")?;
        let model = processors.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
        Ok(Machine {
            date: line_of(Command::new("date").arg("+%F"))?,
            processor: model.map_or_else(|| "an unnamed processor".to_owned(), |(_, name)| name.to_owned()),
            cores: std::thread::available_parallelism()?.get(),
            kernel: line_of(Command::new("uname").arg("-r"))?,
            node: line_of(Command::new("node").arg("--version"))?,
            kelasd: line_of(Command::new(self.root.join("target/release/kelasd")).arg("--version"))?,
        })
    }
}

/// Every client and every connection of a server is an open file, and the servers inherit this.
fn raise_open_files() -> Outcome<()> {
    let (now, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if most < OPEN_FILES {
        return Err(format!("needs {OPEN_FILES} open files, and only {most} are allowed: ulimit -Hn").into());
    }
    Ok(setrlimit(Resource::RLIMIT_NOFILE, now.max(OPEN_FILES), most)?)
}

fn line_of(command: &mut Command) -> Outcome<String> {
    Ok(String::from_utf8(command.output()?.stdout)?.trim().to_owned())
}

/// A certificate for the peer, of the same kind as ours so that handshakes cost the same.
fn self_signed(folder: &Path) -> Outcome<(PathBuf, PathBuf)> {
    let (key, certificate) = (folder.join("peer.key"), folder.join("peer.crt"));
    let status = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
            "-nodes",
            "-days",
            "2",
        ])
        .args([
            "-subj",
            "/CN=peer",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-addext",
            "basicConstraints=critical,CA:FALSE",
        ])
        .args(["-keyout".as_ref(), key.as_os_str(), "-out".as_ref(), certificate.as_os_str()])
        .stderr(std::process::Stdio::null())
        .status()?;
    if status.success() { Ok((key, certificate)) } else { Err("openssl made no certificate".into()) }
}
