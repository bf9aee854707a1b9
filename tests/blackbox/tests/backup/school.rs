//! A school with people, work and files, its technician, and what of it can be compared.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use blackbox::{Answer, Client, Kelasd, Method, binary, student, submit, teacher};
use rusqlite::Connection;
use rusqlite::types::Value;

/// A box that is in use.
pub(crate) struct School {
    pub(crate) kelasd: Kelasd,
    pub(crate) technician: Client,
    pub(crate) folder: tempfile::TempDir,
}

/// What a box without a machine of its own is started with.
pub(crate) fn start(folder: &Path) -> blackbox::Configuration {
    Kelasd::configure().data(&folder.join("data"))
}

impl School {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        start(folder.path()).start().await.stop().await;
        let link = invite(folder.path());
        let kelasd = start(folder.path()).arguments(&["--demo"]).start().await;
        let technician = kelasd.client();
        assert_eq!(technician.post_form(&link, &[]).await.status, 303);
        let school = Self { kelasd, technician, folder };
        school.work().await;
        school
    }

    /// Files of every size, twice the same one, and somebody who came.
    async fn work(&self) {
        let guru = teacher(&self.kelasd).await;
        let meeting = self.kelasd.announced.meeting.expect("--demo");
        let large: Vec<u8> = (0..3_000_000_u32).map(|number| (number % 251) as u8).collect();
        let files: [(&str, &[u8]); 4] = [
            ("Gaya.txt", b"F = m a"),
            ("Film.bin", &large),
            ("Lagi.txt", b"F = m a"),
            ("العربية.txt", b"abjad"),
        ];
        for (name, bytes) in files {
            let path = format!("/meetings/{meeting}/materials/files");
            let sent = send_file(&guru, &path, &[], "files", name, bytes).await;
            assert_eq!(sent.status, 303, "{}", sent.text());
        }
        student(&self.kelasd, "Budi").await;
        submit(&guru, &format!("/meetings/{meeting}/publish")).await;
    }

    /// A backup, as the technician's browser keeps it.
    pub(crate) async fn backup(&self) -> Vec<u8> {
        let made = submit(&self.technician, "/setup/backup").await;
        assert_eq!(
            (made.status, made.header("content-type")),
            (200, Some("application/zip")),
            "{}",
            made.text()
        );
        let name = made.header("content-disposition").expect("a name").to_owned();
        assert!(name.starts_with("attachment; filename=\"kelas-backup-20"), "{name}");
        made.body.to_vec()
    }
}

/// The path of a technician's sign-in link, while no daemon runs.
pub(crate) fn invite(folder: &Path) -> String {
    let invited = Command::new(binary())
        .args([
            "invite",
            "--role",
            "technician",
            "--name",
            "Pak Tono",
            "--boot-config",
            "/nonexistent",
            "--data",
        ])
        .arg(folder.join("data"))
        .output()
        .expect("it runs");
    let link = String::from_utf8(invited.stdout).expect("text");
    format!("/link/{}", link.trim().rsplit('/').next().expect("a token"))
}

/// `kelasd restore`, on the data of `folder`.
pub(crate) fn restore(folder: &Path, archive: &Path) -> Output {
    let mut command = Command::new(binary());
    command
        .args(["restore", "--boot-config", "/nonexistent", "--data"])
        .arg(folder.join("data"))
        .arg(archive);
    command.output().expect("it runs")
}

/// The value of a hidden field.
pub(crate) fn token(page: &str) -> String {
    let rest = page.rsplit("name=\"form_token\" value=\"").next().unwrap_or_default();
    rest.split('"').next().unwrap_or_default().to_owned()
}

/// Sends a form with one file, with the token of the page where it stands.
pub(crate) async fn send_file(
    client: &Client,
    path: &str,
    fields: &[(&str, &str)],
    field: &str,
    name: &str,
    bytes: &[u8],
) -> Answer {
    let page = if path.starts_with("/setup") { path } else { "/account" };
    let token = token(&client.get(page).await.text());
    let mut body = Vec::new();
    for (name, value) in [("form_token", token.as_str())].iter().chain(fields) {
        let part = format!("--kelas\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    let head = format!(
        "--kelas\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    body.extend_from_slice(head.as_bytes());
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--kelas--\r\n");
    let mut request = client.request(Method::POST, path, body.into());
    for (name, value) in [
        ("content-type", "multipart/form-data; boundary=kelas"),
        ("origin", client.origin()),
        ("accept", "text/html"),
        ("cookie", &client.cookies()),
    ] {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    client.send(request).await
}

/// Tables whose rows end with the box that they were made on.
const ENDS: [&str; 3] = ["session", "sign_in_link", "upload"];

/// Every row of every table, but those that end.
pub(crate) fn rows(database: &Path) -> BTreeMap<String, Vec<Vec<Value>>> {
    let connection = Connection::open(database).expect("a database");
    let mut names = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'")
        .expect("tables");
    let names: Vec<String> =
        names.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("names");
    let table = |name: &String| {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name}")).expect("a table");
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|column| row.get(column)).collect());
        let mut rows: Vec<Vec<Value>> = rows.expect("rows").collect::<Result<_, _>>().expect("values");
        rows.sort_by_key(|row| format!("{row:?}"));
        rows
    };
    let kept = names.iter().filter(|name| !ENDS.contains(&name.as_str()));
    kept.map(|name| (name.clone(), table(name))).collect()
}

/// Each content below `files/objects`, by its name.
pub(crate) fn objects(data: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for folder in std::fs::read_dir(data.join("files/objects")).expect("a folder") {
        let folder = folder.expect("an entry").path();
        for file in std::fs::read_dir(&folder).expect("a folder") {
            let file = file.expect("an entry").path();
            let name: Vec<_> = file.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
            let (bytes, name) = (std::fs::read(&file).expect("a file"), format!("{}{}", name[1], name[0]));
            found.insert(name, bytes);
        }
    }
    found
}
