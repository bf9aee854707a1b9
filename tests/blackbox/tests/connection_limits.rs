//! Connections over a limit are closed at once, counted, and the next fit in again.

use std::time::Duration;

use blackbox::Kelasd;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

#[tokio::test]
async fn an_address_has_no_more_connections_than_its_share() {
    let kelasd = Kelasd::configure().variable("KELASD_LIMITS_CONNECTIONS_PER_ADDRESS", "4").start().await;
    let mut held = Vec::new();
    for _ in 0..4 {
        held.push(TcpStream::connect(kelasd.http_address()).await.expect("connected"));
    }
    let mut fifth = TcpStream::connect(kelasd.http_address()).await.expect("the kernel accepts");
    let mut byte = [0];
    let read = tokio::time::timeout(Duration::from_secs(5), fifth.read(&mut byte)).await;
    assert!(matches!(read.expect("closed at once"), Ok(0) | Err(_)));
    kelasd.logged("connections of one address").await;
    held.clear();
    // The daemon needs a moment to see that they are gone.
    let metrics = loop {
        let client = kelasd.plain_client();
        let request = client.request(blackbox::Method::GET, "/metrics", "".into());
        if let Ok(answer) = client.try_send(request).await {
            break answer.text();
        }
    };
    let refused = metrics.lines().find(|line| line.starts_with("kelasd_connections_refused_total"));
    let refused: u64 = refused.and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a count");
    assert!(refused >= 1);
}
