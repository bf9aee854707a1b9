//! The way out: in order within five seconds, or at once when told twice.

use std::time::{Duration, Instant};

use blackbox::Kelasd;
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
