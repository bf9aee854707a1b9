//! Real browsers on this machine that come to the booted box: the suite of `tests/browser`, told
//! where the box is.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use tokio::process::Command;

use crate::Outcome;
use crate::classroom::Classroom;
use crate::site::Site;

/// For the whole suite; the browsers share the processor with the emulator.
const SUITE: Duration = Duration::from_mins(15);

/// Lets a teacher and a student meet, and keeps what the runner printed at `log`.
pub(crate) async fn meet(root: &Path, site: &Site, classroom: &Classroom, log: &Path) -> Outcome<()> {
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
    });
    let output = fs::File::create(log)?;
    let mut runner = Command::new("npm")
        .args(["--prefix", "tests/browser", "run", "--silent", "box"])
        .current_dir(root)
        .env("KELAS_BOX", announcement.to_string())
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .kill_on_drop(true)
        .spawn()?;
    let status = tokio::time::timeout(SUITE, runner.wait()).await.map_err(|_| {
        format!("the browsers did not finish within {} s; see {}", SUITE.as_secs(), log.display())
    })??;
    if !status.success() {
        let told = fs::read_to_string(log)?;
        return Err(format!("the browser suite ended with {status}; see {}\n{told}", log.display()).into());
    }
    Ok(())
}
