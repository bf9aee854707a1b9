//! Rosters as files, over real HTTP: chosen, looked at, imported; a whole school at once.

use std::fmt::Write as _;
use std::time::Instant;

use blackbox::{Answer, Client, Kelasd, Method, teacher};

/// What stands between the parts of a form.
const BOUNDARY: &str = "----kelas";
/// Rows that a roster may have (`base::limits::ROSTER_ROWS`).
const ROWS: usize = 5_000;

/// A file that is sent, or a field.
enum Part<'a> {
    Field(&'a str, &'a str),
    File(&'a str, &'a [u8]),
}

/// Sends a form as a browser does.
async fn send(client: &Client, path: &str, parts: &[Part<'_>]) -> Answer {
    let page = client.get("/account").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    let token = Part::Field("form_token", token.expect("a form's token"));
    let mut body = Vec::new();
    for part in [&token].into_iter().chain(parts) {
        let (about, bytes) = match part {
            Part::Field(name, value) => (format!("name=\"{name}\""), value.as_bytes()),
            Part::File(name, bytes) => {
                (format!("name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/csv"), *bytes)
            }
        };
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {about}\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    let mut request = client.request(Method::POST, path, body.into());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    for (name, value) in
        [("content-type", kind.as_str()), ("origin", client.origin()), ("accept", "text/html")]
    {
        request.headers_mut().insert(name, value.parse().expect("a header"));
    }
    client.send(request).await
}

/// Chooses a file: the preview, or why there is none.
async fn choose(client: &Client, bytes: &[u8]) -> Answer {
    send(client, "/people/import", &[Part::File("siswa.csv", bytes)]).await
}

/// Sends the form of a preview.
async fn confirm(client: &Client, preview: &Answer) -> Answer {
    let page = preview.text();
    let hidden = |name: &str| {
        let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
        let value = rest.split("\">").next().expect("a value").replace("&#39;", "'").replace("&#34;", "\"");
        // As browsers send what has several lines.
        value.replace("\r\n", "\n").replace('\n', "\r\n")
    };
    let (digest, roster) = (hidden("digest"), hidden("roster"));
    let fields = [Part::Field("digest", &digest), Part::Field("roster", &roster)];
    send(client, "/people/import/apply", &fields).await
}

fn whole_school(rows: usize, group: &str) -> Vec<u8> {
    let mut file = "Nama;NIS;Kelas\r\n".to_owned();
    for row in 0..rows {
        write!(file, "Siswa D'Souza nomor {row};{row:05};{group}{}\r\n", row / 36).expect("memory");
    }
    file.into_bytes()
}

#[tokio::test]
async fn a_whole_school_comes_in_and_comes_in_again() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    for (group, says, does) in [
        ("Kelas ", "5000 siswa baru", Some("Impor 5000 siswa")),
        ("Kelas ", "5000 siswa tidak berubah", None),
        ("Rombel ", "5000 siswa diperbarui", Some("Impor 5000 siswa")),
    ] {
        let begun = Instant::now();
        let preview = choose(&guru, &whole_school(ROWS, group)).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let looked = begun.elapsed();
        assert!(preview.text().contains(says), "{says}");
        let Some(does) = does else { continue };
        assert!(preview.text().contains(does), "{does}");
        let begun = Instant::now();
        let done = confirm(&guru, &preview).await;
        assert_eq!(done.header("location"), Some("/people/cards?notice=people.imported"), "{}", done.text());
        println!("{says}: preview {looked:?}, import {:?}", begun.elapsed());
    }
    let begun = Instant::now();
    let list = guru.get("/people?q=nomor+4999").await.text();
    assert!(list.contains("Rombel 138 · 04999"), "{list}");
    println!("one among all: {:?}", begun.elapsed());
    let export = guru.get("/people/export.csv").await;
    assert_eq!(export.text().lines().count(), ROWS + 1);
    let again = choose(&guru, &export.body).await.text();
    assert!(again.contains("5000 siswa tidak berubah"), "what goes out comes in the same");
}

#[tokio::test]
async fn files_as_spreadsheets_save_them_are_read() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let text = "Nama;Kelas\r\nZoë Sánchez;7A\r\n";
    let utf16 = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let files: [Vec<u8>; 5] = [
        text.into(),
        [b"\xef\xbb\xbf", text.as_bytes()].concat(),
        text.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin-1")).collect(),
        [vec![0xff, 0xfe], utf16(u16::to_le_bytes)].concat(),
        [vec![0xfe, 0xff], utf16(u16::to_be_bytes)].concat(),
    ];
    for (number, file) in files.iter().enumerate() {
        let page = choose(&guru, file).await.text();
        assert!(page.contains("1 siswa baru") && page.contains("Zoë Sánchez"), "{number}: {page}");
    }
}

#[tokio::test]
async fn what_is_too_much_or_no_roster_is_refused_with_what_to_do() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let many = whole_school(ROWS + 1, "7A ");
    let large = vec![b'x'; 1_100_000];
    let huge = vec![b'x'; 12_000_000];
    let excel = b"PK\x03\x04\x14\x00\x06\x00\x08\x00xl/workbook.xml";
    for (file, status, sentence) in [
        (&many[..], 413, "5000 baris"),
        (&large, 413, "satu berkas per kelas"),
        (&huge, 413, "satu berkas per kelas"),
        (excel, 400, "CSV UTF-8"),
        (b"", 400, "Pilih berkas CSV"),
    ] {
        let refused = choose(&guru, file).await;
        assert_eq!(refused.status, status, "{sentence}: {}", refused.text());
        assert!(refused.text().contains(sentence), "{sentence}: {}", refused.text());
    }
    assert!(guru.get("/people").await.text().contains("Belum ada siswa"));
}
