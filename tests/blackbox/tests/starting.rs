//! A daemon that cannot start says why, once, and ends with a status that tells the cause.

use std::fs;
use std::path::Path;

use blackbox::{Kelasd, teacher};

#[tokio::test]
async fn a_port_in_use_is_named() {
    let first = Kelasd::start().await;
    let address = first.https_address().to_string();
    let ended = Kelasd::configure().arguments(&["--listen-https", &address]).run_to_end().await;
    assert_eq!(ended.status.code(), Some(69), "{}", ended.output);
    assert!(ended.output.contains(&first.https_address().port().to_string()), "{}", ended.output);
    assert!(ended.output.contains("listen.https"), "{}", ended.output);
    assert_eq!(first.client().get("/api/health").await.status, 200);
}

#[tokio::test]
async fn all_wrong_settings_are_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("school.toml");
    fs::write(&path, "nmaes = [\"x\"]\nlog = \"loud\"\n[limits]\nconnections = 1_000_000\n")
        .expect("written");
    let ended = Kelasd::configure()
        .arguments(&["--config", path.to_str().expect("text")])
        .variable("KELASD_PEERJS_ENABLED", "ja")
        .run_to_end()
        .await;
    assert_eq!(ended.status.code(), Some(78), "{}", ended.output);
    assert_eq!(ended.output.lines().count(), 1, "one line for the console: {}", ended.output);
    for part in [
        "ERROR",
        "4 problems",
        "school.toml: nmaes: there is no such setting; did you mean names?",
        "school.toml: log: found \"loud\"",
        "school.toml: limits.connections: found \"1000000\", allowed is a number from 16 to 8192",
        "KELASD_PEERJS_ENABLED: peerjs.enabled: found \"ja\", allowed is true or false",
    ] {
        assert!(ended.output.contains(part), "{part} is not in\n{}", ended.output);
    }
}

/// What is left out of a technician's file, and why.
const MISTAKES: [(&[u8], &str); 9] = [
    (b"names = [\"kelas.test\"\nlog = \"info\"\n", "line 2"),
    (b"names = \"kelas.test\"\nnames = \"twice\"\n", "line 2"),
    (b"log = \"\xff\"\n", "UTF-8"),
    (b"Nama sekolah: SMP 1\n", "line 1"),
    (b"[peerjs]\nenabled = \"perhaps\"\n", "peerjs.enabled: found \"perhaps\""),
    (b"[listen.http]\nport = 80\n", "listen.http.port: there is no such setting"),
    (b"log = 1979-05-27\n", "log: found \"1979-05-27\""),
    (b"limits = 5\n", "limits: there is no such setting"),
    (&[b'#'; 100_000], "larger than 65536 bytes"),
];

/// `kelasd check` with this file on the boot partition.
fn check(path: &Path) -> (Option<i32>, String, String) {
    let output = std::process::Command::new(blackbox::binary())
        .args(["check", "--boot-config", path.to_str().expect("text")])
        .output()
        .expect("kelasd can be executed");
    let [out, err] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).expect("text"));
    (output.status.code(), out, err)
}

#[tokio::test]
async fn a_file_on_the_boot_partition_with_errors_is_named_in_one_line_beside_what_is_in_force() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kelas.toml");
    for (bytes, cause) in MISTAKES {
        fs::write(&path, bytes).expect("written");
        let (status, in_force, told) = check(&path);
        assert_eq!(status, Some(78), "{told}");
        let told: Vec<_> = told.lines().collect();
        assert_eq!(told.len(), 2, "a heading and one line: {told:?}");
        assert_eq!(told[0], "kelasd: the settings on the boot partition are left out: 1 problem");
        assert!(told[1].contains("kelas.toml: ") && told[1].contains(cause), "{cause}: {}", told[1]);
        assert!(in_force.lines().any(|line| line.starts_with("names ") && line.ends_with("(built in)")));
    }
    fs::remove_file(&path).expect("removed");
    fs::create_dir(&path).expect("a folder in its place");
    let (status, _, told) = check(&path);
    assert_eq!(status, Some(78), "{told}");
    assert!(told.contains("cannot be read: Is a directory"), "{told}");
}

#[tokio::test]
async fn with_a_file_on_the_boot_partition_with_errors_the_class_goes_on_and_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kelas.toml");
    fs::write(&path, "names = [\"kelas.test\"]\n[limits]\nconnections = 1\nconections = 2\n")
        .expect("written");
    let kelasd = Kelasd::configure()
        .arguments(&["--demo", "--boot-config", path.to_str().expect("text")])
        .start()
        .await;
    for cause in ["limits.conections: there is no such setting", "limits.connections: found \"1\""] {
        let lines =
            kelasd.log().lines().filter(|line| line.contains("ERROR") && line.contains(cause)).count();
        assert_eq!(lines, 1, "{cause}: {}", kelasd.log());
    }
    let health = kelasd.client().get("/api/health").await;
    assert_eq!((health.status, &health.json()["problems"]), (200, &serde_json::json!(["settings-ignored"])));
    let page = teacher(&kelasd).await.get("/").await.text();
    assert!(page.contains("limits.connections: found"), "{page}");
    let stopped = kelasd.stop().await;
    assert_eq!(stopped.status.code(), Some(0), "{}", stopped.output);
}

#[tokio::test]
async fn what_the_system_found_wrong_with_the_card_is_told_to_people_and_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("data-missing"), "no partition 7 on the card\n").expect("written");
    fs::write(folder.path().join("solar-flare"), "nobody knows\n").expect("written");
    let kelasd = Kelasd::configure()
        .arguments(&["--demo", "--problems", folder.path().to_str().expect("text")])
        .start()
        .await;
    kelasd.logged("no partition 7 on the card").await;
    let client = kelasd.client();
    let codes = client.get("/api/health").await.json()["problems"].clone();
    assert_eq!(codes, serde_json::json!(["data-missing", "solar-flare"]));
    let metrics = client.get("/metrics").await.text();
    for line in ["{code=\"data-missing\"} 1", "{code=\"solar-flare\"} 1", "{code=\"data-full\"} 0"] {
        assert!(metrics.contains(&format!("kelasd_card_problem{line}\n")), "{line}: {metrics}");
    }
    let page = teacher(&kelasd).await.get("/").await.text();
    assert!(page.contains("no partition 7 on the card") && page.contains("nobody knows"), "{page}");
    let page = client.get("/sign-in").await.text();
    assert!(page.contains("tidak disimpan") && !page.contains("no partition 7"), "{page}");
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_made_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    let ended = Kelasd::configure().data(&file.join("data")).run_to_end().await;
    assert_eq!(ended.status.code(), Some(74), "{}", ended.output);
    assert!(ended.output.contains(file.to_str().expect("text")), "{}", ended.output);
}

#[tokio::test]
async fn two_daemons_do_not_share_a_data_folder() {
    let first = Kelasd::start().await;
    let ended = Kelasd::configure().data(first.data()).run_to_end().await;
    assert_eq!(ended.status.code(), Some(74), "{}", ended.output);
    assert!(ended.output.contains("another kelasd"), "{}", ended.output);
    assert_eq!(first.client().get("/api/health").await.status, 200);
}

#[tokio::test]
async fn a_damaged_database_is_named_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("made");
    let path = data.join("kelas.sqlite");
    fs::write(&path, "SQLite format 3\0 and then nonsense").expect("written");
    let ended = Kelasd::configure().data(&data).run_to_end().await;
    assert_eq!(ended.status.code(), Some(74), "{}", ended.output);
    assert!(ended.output.contains("kelas.sqlite"), "{}", ended.output);
    let left = fs::read(&path).expect("still there");
    assert_eq!(left, b"SQLite format 3\0 and then nonsense");
}

#[tokio::test]
async fn a_wrong_command_line_ends_with_64() {
    let ended = Kelasd::configure().arguments(&["--no-such-flag"]).run_to_end().await;
    assert_eq!(ended.status.code(), Some(64), "{}", ended.output);
    assert!(ended.output.contains("--no-such-flag"), "{}", ended.output);
}

#[tokio::test]
async fn check_tells_each_setting_with_its_source() {
    let output = std::process::Command::new(blackbox::binary())
        .args(["check", "--boot-config", "/nonexistent", "--data", "/tmp/some/where"])
        .env("KELASD_NAMES", "kelas.test")
        .output()
        .expect("kelasd can be executed");
    let text = String::from_utf8(output.stdout).expect("text");
    assert_eq!(output.status.code(), Some(0), "{text}");
    for (key, value) in [
        ("data", "/tmp/some/where  (--data)"),
        ("names", "kelas.test  (KELASD_NAMES)"),
        ("demo", "false  (built in)"),
    ] {
        let line = text.lines().find(|line| line.split_whitespace().next() == Some(key)).expect("a line");
        assert!(line.ends_with(value), "{line}");
    }
}
