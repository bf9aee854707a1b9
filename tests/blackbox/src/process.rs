//! The daemon's process: signalled, waited for, killed by its id, its log kept.

use std::path::PathBuf;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

/// How long it may take to end; the daemon's own limit is five seconds.
pub(crate) const END: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) child: Child,
    pub(crate) log: Arc<Mutex<Vec<u8>>>,
    pub(crate) reader: Option<std::thread::JoinHandle<()>>,
    pub(crate) data: PathBuf,
    pub(crate) _folder: Option<TempDir>,
}

impl Process {
    pub(crate) fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).expect("process ids are small"));
        kill(pid, signal).expect("our own child, not yet waited for");
    }

    pub(crate) fn wait_for_end(&mut self) -> Option<ExitStatus> {
        let deadline = Instant::now() + END;
        loop {
            match self.child.try_wait().expect("our own child") {
                Some(status) => return Some(status),
                None if Instant::now() > deadline => return None,
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
    }

    pub(crate) fn kill(&mut self) {
        if self.child.try_wait().ok().flatten().is_none() {
            self.child.kill().expect("our own child");
            self.child.wait().expect("our own child");
        }
    }

    /// All that it wrote; it has ended.
    pub(crate) fn output(&mut self) -> String {
        self.kill();
        if let Some(reader) = self.reader.take() {
            reader.join().expect("the reader does not panic");
        }
        self.output_so_far()
    }

    pub(crate) fn output_so_far(&self) -> String {
        String::from_utf8_lossy(&self.log.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let output = self.output();
        if std::thread::panicking() {
            eprintln!("--- log of kelasd {} ---\n{output}--- end of its log ---", self.child.id());
        }
    }
}
