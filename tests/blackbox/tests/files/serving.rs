//! Files on their way to browsers: ranges, conditions, names, and nothing that runs.

use blackbox::{Answer, Client, Kelasd, Method, student, teacher};

use crate::sent::{addresses, meeting, send_form};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
const HTML: &[u8] = b"<!doctype html><script>parent.__ran = 1</script>";
const SVG: &[u8] = b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"parent.__ran = 1\"/>";

async fn ask(client: &Client, method: Method, path: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = client.request(method, path, Vec::new().into());
    for (name, value) in headers {
        request.headers_mut().insert(*name, value.parse().expect("a header"));
    }
    client.send(request).await
}

#[tokio::test]
async fn a_browser_fetches_all_or_a_part_or_hears_that_nothing_has_changed() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let whole: Vec<u8> = (0..300_000_u32).map(|at| at.to_le_bytes()[0]).collect();
    assert_eq!(send_form(&guru, &meeting, &[("Data.bin", "video/mp4", &whole)]).await.status, 303);
    let budi = student(&kelasd, "Budi").await;
    let [file] = &addresses(&budi, &meeting).await[..] else { panic!("one file") };

    let all = ask(&budi, Method::GET, file, &[]).await;
    assert_eq!((all.status, all.header("content-length")), (200, Some("300000")));
    assert_eq!(all.body, whole);
    assert_eq!(all.header("accept-ranges"), Some("bytes"));
    let tag = all.header("etag").expect("a tag").to_owned();
    let head = ask(&budi, Method::HEAD, file, &[]).await;
    assert_eq!((head.status, head.header("content-length"), head.body.len()), (200, Some("300000"), 0));
    let same = ask(&budi, Method::GET, file, &[("if-none-match", &tag)]).await;
    assert_eq!((same.status, same.body.len()), (304, 0));
    for (range, status, part) in [
        ("bytes=0-0", 206, Some(0..1)),
        ("bytes=100000-299999", 206, Some(100_000..300_000)),
        ("bytes=299990-", 206, Some(299_990..300_000)),
        ("bytes=-5", 206, Some(299_995..300_000)),
        ("bytes=300000-", 416, None),
        ("bytes=0-1,5-6", 200, Some(0..300_000)),
    ] {
        let answer = ask(&budi, Method::GET, file, &[("range", range)]).await;
        assert_eq!(answer.status, status, "{range}");
        if let Some(part) = part {
            assert_eq!(answer.body, whole[part], "{range}");
        }
    }
    let part = ask(&budi, Method::GET, file, &[("range", "bytes=5-9"), ("if-range", &tag)]).await;
    assert_eq!((part.status, part.header("content-range")), (206, Some("bytes 5-9/300000")));
    let other = ask(&budi, Method::GET, file, &[("range", "bytes=5-9"), ("if-range", "\"x\"")]).await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn only_who_sees_the_meeting_has_its_files() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    assert_eq!(send_form(&guru, &meeting, &[("Gaya.pdf", "", b"%PDF-1.7\n")]).await.status, 303);
    let budi = student(&kelasd, "Budi").await;
    let [file] = &addresses(&budi, &meeting).await[..] else { panic!("one file") };
    assert_eq!(ask(&kelasd.client(), Method::GET, file, &[]).await.status, 401);
    assert_eq!(ask(&budi, Method::GET, "/files/99/Gaya.pdf", &[]).await.status, 404);
    assert_eq!(ask(&budi, Method::GET, file, &[]).await.status, 200);
    let hidden = blackbox::submit(&guru, &format!("{meeting}/hide")).await;
    assert_eq!(hidden.status, 303);
    assert_eq!(ask(&budi, Method::GET, file, &[]).await.status, 404, "a draft");
    assert_eq!(ask(&guru, Method::GET, file, &[]).await.status, 200);
}

#[tokio::test]
async fn a_name_is_made_fit_and_told_as_it_is() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let long = format!("{}.txt", "x".repeat(251));
    let longer = format!("{}.txt", "é".repeat(200));
    let cut = format!("{}.txt", "%C3%A9".repeat(125));
    let table = [
        ("Tugas 1.txt", "Tugas%201.txt"),
        ("../../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("foto\u{202e}txt.exe", "fototxt.exe"),
        ("成績表.txt", "%E6%88%90%E7%B8%BE%E8%A1%A8.txt"),
        ("a'b(c)*;d.txt", "a%27b%28c%29_%3Bd.txt"),
        ("CON.txt", "_CON.txt"),
        (long.as_str(), long.as_str()),
        (longer.as_str(), cut.as_str()),
    ];
    let files: Vec<_> = table.iter().map(|(name, _)| (*name, "text/plain", name.as_bytes())).collect();
    assert_eq!(send_form(&guru, &meeting, &files).await.status, 303);
    let addresses = addresses(&guru, &meeting).await;
    assert_eq!(addresses.len(), table.len());
    for ((name, told), address) in table.iter().zip(addresses) {
        let answer = ask(&guru, Method::GET, &address, &[]).await;
        assert_eq!(answer.body, name.as_bytes(), "{name}");
        let disposition = answer.header("content-disposition").expect("a name");
        assert!(disposition.starts_with("attachment; "), "{disposition}");
        assert!(disposition.ends_with(&format!("filename*=UTF-8''{told}")), "{disposition}");
    }
}

#[tokio::test]
async fn what_could_run_is_downloaded_whatever_it_calls_itself() {
    let kelasd = Kelasd::demo().await;
    let guru = teacher(&kelasd).await;
    let meeting = meeting(&kelasd);
    let table: [(&str, &str, &[u8], &str, bool); 9] = [
        ("a.html", "text/html", HTML, "application/octet-stream", false),
        ("a.png", "image/png", HTML, "application/octet-stream", false),
        ("a.pdf", "application/pdf", HTML, "application/octet-stream", false),
        ("a.svg", "image/svg+xml", SVG, "application/octet-stream", false),
        ("b.png", "image/png", SVG, "application/octet-stream", false),
        (
            "a.xhtml",
            "application/xhtml+xml",
            b"<?xml version=\"1.0\"?><html/>",
            "application/octet-stream",
            false,
        ),
        ("c.html", "text/html", PNG, "application/octet-stream", false),
        ("c.png", "text/html", PNG, "image/png", true),
        ("b.pdf", "text/html", b"%PDF-1.7\n", "application/pdf", true),
    ];
    let files: Vec<_> = table.iter().map(|(name, declared, bytes, ..)| (*name, *declared, *bytes)).collect();
    assert_eq!(send_form(&guru, &meeting, &files).await.status, 303);
    for ((name, _, _, kind, inline), address) in table.iter().zip(addresses(&guru, &meeting).await) {
        for (address, inline) in [(address.clone(), *inline), (format!("{address}?download"), false)] {
            let answer = ask(&guru, Method::GET, &address, &[]).await;
            assert_eq!(answer.header("content-type"), Some(*kind), "{name}");
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{name}");
            let policy = answer.header("content-security-policy").expect("a policy");
            assert!(policy.starts_with("default-src 'none'"), "{name}: {policy}");
            assert!(policy.contains("sandbox") || *kind == "application/pdf", "{name}: {policy}");
            let disposition = answer.header("content-disposition").expect("a disposition");
            assert_eq!(disposition.starts_with("inline"), inline, "{name}: {disposition}");
        }
    }
}
