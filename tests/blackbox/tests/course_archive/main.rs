//! A course as one file: out of one box, into another as a new course of drafts, and out again the
//! same; and what somebody has made to do harm changes nothing.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use blackbox::{Answer, Client, Kelasd, Method, teacher};
use rusqlite::Connection;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

type Archive = Vec<(String, Vec<u8>)>;

fn unpacked(bytes: &[u8]) -> Archive {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    (0..zip.len())
        .map(|index| {
            let mut file = zip.by_index(index).expect("a file");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("whole");
            (file.name().expect("text").into_owned(), bytes)
        })
        .collect()
}

fn packed(files: &Archive) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(name.as_str(), options).expect("a file");
        zip.write_all(bytes).expect("written");
    }
    zip.finish().expect("an archive").into_inner()
}

async fn send(client: &Client, path: &str, files: &[(&str, &[u8])]) -> Answer {
    let page = client.get("/account").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let token = token.expect("a token");
    let mut body =
        format!("--kelas\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{token}\r\n")
            .into_bytes();
    for (name, bytes) in files {
        let head = format!(
            "--kelas\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--kelas--\r\n");
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

async fn fields(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let page = client.get("/account").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let mut all = vec![("form_token", token.expect("a token"))];
    all.extend(fields);
    client.post_form(path, &all).await
}

fn numbers(data: &Path, sql: &str) -> Vec<i64> {
    let connection = Connection::open(data.join("kelas.sqlite")).expect("a database");
    let mut statement = connection.prepare(sql).expect("SQL");
    statement.query_map([], |row| row.get(0)).expect("rows").collect::<Result<_, _>>().expect("numbers")
}

fn number(data: &Path, sql: &str) -> i64 {
    numbers(data, sql)[0]
}

/// A name of 255 bytes, from right to left.
fn long_name() -> String {
    format!("{}.txt", "ب".repeat(125))
}

/// A course with everything in it; its address.
async fn filled(kelasd: &Kelasd, guru: &Client) -> String {
    let meeting = kelasd.announced.meeting.expect("--demo");
    let at = |rest: &str| format!("/meetings/{meeting}/{rest}");
    let text = [("title", "Bab 1.2: \"Gaya\""), ("text", "**Gaya** itu `F = m a`.")];
    assert_eq!(fields(guru, &at("materials/text"), &text).await.status, 303);
    assert_eq!(
        fields(guru, &at("materials/text"), &[("title", ""), ("text", "Tanpa judul")]).await.status,
        303
    );
    let link = [("title", "Buku"), ("address", "https://id.wikipedia.org/wiki/Gaya")];
    assert_eq!(fields(guru, &at("materials/link"), &link).await.status, 303);
    let long = long_name();
    let large = vec![7_u8; 1_500_000];
    let files: [(&str, &[u8]); 4] =
        [("Film.mp4", &large), ("sama.pdf", b"%PDF-1.7\n"), ("sama.pdf", b"%PDF-1.7\n"), (&long, b"abjad")];
    assert_eq!(send(guru, &at("materials/files"), &files).await.status, 303);
    let assignment = [("title", "Soal 1"), ("text", "Kerjakan."), ("late", "refuse"), ("points", "80")];
    let made = fields(guru, &at("assignments"), &assignment).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let assignment = number(kelasd.data(), "SELECT max(id) FROM assignment");
    let given = send(guru, &format!("/assignments/{assignment}/files"), &[("Soal.pdf", b"%PDF-1.4\n")]).await;
    assert_eq!(given.status, 303, "{}", given.text());
    let course = number(kelasd.data(), "SELECT id FROM course");
    let more = fields(guru, &format!("/courses/{course}/meetings"), &[("title", "../Kosong/..")]).await;
    assert_eq!(more.status, 303, "{}", more.text());
    format!("/courses/{course}")
}

async fn export(guru: &Client, course: &str) -> Vec<u8> {
    let answer = guru.get(&format!("{course}/export")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/zip")));
    answer.body.to_vec()
}

#[tokio::test]
async fn a_course_goes_to_another_box_and_comes_out_of_it_the_same() {
    let first = Kelasd::demo().await;
    let guru = teacher(&first).await;
    let course = filled(&first, &guru).await;
    let archive = export(&guru, &course).await;
    let names: Vec<String> = unpacked(&archive).into_iter().map(|(name, _)| name).collect();
    assert!(names.iter().any(|name| name.ends_with("/01 Bab 1_2_ _Gaya_.md")), "{names:?}");
    assert_eq!(names.last().map(String::as_str), Some("course.json"));
    assert!(names.iter().all(|name| name.len() < 200 && !name.contains("..")), "{names:?}");

    let second = Kelasd::demo().await;
    let other = teacher(&second).await;
    let brought = send(&other, "/courses/import", &[("IPA.zip", &archive)]).await;
    assert_eq!(brought.status, 303, "{}", brought.text());
    let place = brought.header("location").expect("the course").split('?').next().expect("a path").to_owned();
    let course = place.rsplit('/').next().expect("a number");
    assert_eq!(export(&other, &place).await, archive, "the same bytes");
    let data = second.data();
    let published =
        format!("SELECT count(*) FROM meeting WHERE course = {course} AND published_at IS NOT NULL");
    assert_eq!(number(data, &published), 0, "drafts");
    assert_eq!(number(data, "SELECT count(*) FROM assignment WHERE published_at IS NOT NULL"), 0);
    assert_eq!(
        number(data, &format!("SELECT count(*) FROM member WHERE course = {course}")),
        1,
        "nobody came along"
    );
    assert_eq!(number(data, "SELECT count(*) FROM content"), 4, "the same bytes are kept once");
    let page =
        other.get(&format!("/meetings/{}", number(data, "SELECT min(id) FROM meeting WHERE id > 1"))).await;
    assert!(page.text().contains(&long_name()), "{}", page.text());

    // Once more on the same box: another course, and not a byte more.
    let again = send(&other, "/courses/import", &[("IPA.zip", &packed(&unpacked(&archive)))]).await;
    assert_eq!(again.status, 303, "{}", again.text());
    assert_eq!(number(data, "SELECT count(*) FROM content"), 4);
    assert_eq!(number(data, "SELECT count(*) FROM course"), 3);
}

#[tokio::test]
async fn what_was_made_to_do_harm_is_told_and_leaves_nothing() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let course = filled(&kelasd, &guru).await;
    let archive = export(&guru, &course).await;
    let files = unpacked(&archive);
    let changed = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut files = files.clone();
        let manifest = &mut files.last_mut().expect("course.json").1;
        let mut value = serde_json::from_slice(manifest).expect("JSON");
        change(&mut value);
        *manifest = serde_json::to_vec(&value).expect("JSON");
        packed(&files)
    };
    let with = |name: &str, bytes: Vec<u8>| {
        let mut files = files.clone();
        files.push((name.to_owned(), bytes));
        packed(&files)
    };
    let film = files.iter().position(|(name, _)| name.ends_with("Film.mp4")).expect("there");
    let mut other = files.clone();
    other[film].1 = vec![8; 1_500_000];
    let mut bomb = files.clone();
    bomb[film].1 = vec![0; 60_000_000];
    let without = |number: usize| {
        let mut files = files.clone();
        files.remove(number);
        packed(&files)
    };
    let many: Archive = (0..6_000).map(|number| (format!("a/{number}"), Vec::new())).collect();
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("no archive", b"Selamat pagi".to_vec(), "foreign"),
        ("somebody's photos", packed(&vec![("a.jpg".into(), vec![1; 100])]), "foreign"),
        ("half", archive[..archive.len() / 2].to_vec(), "foreign"),
        ("a name that leads out", with("../../../etc/passwd", b"x".to_vec()), "damaged"),
        ("an absolute name", with("/etc/passwd", b"x".to_vec()), "damaged"),
        ("a name of Windows", with("C:\\Windows\\a", b"x".to_vec()), "damaged"),
        ("too many files", packed(&many), "damaged"),
        ("another file's bytes", packed(&other), "damaged"),
        ("a bomb", packed(&bomb), "damaged"),
        ("without a file", without(film), "damaged"),
        ("without its manifest", without(files.len() - 1), "foreign"),
        ("tomorrow's", changed(&|it| it["format"] = 99.into()), "newer"),
        (
            "a script for an address",
            changed(&|it| it["meetings"][0]["materials"][2]["address"] = "javascript:1".into()),
            "damaged",
        ),
        (
            "a file of more than there is room for",
            changed(&|it| {
                it["meetings"][0]["materials"][3]["file"]["size_bytes"] = 2_000_000_000_u64.into();
            }),
            "damaged",
        ),
    ];
    let counts = || {
        let count = |table: &str| number(kelasd.data(), &format!("SELECT count(*) FROM {table}"));
        ["course", "meeting", "material", "file", "content"].map(count)
    };
    let before = counts();
    for (what, bytes, told) in cases {
        let answer = send(&guru, "/courses/import", &[("kelas.zip", &bytes)]).await;
        assert_eq!(answer.status, 400, "{what}: {}", answer.text());
        let sentence = match told {
            "foreign" => "bukan kelas dari Kelas",
            "newer" => "Kelas yang lebih baru",
            _ => "rusak atau tidak lengkap",
        };
        assert!(answer.text().contains(sentence), "{what}: {}", answer.text());
        assert_eq!(counts(), before, "{what}");
        let left = std::fs::read_dir(kelasd.data().join("files/incoming")).expect("a folder").count();
        assert_eq!(left, 0, "{what}");
    }
    let nothing = send(&guru, "/courses/import", &[("", b"")]).await;
    assert_eq!(nothing.status, 400);
}
