//! Signing in against the whole daemon: links, throttling under attack, foreign pages.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use blackbox::{Client, Kelasd, Method, Onlookers};
use http::{HeaderValue, header};
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;

/// Connections over which the attack comes, and attempts over each.
const CONNECTIONS: usize = 10;
const ATTEMPTS: usize = 1_000;

#[tokio::test]
async fn the_teachers_link_signs_in_once() {
    let kelasd = Kelasd::demo().await;
    let (client, path) = (kelasd.client(), kelasd.teacher_path());
    let page = client.get(&path).await;
    assert_eq!(page.status, 200);
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(client.cookie("__Host-kelas"), None, "looking costs nothing");
    assert_eq!(client.post_form(&path, &[]).await.status, 303);
    assert!(client.cookie("__Host-kelas").is_some());
    assert_eq!(client.get("/account").await.status, 200);
    assert_eq!(client.stranger().post_form(&path, &[]).await.status, 410);
}

#[tokio::test]
async fn a_student_joins_over_plain_http_and_watches() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.plain_client();
    let code = kelasd.announced.join_code.clone().expect("a demo");
    let joined = client.post_form("/join", &[("code", &code), ("name", "Siti")]).await;
    let room = joined.header("location").expect("a redirect").to_owned();
    assert_eq!(room, format!("/rooms/{}", kelasd.announced.meeting.expect("a demo")));
    assert!(client.get(&room).await.text().contains("\"rung\":0"));
    let secure = kelasd.client();
    secure.set_cookie("__Host-kelas", &client.cookie("kelas_plain").expect("signed in"));
    assert_ne!(secure.get(&room).await.status, 200, "a token from the air is worth nothing over TLS");
}

#[tokio::test]
async fn another_sites_page_cannot_act_in_a_persons_name() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    client.post_form(&kelasd.teacher_path(), &[]).await;
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let mut request = client.request(Method::POST, "/account/sign-out", "".into());
        request.headers_mut().insert(name, HeaderValue::from_static(value));
        let answer = client.send(request).await;
        assert_eq!((answer.status, answer.code().as_str()), (403, "origin_refused"), "{name}");
    }
    let answer = client.post_form("/account/sign-out", &[]).await;
    assert_eq!(answer.status, 403, "our own page would have sent its token");
    assert_eq!(client.get("/account").await.status, 200, "still signed in");
}

#[tokio::test]
async fn ten_thousand_guesses_cost_little_and_lock_nobody_out() {
    let kelasd = Kelasd::demo().await;
    let mut others = Onlookers::gather(&kelasd).await;
    let before = resident_bytes(kelasd.announced.pid);
    let hashed = Arc::new(AtomicUsize::new(0));
    let attacks: Vec<_> = (0..CONNECTIONS).map(|_| guess(kelasd.client(), Arc::clone(&hashed))).collect();
    let mut attack = tokio::spawn(futures_util::future::join_all(attacks));
    // A person may chat twice a second.
    let mut pace = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            over = &mut attack => break drop(over.expect("no panic")),
            _ = pace.tick() => others.notice_nothing().await,
        }
    }
    others.notice_nothing().await;
    // Twenty are free for an address; a few more follow as its waits run out.
    let hashed = hashed.load(Ordering::Relaxed);
    assert!((20..=40).contains(&hashed), "{hashed} of 10,000 were looked at");
    let grown = resident_bytes(kelasd.announced.pid).saturating_sub(before);
    assert!(grown < 64 << 20, "memory grew by {grown} bytes, two hashes take 38 MiB");
    let client = kelasd.client();
    assert_eq!(client.post_form(&kelasd.teacher_path(), &[]).await.status, 303, "the teacher gets in");
}

/// Sends guesses over one connection, each for another login, and counts those that were looked
/// at: the others are told to wait.
async fn guess(client: Client, hashed: Arc<AtomicUsize>) {
    let stream = client.connect().await.expect("a connection");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("HTTP");
    let connection = tokio::spawn(connection);
    for number in 0..ATTEMPTS {
        let body = format!("login=guru{number}&password=tebakan");
        let mut request = client.request(Method::POST, "/sign-in", body.into());
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        let answer = sender.send_request(request).await.expect("an answer");
        match answer.status().as_u16() {
            401 => _ = hashed.fetch_add(1, Ordering::Relaxed),
            429 => {}
            other => panic!("status {other}"),
        }
        answer.into_body().collect().await.expect("the whole page");
    }
    drop(sender);
    connection.await.expect("no panic").expect("closed in order");
}

fn resident_bytes(pid: i32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("Linux tells");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1_024
}
