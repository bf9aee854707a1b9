//! Real browsers on this machine that come to the booted box: the suite of `tests/browser`, told
//! where the box is.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::json;
use tokio::process::{Child, Command};

use crate::Outcome;
use crate::air::Station;
use crate::classroom::Classroom;
use crate::site::Site;

/// For the whole suite; the browsers share the processor with the emulator.
const SUITE: Duration = Duration::from_mins(15);

/// Lets a teacher on the cable and a student meet, and keeps what the runner printed at `log`. The
/// student comes over the air if there is a station for it.
pub(crate) async fn meet(
    root: &Path,
    site: &Site,
    classroom: &Classroom,
    student: Option<Station>,
    log: &Path,
) -> Outcome<()> {
    let folder = tempfile::tempdir()?;
    let authority = folder.path().join("ca.crt");
    fs::write(&authority, &site.pem)?;
    let announcement = json!({
        "https": site.origin(),
        "http": format!("http://127.0.0.1:{}", site.ports.http),
        "stun": "",
        "ca": authority,
        "pid": 0,
        "teacherLink": format!("{}{}", site.origin(), classroom.link),
        "joinCode": classroom.join_code,
        "meeting": classroom.meeting,
        "station": student.map(|station| format!("https://127.0.0.1:{}", station.door.https)),
    });
    let output = fs::File::create(log)?;
    let runner = Command::new("npm")
        .args(["--prefix", "tests/browser", "run", "--silent", "box"])
        .current_dir(root)
        .env("KELAS_BOX", announcement.to_string())
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .process_group(0)
        .spawn()?;
    let mut runner = Runner(runner);
    let status = tokio::time::timeout(SUITE, runner.0.wait()).await.map_err(|_| {
        format!("the browsers did not finish within {} s; see {}", SUITE.as_secs(), log.display())
    })??;
    if !status.success() {
        let told = fs::read_to_string(log)?;
        return Err(format!("the browser suite ended with {status}; see {}\n{told}", log.display()).into());
    }
    Ok(())
}

/// The runner and all that it started: npm passes no signal on to its script, nor that to its
/// browsers.
#[derive(Debug)]
struct Runner(Child);

impl Drop for Runner {
    fn drop(&mut self) {
        // Without a number it has ended, and its browsers with it.
        let group = self.0.id().and_then(|id| i32::try_from(id).ok());
        if let Some(Err(error)) = group.map(|group| killpg(Pid::from_raw(group), Signal::SIGKILL)) {
            println!("     the browsers may be running still: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use tokio::io::{AsyncBufReadExt as _, BufReader};

    #[tokio::test]
    async fn what_the_runner_started_ends_with_it() {
        let mut child = Command::new("sh")
            .args(["-c", "sleep 600 & echo started; wait"])
            .stdout(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("a shell");
        let mut output = BufReader::new(child.stdout.take().expect("its output")).lines();
        let runner = Runner(child);
        assert_eq!(output.next_line().await.expect("a line").as_deref(), Some("started"));
        drop(runner);
        // The other end closes when the last process that holds it has ended.
        let ended = tokio::time::timeout(Duration::from_mins(1), output.next_line()).await;
        assert_eq!(ended.expect("ended in time").expect("no error"), None);
    }
}
