//! The process: started, read, ended by its id.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use serde::Deserialize;

use crate::client::Client;
use crate::process::{END, Process};

/// How long the daemon may take to announce itself on a busy machine.
const START: Duration = Duration::from_mins(1);

/// What the daemon says when it is ready.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Announced {
    /// `https://127.0.0.1:<port>`.
    pub https: String,
    /// `http://127.0.0.1:<port>`.
    pub http: String,
    /// `127.0.0.1:<port>`, UDP.
    pub stun: String,
    /// The certificate of the box's CA.
    pub ca: PathBuf,
    /// The process.
    pub pid: i32,
    /// One-time sign-in link of the demo course's teacher, a whole URL; with `--demo`.
    pub teacher_link: Option<String>,
    /// Join code of the demo course; with `--demo`.
    pub join_code: Option<String>,
    /// The demo course's meeting, which is also its room; with `--demo`.
    pub meeting: Option<i64>,
}

/// How to start the daemon.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    data: Option<PathBuf>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
}

impl Configuration {
    /// Keeps data in `folder` instead of one that vanishes with the daemon.
    #[must_use]
    pub fn data(mut self, folder: &Path) -> Self {
        self.data = Some(folder.to_owned());
        self
    }

    /// Adds arguments after `serve`.
    #[must_use]
    pub fn arguments(mut self, arguments: &[&str]) -> Self {
        self.arguments.extend(arguments.iter().map(|argument| (*argument).to_owned()));
        self
    }

    /// Sets a variable of the environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts and waits for the announcement.
    ///
    /// # Panics
    /// If the daemon ends or stays silent instead; its log is in the message.
    pub async fn start(self) -> Kelasd {
        tokio::task::spawn_blocking(move || self.start_blocking()).await.expect("starting does not panic")
    }

    /// Runs it to its end, for starts that are meant to fail.
    pub async fn run_to_end(self) -> Ended {
        tokio::task::spawn_blocking(move || {
            let mut process = self.spawn();
            let status = process.wait_for_end().expect("kelasd did not end");
            Ended { status, output: process.output() }
        })
        .await
        .expect("running does not panic")
    }

    fn spawn(self) -> Process {
        let folder = self.data.is_none().then(|| tempfile::tempdir().expect("a temporary folder"));
        let data = self.data.unwrap_or_default();
        let data = folder.as_ref().map_or(data, |folder| folder.path().join("data"));
        let mut command = Command::new(binary());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("KELASD_") || text == "NOTIFY_SOCKET" || text == "JOURNAL_STREAM" {
                command.env_remove(&name);
            }
        }
        command
            .arg("serve")
            .args(["--announce", "json", "--boot-config", "/nonexistent"])
            .args(["--listen-http", "127.0.0.1:0", "--listen-https", "127.0.0.1:0"])
            .args(["--listen-stun", "127.0.0.1:0"])
            .arg("--data")
            .arg(&data)
            .args(&self.arguments)
            .envs(self.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("kelasd can be executed");
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut stderr = child.stderr.take().expect("stderr is piped");
        let written = Arc::clone(&log);
        let reader = std::thread::spawn(move || {
            let mut chunk = [0; 4096];
            while let Ok(read @ 1..) = stderr.read(&mut chunk) {
                written.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(&chunk[..read]);
            }
        });
        Process { child, log, reader: Some(reader), data, _folder: folder }
    }

    fn start_blocking(self) -> Kelasd {
        let mut process = self.spawn();
        let stdout = process.child.stdout.take().expect("stdout is piped");
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let read = BufReader::new(stdout).read_line(&mut line);
            // The receiver is gone if the wait was over before.
            let _ = sender.send(read.map(|_| line));
        });
        let line = receiver.recv_timeout(START).ok().and_then(Result::ok).unwrap_or_default();
        match serde_json::from_str::<Announced>(&line) {
            Ok(announced) => {
                let ca = std::fs::read_to_string(&announced.ca).unwrap_or_default();
                Kelasd { announced, ca, process }
            }
            Err(error) => {
                process.kill();
                panic!("kelasd did not start ({error}): {line}\n--- its log ---\n{}", process.output())
            }
        }
    }
}

/// A running daemon. It is killed when this is dropped, and its log printed if the test failed.
#[derive(Debug)]
pub struct Kelasd {
    /// Where it is found.
    pub announced: Announced,
    /// Its CA's certificate in PEM.
    pub ca: String,
    process: Process,
}

/// A daemon that has ended.
#[derive(Debug)]
pub struct Ended {
    /// How.
    pub status: ExitStatus,
    /// What it wrote on standard error.
    pub output: String,
}

impl Kelasd {
    /// Starts one with an empty data folder.
    pub async fn start() -> Self {
        Self::configure().start().await
    }

    /// Starts one with the demo course.
    pub async fn demo() -> Self {
        Self::configure().arguments(&["--demo"]).start().await
    }

    /// Says how to start one.
    pub fn configure() -> Configuration {
        Configuration::default()
    }

    /// A client over HTTPS that trusts the box's CA and keeps cookies.
    pub fn client(&self) -> Client {
        Client::new(&self.announced.https, Some(&self.ca))
    }

    /// A client over plain HTTP.
    pub fn plain_client(&self) -> Client {
        Client::new(&self.announced.http, None)
    }

    /// Path of the demo teacher's one-time sign-in link.
    ///
    /// # Panics
    /// If it was not started with `--demo`.
    pub fn teacher_path(&self) -> String {
        let link = self.announced.teacher_link.as_deref().expect("started with --demo");
        link.strip_prefix(&self.announced.https).expect("a link of this site").to_owned()
    }

    /// Where HTTPS is answered.
    pub fn https_address(&self) -> SocketAddr {
        address(&self.announced.https)
    }

    /// Where HTTP is answered.
    pub fn http_address(&self) -> SocketAddr {
        address(&self.announced.http)
    }

    /// Where STUN is answered.
    pub fn stun_address(&self) -> SocketAddr {
        self.announced.stun.parse().expect("an address")
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        &self.process.data
    }

    /// What it logged so far.
    pub fn log(&self) -> String {
        self.process.output_so_far()
    }

    /// Waits until the log has `text`.
    ///
    /// # Panics
    /// If it does not within 20 seconds.
    pub async fn logged(&self, text: &str) {
        let deadline = Instant::now() + END;
        while !self.log().contains(text) {
            assert!(Instant::now() < deadline, "not logged: {text}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Waits for the end that something else brought about.
    ///
    /// # Panics
    /// If it does not end within 20 seconds.
    pub async fn ended(mut self) -> Ended {
        tokio::task::spawn_blocking(move || {
            let status = self.process.wait_for_end();
            let output = self.process.output();
            Ended { status: status.unwrap_or_else(|| panic!("kelasd did not end\n{output}")), output }
        })
        .await
        .expect("waiting does not panic")
    }

    /// Stops it as `systemctl stop` does.
    pub async fn stop(self) -> Ended {
        self.signal(Signal::SIGTERM);
        self.ended().await
    }

    /// Kills it as a power cut does, and waits for its end.
    pub async fn kill(self) {
        self.signal(Signal::SIGKILL);
        self.ended().await;
    }
}

fn address(url: &str) -> SocketAddr {
    url.rsplit_once("//").expect("a URL").1.parse().expect("an address")
}

/// The daemon's binary: `KELASD_BIN`, or the one beside this test in `target/<profile>/`.
///
/// # Panics
/// If it was not built.
pub fn binary() -> PathBuf {
    if let Some(path) = std::env::var_os("KELASD_BIN") {
        return PathBuf::from(path);
    }
    let test = std::env::current_exe().expect("the test's own path");
    let beside =
        test.ancestors().skip(1).take(2).map(|folder| folder.join("kelasd")).find(|path| path.is_file());
    beside.unwrap_or_else(|| {
        panic!("no kelasd near {}: run `cargo build -p kelasd` first, or set KELASD_BIN", test.display())
    })
}
