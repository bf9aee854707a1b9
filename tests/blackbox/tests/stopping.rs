//! The way out: in order within five seconds, or at once when told twice.

use std::time::{Duration, Instant};

use blackbox::Kelasd;
use nix::sys::signal::Signal;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test]
async fn a_stop_with_open_connections_ends_in_order_and_in_time() {
    let kelasd = Kelasd::start().await;
    let mut idle = kelasd.client().connect().await.expect("connected");
    idle.write_all(b"GET /api/health HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
    let mut some = [0; 12];
    idle.read_exact(&mut some).await.expect("an answer");
    let greeting = tokio::net::TcpStream::connect(kelasd.https_address()).await.expect("connected");
    let asked = Instant::now();
    let ended = kelasd.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    assert!(ended.output.contains("all tasks ended"), "{}", ended.output);
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).await.expect("closed in order, not cut");
    drop(greeting);
}

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_end() {
    let kelasd = watched().await;
    let (mut stream, body) = half_sent_form(&kelasd).await;
    kelasd.signal(Signal::SIGTERM);
    kelasd.logged("stopping").await;
    stream.write_all(&body).await.expect("still open");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("answered and closed in order");
    assert!(answer.starts_with("HTTP/1.1 "), "{answer}");
    let ended = kelasd.ended().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
}

#[tokio::test]
async fn told_twice_it_ends_at_once() {
    let kelasd = watched().await;
    let (stream, _) = half_sent_form(&kelasd).await;
    kelasd.signal(Signal::SIGTERM);
    kelasd.logged("stopping").await;
    let asked = Instant::now();
    kelasd.signal(Signal::SIGINT);
    let ended = kelasd.ended().await;
    assert_eq!(ended.status.code(), Some(130), "{}", ended.output);
    // In order it would wait four seconds for the rest of the form.
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    drop(stream);
}

#[tokio::test]
async fn a_client_that_never_finishes_does_not_hold_up_the_end() {
    let kelasd = watched().await;
    let (stream, _) = half_sent_form(&kelasd).await;
    let asked = Instant::now();
    let ended = kelasd.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
    assert!(asked.elapsed() < Duration::from_secs(6), "{:?}", asked.elapsed());
    drop(stream);
}

/// A daemon that logs when a request begins. It has a class: one that belongs to nobody leads every
/// form to its wizard and would not wait for the rest of it.
async fn watched() -> Kelasd {
    Kelasd::configure().arguments(&["--demo", "--log", "info,kelasd::http=trace"]).start().await
}

/// A form of which the second half is yet to come, and that half.
async fn half_sent_form(kelasd: &Kelasd) -> (Box<dyn blackbox::Stream>, Vec<u8>) {
    let client = kelasd.client();
    let mut stream = client.connect().await.expect("connected");
    let host = kelasd.https_address();
    let head = format!(
        "POST /join HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 10\r\n\r\ncode="
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    stream.flush().await.expect("sent");
    kelasd.logged("request begins").await;
    (stream, b"ABC23".to_vec())
}
