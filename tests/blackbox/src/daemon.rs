//! The daemon that runs: asked, signalled, stopped.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use serde::Deserialize;

use crate::client::Client;
use crate::configuration::Configuration;
use crate::process::{END, Process};

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

/// A running daemon. It is killed when this is dropped, and its log printed if the test failed.
#[derive(Debug)]
pub struct Kelasd {
    /// Where it is found.
    pub announced: Announced,
    /// Its CA's certificate in PEM.
    pub ca: String,
    pub(crate) process: Process,
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

    /// Its process.
    pub fn id(&self) -> u32 {
        self.process.child.id()
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
