//! `kelasd invite`: the way in for the first technician, a new teacher, and who lost theirs.

use std::path::Path;
use std::process::{Command, Output};

use blackbox::{Kelasd, binary};

fn invite(data: &Path, words: &[&str]) -> Output {
    let mut command = Command::new(binary());
    command.args(["invite", "--boot-config", "/nonexistent", "--data"]).arg(data).args(words);
    command.env_remove("KELASD_DATA").output().expect("kelasd can be executed")
}

/// The path of the link that was printed, and nothing else with it.
fn link(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.strip_prefix("https://kelas.internal").expect("the box's name").trim_end().to_owned()
}

#[tokio::test]
async fn a_link_lets_a_new_person_in_once_and_one_who_is_known_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || Kelasd::configure().data(folder.path()).start();
    start().await.stop().await;
    let first = link(&invite(folder.path(), &["--role", "technician", "--name", "Pak  Tono"]));

    let kelasd = start().await;
    let tono = kelasd.client();
    assert_eq!(tono.post_form(&first, &[]).await.status, 303);
    assert!(tono.get("/account").await.text().contains("Pak Tono"));
    let stranger = kelasd.client();
    assert_ne!(stranger.post_form(&first, &[]).await.status, 303, "used up");
    let form = tono.get("/account/password").await.text();
    let token = form.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let secret = "kata sandi yang panjang";
    let fields =
        [("form_token", token.expect("a token")), ("login", "tono"), ("password", secret), ("again", secret)];
    assert_eq!(tono.post_form("/account/password", &fields).await.status, 303);
    kelasd.stop().await;

    let again = link(&invite(folder.path(), &["--login", "Tono"]));
    let kelasd = start().await;
    let tono = kelasd.client();
    assert_eq!(tono.post_form(&again, &[]).await.status, 303);
    assert!(tono.get("/account").await.text().contains("Pak Tono"));
}

#[tokio::test]
async fn what_cannot_be_is_told_and_nothing_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let teacher = ["--role", "teacher", "--name", "Bu Ani"];
    let refused = |data: &Path, words: &[&str], status: i32, told: &str| {
        let ended = invite(data, words);
        let output = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(status), "{output}");
        assert!(output.contains(told) && ended.stdout.is_empty(), "{told} is not in\n{output}");
    };
    refused(folder.path(), &teacher, 74, "start kelasd once first");
    assert_eq!(folder.path().read_dir().expect("a folder").count(), 0);
    let kelasd = Kelasd::configure().data(folder.path()).start().await;
    refused(folder.path(), &teacher, 74, "another kelasd uses this database");
    kelasd.stop().await;
    refused(folder.path(), &["--login", "siapa"], 64, "not_found");
    refused(folder.path(), &["--role", "teacher", "--name", " "], 64, "name_empty");
    refused(folder.path(), &["--role", "teacher"], 64, "--name");
    refused(folder.path(), &[], 64, "--role");
}
