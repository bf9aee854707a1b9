//! A small disk that a test fills: a tmpfs in a mount namespace that only it and its daemons see.
//! Works without root where user namespaces do.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::unistd::geteuid;
use tempfile::TempDir;

/// Mounts, says so, and holds the namespace until its input ends.
const HOLD: &str = "mount -t tmpfs -o size=\"$1\",mode=700 kelas \"$2\" && echo ready && exec cat";

/// The disk. It is gone when this is dropped.
#[derive(Debug)]
pub struct Disk {
    holder: Child,
    folder: TempDir,
}

impl Disk {
    /// Makes one.
    ///
    /// # Panics
    /// If the machine allows no mount namespaces.
    pub fn of_mebibytes(size: u32) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut command = Command::new("unshare");
        if !geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--mount", "sh", "-c", HOLD, "sh", &format!("{size}m")]).arg(folder.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().expect("unshare of util-linux can be executed");
        let mut line = String::new();
        let stdout = holder.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("readable");
        let disk = Self { holder, folder };
        assert_eq!(line, "ready\n", "a tmpfs in a mount namespace of our own");
        disk
    }

    /// Where the daemon finds it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where this process finds it.
    ///
    /// # Panics
    /// Never: temporary folders have absolute paths.
    pub fn outside(&self) -> PathBuf {
        self.root().join(self.folder().strip_prefix("/").expect("an absolute path"))
    }

    /// Fills it to the last page.
    ///
    /// # Panics
    /// If writing fails for another reason than that.
    pub fn fill(&self) {
        let mut filler = File::create(self.filler()).expect("a file more");
        let full = loop {
            if let Err(error) = filler.write_all(&[0xff; 4_096]) {
                break error;
            }
        };
        assert_eq!(full.kind(), io::ErrorKind::StorageFull, "{full}");
    }

    /// Makes room again.
    ///
    /// # Panics
    /// If it was not filled.
    pub fn free(&self) {
        fs::remove_file(self.filler()).expect("it was filled");
    }

    /// What this process must put before `/` to see what the daemon sees.
    pub(crate) fn root(&self) -> PathBuf {
        format!("/proc/{}/root", self.holder.id()).into()
    }

    /// The command that runs others where the disk is.
    pub(crate) fn entrance(&self) -> Vec<OsString> {
        let mut words = vec!["nsenter".into(), "--target".into(), self.holder.id().to_string().into()];
        if !geteuid().is_root() {
            words.extend(["--user".into(), "--preserve-credentials".into()]);
        }
        words.extend(["--mount".into(), "--".into()]);
        words
    }

    fn filler(&self) -> PathBuf {
        self.outside().join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It ends with its input; only a holder that is gone already cannot be waited for.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}
