//! The card refuses writes under a running daemon, as one does that is dying, or whose file
//! system went read-only after an error.

use std::process::Command;

use blackbox::Kelasd;

use crate::room::{Lesson, is_sound, prepare};

#[tokio::test]
async fn chat_alone_stops_and_comes_back_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let sessions = prepare(folder.path()).await;
    // A limit of file sizes that is lowered later makes every write fail. Without the trap it
    // would end the process.
    let kelasd = Kelasd::configure()
        .through(&["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"])
        .data(folder.path())
        .arguments(&["--demo"])
        .start()
        .await;
    let mut lesson = Lesson::begin(&kelasd, &sessions).await;
    lesson.chat_works("sebelum").await;
    limit_file_size(&kelasd, "0");
    lesson.chat_is_refused("hilang", "storage_failed").await;
    lesson.goes_on().await;
    limit_file_size(&kelasd, "unlimited");
    lesson.chat_works("hilang").await;
    lesson.goes_on().await;
    kelasd.kill().await;
    is_sound(folder.path());
}

/// Sets the soft limit, which may be raised again.
fn limit_file_size(kelasd: &Kelasd, bytes: &str) {
    let pid = kelasd.announced.pid.to_string();
    let done = Command::new("prlimit").args(["--pid", &pid, &format!("--fsize={bytes}:")]).status();
    assert!(done.expect("prlimit of util-linux can be executed").success());
}
