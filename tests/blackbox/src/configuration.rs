//! How the daemon is started: with which arguments, on which disk, by way of which command.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::daemon::{Announced, Ended, Kelasd};
use crate::disk::Disk;
use crate::network::{HandedOver, Network};
use crate::process::Process;

/// How long the daemon may take to announce itself on a busy machine.
const START: Duration = Duration::from_mins(1);

/// How to start the daemon.
#[derive(Clone, Debug, Default)]
pub struct Configuration {
    data: Option<PathBuf>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    through: Vec<OsString>,
    /// Where this process finds what the daemon calls `/`.
    root: Option<PathBuf>,
    sockets: Option<Arc<HandedOver>>,
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

    /// Keeps data on this disk, in the folder that it is.
    #[must_use]
    pub fn on(mut self, disk: &Disk) -> Self {
        self.through.extend(disk.entrance());
        self.root = Some(disk.root());
        self.data(disk.folder())
    }

    /// Runs it in this network, where only sockets of its own can be.
    #[must_use]
    pub fn in_network(mut self, network: &Network) -> Self {
        self.through.extend(network.entrance());
        self
    }

    /// Runs it in this network, on sockets from outside.
    #[must_use]
    pub fn inside(self, network: &Network) -> Self {
        let sockets = HandedOver::open();
        let mut this = self.in_network(network);
        this.through.extend(sockets.command());
        this.sockets = Some(Arc::new(sockets));
        this
    }

    /// Starts it by way of a command that replaces itself by its last arguments, such as `nice`.
    #[must_use]
    pub fn through(mut self, command: &[&str]) -> Self {
        self.through.extend(command.iter().map(OsString::from));
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

    /// Starts it and kills it, as a power cut does, as soon as `moment` holds for its data
    /// folder. Whether that was before it was ready.
    pub async fn cut_short(self, mut moment: impl FnMut(&Path) -> bool + Send + 'static) -> bool {
        tokio::task::spawn_blocking(move || {
            let mut process = self.spawn();
            let announced = announcement(&mut process);
            let deadline = Instant::now() + START;
            loop {
                let cut = moment(&process.data);
                let ready = announced.try_recv().is_ok();
                if cut || ready {
                    process.kill();
                    return !ready;
                }
                assert!(Instant::now() < deadline, "neither came\n{}", process.output());
                std::thread::yield_now();
            }
        })
        .await
        .expect("starting does not panic")
    }

    fn spawn(self) -> Process {
        let folder = self.data.is_none().then(|| tempfile::tempdir().expect("a temporary folder"));
        let data = self.data.unwrap_or_default();
        let data = folder.as_ref().map_or(data, |folder| folder.path().join("data"));
        let mut words = self.through.into_iter().chain([binary().into_os_string()]);
        let mut command = Command::new(words.next().expect("at least the binary"));
        command.args(words);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("KELASD_") || text == "NOTIFY_SOCKET" || text == "JOURNAL_STREAM" {
                command.env_remove(&name);
            }
        }
        command
            .arg("serve")
            .args(["--announce", "json", "--boot-config", "/nonexistent", "--problems", "/nonexistent"])
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
        let root = self.root.clone().unwrap_or_else(|| "/".into());
        let mut process = self.spawn();
        let line = announcement(&mut process).recv_timeout(START).unwrap_or_default();
        match serde_json::from_str::<Announced>(&line) {
            Ok(announced) => {
                let ca = root.join(announced.ca.strip_prefix("/").unwrap_or(&announced.ca));
                let ca = std::fs::read_to_string(ca).unwrap_or_default();
                Kelasd { announced, ca, process }
            }
            Err(error) => {
                process.kill();
                panic!("kelasd did not start ({error}): {line}\n--- its log ---\n{}", process.output())
            }
        }
    }
}

/// Where the line arrives that the daemon prints when it is ready; nothing if it ends before.
fn announcement(process: &mut Process) -> Receiver<String> {
    let stdout = process.child.stdout.take().expect("stdout is piped");
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        if BufReader::new(stdout).read_line(&mut line).is_ok_and(|read| read > 0) {
            // The receiver is gone if the wait was over before.
            let _ = sender.send(line);
        }
    });
    receiver
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
