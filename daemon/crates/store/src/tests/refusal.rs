//! What can only be seen from outside: these tests run themselves again as a child process.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, Output};
use std::{env, fs};

use super::support::Fixture;
use crate::{OpenError, Store};

/// Set in a child: the database that it is about.
const CHILD: &str = "STORE_TEST_DATABASE";
/// The user `nobody` of every Linux.
const NOBODY: u32 = 65_534;

/// Runs the test `name` of this program again, as a child.
fn again(program: &Path, name: &str, database: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", name, "--nocapture"]).env(CHILD, database);
    command
}

fn text(output: &Output) -> String {
    format!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[tokio::test]
async fn a_panic_in_the_writer_ends_the_process() {
    let fixture = Fixture::new();
    if env::var_os(CHILD).is_some() {
        let answer = fixture.store.write::<()>(|_| panic!("a bug")).await;
        unreachable!("the process has ended, and yet: {answer:?}");
    }
    let program = env::current_exe().expect("this program");
    let name = "tests::refusal::a_panic_in_the_writer_ends_the_process";
    let output = again(&program, name, &fixture.path()).output().expect("a child");
    assert_eq!(output.status.signal(), Some(6), "SIGABRT; {}", text(&output));
}

#[tokio::test]
async fn a_database_that_may_only_be_read_is_refused() {
    let fixture = Fixture::new();
    if let Some(path) = env::var_os(CHILD) {
        let error = Store::open(path, fixture.clock.clone()).expect_err("it may not be written");
        assert!(matches!(error, OpenError::NotWritable { .. }), "{error:?}");
        return;
    }
    fixture.store.close().await.expect("closed");
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("permissions");
    };
    // Permissions do not bind root, so the child is somebody else then.
    let program = fixture.folder.path().join("program");
    fs::copy(env::current_exe().expect("this program"), &program).expect("a copy that nobody may run");
    mode(&program, 0o755);
    mode(&fixture.folder.path().join("kelas.sqlite.lock"), 0o666);
    mode(&fixture.path(), 0o444);
    mode(fixture.folder.path(), 0o755);
    let name = "tests::refusal::a_database_that_may_only_be_read_is_refused";
    let mut child = again(&program, name, &fixture.path());
    if fs::metadata(fixture.path()).expect("a file").uid() == 0 {
        child.uid(NOBODY).env("TMPDIR", "/tmp");
    }
    let output = child.output().expect("a child");
    assert!(output.status.success() && text(&output).contains("1 passed"), "{}", text(&output));
}
