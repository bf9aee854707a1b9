//! Five thousand connections that say nothing hold nobody up and are sent away.

use std::time::{Duration, Instant};

use blackbox::{Kelasd, Onlookers};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

const CONNECTIONS: usize = 5_000;

#[tokio::test]
async fn silent_connections_hold_nobody_up() {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("a limit");
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).expect("raised");
    let most = ("KELASD_LIMITS_CONNECTIONS_PER_ADDRESS", "8192");
    let kelasd = Kelasd::configure().arguments(&["--demo"]).variable(most.0, most.1).start().await;
    let mut others = Onlookers::gather(&kelasd).await;
    let mut silent = Vec::new();
    for count in 0..CONNECTIONS / 2 {
        if count % 250 == 0 {
            others.notice_nothing().await;
        }
        silent.push(TcpStream::connect(kelasd.http_address()).await.expect("connected"));
        silent.push(TcpStream::connect(kelasd.https_address()).await.expect("connected"));
    }
    let client = kelasd.client();
    let asked = Instant::now();
    assert_eq!(client.get("/api/health").await.status, 200);
    assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    others.notice_nothing().await;
    let open = reading(&client.get("/metrics").await.text(), "kelasd_connections");
    assert!(open > CONNECTIONS / 2, "{open} are open");
    for mut stream in silent {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut rest)).await;
        // Closing in order and resetting are both an end.
        drop(closed.expect("closed by the daemon"));
    }
    let open = reading(&client.get("/metrics").await.text(), "kelasd_connections");
    assert!(open < 100, "{open} are still open");
    others.notice_nothing().await;
}

fn reading(metrics: &str, name: &str) -> usize {
    let line = metrics.lines().find(|line| line.split(' ').next() == Some(name));
    line.and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a number")
}
