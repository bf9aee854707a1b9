//! A server under measurement: its memory and its CPU as the kernel counts them.

use std::path::Path;
use std::process::Stdio;

use nix::time::{ClockId, clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::cores::Cores;

/// A running server; it is killed when dropped.
pub(crate) struct Server {
    child: Child,
    pid: Pid,
    clock: ClockId,
    /// What it printed when it was ready.
    pub(crate) announced: Value,
}

impl Server {
    /// Starts `command` and waits for its one line of JSON.
    pub(crate) async fn start(command: &mut Command) -> Outcome<Self> {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true).spawn()?;
        let stdout = child.stdout.take().ok_or("no standard output")?;
        let line = BufReader::new(stdout).lines().next_line().await?.ok_or("the server ended at once")?;
        let id = child.id().ok_or("the server ended at once")?;
        let pid = Pid::from_raw(i32::try_from(id)?);
        Ok(Self { child, pid, clock: clock_getcpuclockid(pid)?, announced: serde_json::from_str(&line)? })
    }

    /// Starts `command`, which says nothing when it is ready.
    pub(crate) fn silent(command: &mut Command) -> Outcome<Self> {
        let child = command.stderr(Stdio::null()).kill_on_drop(true).spawn()?;
        let id = child.id().ok_or("the server ended at once")?;
        let pid = Pid::from_raw(i32::try_from(id)?);
        Ok(Self { child, pid, clock: clock_getcpuclockid(pid)?, announced: Value::Null })
    }

    /// `kelasd` with ports of its own and its data in `folder`.
    pub(crate) async fn kelasd(program: &Path, folder: &Path, cores: Cores) -> Outcome<Self> {
        let mut command = cores.command(program)?;
        command.args(["serve", "--demo", "--announce", "json", "--log", "warn", "--data"]).arg(folder).args(
            ["--listen-http", "127.0.0.1:0", "--listen-https", "127.0.0.1:0", "--listen-stun", "127.0.0.1:0"],
        );
        Self::start(&mut command).await
    }

    /// The thesis's stack under Node.js, with `key` and `certificate` as PEM files.
    pub(crate) async fn node(stack: &Path, key: &Path, certificate: &Path, cores: Cores) -> Outcome<Self> {
        let mut command = cores.command(Path::new("node"))?;
        Self::start(command.arg(stack.join("classroom.mjs")).arg(key).arg(certificate)).await
    }

    /// A text that the server announced.
    pub(crate) fn text(&self, name: &str) -> Outcome<String> {
        let value = self.announced.get(name).and_then(Value::as_str);
        Ok(value.ok_or_else(|| format!("the server announced no {name}"))?.to_owned())
    }

    /// A number that the server announced.
    pub(crate) fn number(&self, name: &str) -> Outcome<u64> {
        let value = self.announced.get(name).and_then(Value::as_u64);
        Ok(value.ok_or_else(|| format!("the server announced no {name}"))?)
    }

    /// Proportional set size in kB: memory shared with others counts in shares (proc(5)).
    pub(crate) fn pss_kb(&self) -> Outcome<f64> {
        self.memory_kb("Pss")
    }

    /// Resident set size in kB.
    pub(crate) fn rss_kb(&self) -> Outcome<f64> {
        self.memory_kb("Rss")
    }

    /// What it wrote itself, in kB. Pages of the program's file, which the sets above count as far
    /// as the kernel has read ahead, can be dropped when memory is short; these cannot.
    pub(crate) fn own_kb(&self) -> Outcome<f64> {
        self.memory_kb("Pss_Anon")
    }

    fn memory_kb(&self, field: &str) -> Outcome<f64> {
        let rollup = procfs::process::Process::new(self.pid.as_raw())?.smaps_rollup()?;
        let map = rollup.memory_map_rollup.iter().next().ok_or("an empty smaps_rollup")?;
        let bytes = *map.extension.map.get(field).ok_or_else(|| format!("smaps_rollup without {field}"))?;
        Ok(kilobytes(bytes))
    }

    /// CPU time of all its threads since it started, in microseconds (`clock_getcpuclockid(3)`;
    /// /proc/PID/stat counts in ticks of 10 ms, too coarse for one join).
    #[allow(clippy::cast_precision_loss)] // microseconds of CPU stay far below 2^52
    pub(crate) fn cpu_us(&self) -> Outcome<f64> {
        let time = clock_gettime(self.clock)?;
        Ok(time.tv_sec() as f64 * 1e6 + time.tv_nsec() as f64 / 1e3)
    }

    /// Ends it and waits until it is gone.
    pub(crate) async fn stop(mut self) -> Outcome<()> {
        self.child.kill().await?;
        Ok(())
    }
}

#[allow(clippy::cast_precision_loss)] // a process's memory in bytes stays far below 2^52
fn kilobytes(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}
