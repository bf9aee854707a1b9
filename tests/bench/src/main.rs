//! `make bench`: kelasd and the thesis's stack side by side, in interleaved runs on one machine.
//!
//! Only ratios of one run mean anything: the machine's speed drifts, and both share it with the
//! clients. Traffic goes to loopback alone, in bounded rounds.
//!
//! `bench class saturation chat crowd stun file` measures the parts named and keeps no result; `bench
//! floor` says what passing a message costs at least, `bench year` what the pages cost after a year.

mod client;
mod cores;
mod debian;
mod download;
mod floor;
mod pages;
mod process;
mod report;
mod socket;
mod stun;
mod workload;
mod year;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::resource::{Resource, getrlimit, setrlimit};

use client::Protocol;
use cores::{Cores, Pinned};
use process::Server;
use report::{Goal, Machine, Report, Row};
use socket::Dialer;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// People of the thesis's experiment.
const CLASS: usize = 7;
/// People in the saturated room and in the chat.
const ROOM: usize = 40;
/// Idle connections, everyone with a session of their own.
const CROWD: usize = 1_000;
/// What can be measured by itself.
const PARTS: [&str; 8] = ["class", "saturation", "chat", "crowd", "stun", "file", "floor", "year"];
/// Two connections for each of the crowd, as the thesis's pages have, and room for the rest.
const OPEN_FILES: u64 = 4_096;

struct Bench {
    root: PathBuf,
    runs: usize,
    /// The parts to measure, all if none is named; a choice is shown and not kept.
    only: Vec<String>,
    rows: Vec<Row>,
    /// Peers of Debian that were measured, with their versions.
    packaged: BTreeMap<&'static str, String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize()?;
    let runs = std::env::var("KELAS_BENCH_RUNS").ok().map_or(Ok(3), |runs| runs.parse())?;
    let only: Vec<String> = std::env::args().skip(1).collect();
    if let [relay, key, certificate] = &only[..]
        && relay == "relay"
    {
        return floor::serve(Path::new(key), Path::new(certificate)).await;
    }
    if let Some(unknown) = only.iter().find(|part| !PARTS.contains(&part.as_str())) {
        return Err(format!("no part is called {unknown}; there are {}", PARTS.join(", ")).into());
    }
    raise_open_files()?;
    if only == ["year"] {
        println!("{}", pages::measure(&root).await?);
        return Ok(());
    }
    let mut bench = Bench { root, runs, only, rows: Vec::new(), packaged: BTreeMap::new() };
    bench.measure().await?;
    let report = Report { machine: bench.machine()?, rows: bench.rows };
    println!("{}", report.table());
    if !bench.only.is_empty() {
        return Ok(());
    }
    let results = bench.root.join("tests/bench/results");
    report.write(&results, &bench.root.join("README.md"))?;
    let year = pages::measure(&bench.root).await?;
    println!("{year}");
    Ok(std::fs::write(results.join("year.md"), year)?)
}

/// One server of each kind with the way to talk to it; stopped together.
struct Pair {
    kelas: (Server, Dialer, Protocol),
    thesis: (Server, Dialer, Protocol),
    _folder: tempfile::TempDir,
}

impl Pair {
    async fn start(root: &Path, cores: Cores) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let server = Server::kelasd(&root.join("target/release/kelasd"), folder.path(), cores).await?;
        let dialer = Dialer::new(Path::new(&server.text("ca")?))?;
        let (_, port) = server
            .text("https")?
            .rsplit_once(':')
            .map(|(host, port)| (host.to_owned(), port.to_owned()))
            .ok_or("no port")?;
        let join_code = server.text("joinCode")?;
        let protocol = Protocol::Kelas { port: port.parse()?, meeting: server.number("meeting")?, join_code };
        let (key, certificate) = self_signed(folder.path())?;
        let node = Server::node(&root.join("tests/bench/stack"), &key, &certificate, cores).await?;
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
            if self.wants("stun") {
                self.stun().await?;
            }
            if self.wants("file") {
                self.file().await?;
            }
            if self.only.iter().any(|part| part == "floor") {
                self.floor().await?;
            }
        }
        Ok(())
    }

    fn wants(&self, part: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|wanted| wanted == part)
    }

    /// The thesis's experiment: seven people meet.
    async fn class(&mut self) -> Outcome<()> {
        let pair = Pair::start(&self.root, Cores::All).await?;
        let ((kelas, dialer, protocol), (node, node_dialer, thesis)) = (&pair.kelas, &pair.thesis);
        self.less("memory (PSS) idle", "kB", 0.2, kelas.pss_kb()?, node.pss_kb()?);
        self.less("memory of its own idle", "kB", 0.2, kelas.own_kb()?, node.own_kb()?);
        let theirs = workload::mesh(node, node_dialer, thesis, CLASS).await?;
        let ours = workload::mesh(kelas, dialer, protocol, CLASS).await?;
        self.less("memory (PSS) with 7 in a room", "kB", 0.2, ours.pss_kb, theirs.pss_kb);
        self.less("memory of its own with 7 in a room", "kB", 0.2, kelas.own_kb()?, node.own_kb()?);
        self.less("CPU of the 7th join into a mesh", "µs", 0.2, ours.last_join_us, theirs.last_join_us);
        self.less("CPU per relayed message, 7 joining", "µs", 0.4, ours.message_us, theirs.message_us);
        pair.stop().await
    }

    /// Signals as fast as they go, against PeerServer alone: once with cores for the clients too,
    /// so that a lean server waits for them, and once full.
    async fn saturation(&mut self) -> Outcome<()> {
        let (ours, theirs) = self.relay(Cores::All).await?;
        self.less("CPU per relayed message, server not full", "µs", 0.4, ours, theirs);
        let pinned = Pinned::to_one()?;
        let (ours, theirs) = self.relay(Cores::One).await?;
        drop(pinned);
        self.less("CPU per relayed message at saturation", "µs", 0.2, ours, theirs);
        // What a server could do alone follows from its CPU time: the clock on the wall tells of
        // the clients as well.
        let (ours, theirs) = (1e6 / ours, 1e6 / theirs);
        self.more("relayed messages per second of one core", "1/s", 5.0, ours, theirs);
        Ok(())
    }

    /// CPU of each message in microseconds, ours and PeerServer's.
    async fn relay(&self, cores: Cores) -> Outcome<(f64, f64)> {
        let pair = Pair::start(&self.root, cores).await?;
        let ((kelas, dialer, protocol), (node, node_dialer, thesis)) = (&pair.kelas, &pair.thesis);
        let peers = match thesis {
            Protocol::Thesis { peers, .. } => Protocol::PeerServer { port: *peers, base: "" },
            other => other.clone(),
        };
        let theirs = workload::relay(node, node_dialer, &peers, ROOM, 60, 16).await?;
        let ours = workload::relay(kelas, dialer, protocol, ROOM, 60, 16).await?;
        pair.stop().await?;
        Ok((ours.each_us, theirs.each_us))
    }

    /// What the same messages cost when nothing is done with them; shown and not kept.
    async fn floor(&self) -> Outcome<()> {
        let folder = tempfile::tempdir()?;
        let files = self_signed(folder.path())?;
        let free = floor::measure(files.clone(), Cores::All, ROOM, 60, 16).await?;
        let pinned = Pinned::to_one()?;
        let full = floor::measure(files, Cores::One, ROOM, 60, 16).await?;
        drop(pinned);
        println!(
            "TLS and system calls alone: {:.2} µs a message, {:.2} when full",
            free.each_us, full.each_us
        );
        Ok(())
    }

    /// "What is my address", against coturn.
    async fn stun(&mut self) -> Outcome<()> {
        let coturn = self.packaged("coturn", "turnserver")?;
        let folder = tempfile::tempdir()?;
        let kelasd = self.root.join("target/release/kelasd");
        let ours = Server::kelasd(&kelasd, folder.path(), Cores::All).await?;
        let (theirs, address) = stun::coturn(&coturn, folder.path())?;
        let theirs_us = stun::binding_us(&theirs, address)?;
        let ours_us = stun::binding_us(&ours, ours.text("stun")?.parse()?)?;
        self.less("CPU of a STUN Binding, beside coturn", "µs", 0.5, ours_us, theirs_us);
        ours.stop().await?;
        theirs.stop().await
    }

    /// A film that a whole class watches, against nginx.
    async fn file(&mut self) -> Outcome<()> {
        let nginx = self.packaged("nginx", "nginx")?;
        let (folder, beside) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let kelasd = self.root.join("target/release/kelasd");
        let film = download::film();
        let ours = Server::kelasd(&kelasd, folder.path(), Cores::All).await?;
        let source = download::material(&ours, &film).await?;
        let files = self_signed(beside.path())?;
        let (theirs, their_source) = download::nginx(&nginx, beside.path(), &files, &film).await?;
        let (dialer, their_dialer) = (Dialer::new(Path::new(&ours.text("ca")?))?, Dialer::new(&files.1)?);
        let their_rate = download::megabytes_per_second(&theirs, &their_dialer, &their_source, ROOM).await?;
        let our_rate = download::megabytes_per_second(&ours, &dialer, &source, ROOM).await?;
        self.more("a file to 40 clients, of one core, beside nginx", "MB/s", 0.8, our_rate, their_rate);
        ours.stop().await?;
        theirs.stop().await
    }

    /// A program of Debian's, whose version the report names.
    fn packaged(&mut self, package: &'static str, program: &str) -> Outcome<PathBuf> {
        let found = debian::packaged(package, program)?;
        self.packaged.insert(package, found.version);
        Ok(found.program)
    }

    /// Chat: ours is on disk before anyone sees it, theirs is stored nowhere.
    async fn chat(&mut self) -> Outcome<()> {
        let pair = Pair::start(&self.root, Cores::All).await?;
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
        let pair = Pair::start(&self.root, Cores::All).await?;
        let ((kelas, dialer, protocol), (node, node_dialer, thesis)) = (&pair.kelas, &pair.thesis);
        let theirs = workload::idle(node, node_dialer, thesis, CROWD).await?;
        let ours = workload::idle(kelas, dialer, protocol, CROWD).await?;
        self.most("memory per idle connection", "kB", 20.0, ours.each_kb, theirs.each_kb);
        self.most("memory (PSS) with 1,000 connected", "kB", 32_000.0, ours.pss_kb, theirs.pss_kb);
        self.less("memory (RSS) with 1,000 connected", "kB", 0.33, ours.rss_kb, theirs.rss_kb);
        pair.stop().await
    }

    fn less(&mut self, what: &'static str, unit: &'static str, goal: f64, kelas: f64, peer: f64) {
        self.add(Row { what, unit, goal: Goal::RatioAtMost(goal), kelas: vec![kelas], peer: vec![peer] });
    }

    fn more(&mut self, what: &'static str, unit: &'static str, goal: f64, kelas: f64, peer: f64) {
        self.add(Row { what, unit, goal: Goal::RatioAtLeast(goal), kelas: vec![kelas], peer: vec![peer] });
    }

    /// With a goal of ours alone, in `unit`.
    fn most(&mut self, what: &'static str, unit: &'static str, goal: f64, kelas: f64, peer: f64) {
        self.add(Row { what, unit, goal: Goal::AtMost(goal), kelas: vec![kelas], peer: vec![peer] });
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
            packaged: self.packaged.clone(),
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
