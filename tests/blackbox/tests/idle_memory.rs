//! What a connection costs that is open and says nothing: most of a class, most of the time.

use blackbox::Kelasd;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

/// Bytes that an open socket may cost, TLS included. Node's stack took 40 kB.
const MOST_PER_SOCKET: f64 = 20_000.0;
/// Bytes that a connection of HTTP may cost for the ten seconds that it may idle: hyper's two
/// buffers come on top, and an unoptimised build's larger futures.
const MOST_PER_CONNECTION: f64 = 32_000.0;
const CONNECTIONS: u32 = 400;

#[tokio::test]
async fn an_idle_tls_connection_is_cheap() {
    let kelasd = Kelasd::start().await;
    // The first connections pay for what all share.
    let warm = opened(&kelasd, 50).await;
    let before = memory(&kelasd).await;
    let held = opened(&kelasd, CONNECTIONS).await;
    let after = memory(&kelasd).await;
    let each = (after - before) / f64::from(CONNECTIONS);
    println!("{each:.0} bytes for each of {CONNECTIONS} idle TLS connections");
    assert!(each < MOST_PER_CONNECTION, "{each:.0} bytes");
    drop((warm, held));
}

#[tokio::test]
async fn an_idle_socket_is_cheap() {
    let kelasd = Kelasd::start().await;
    let warm = sockets(&kelasd, "warm", 50).await;
    let before = memory(&kelasd).await;
    let held = sockets(&kelasd, "held", CONNECTIONS).await;
    let after = memory(&kelasd).await;
    let each = (after - before) / f64::from(CONNECTIONS);
    println!("{each:.0} bytes for each of {CONNECTIONS} idle sockets over TLS");
    assert!(each < MOST_PER_SOCKET, "{each:.0} bytes");
    drop((warm, held));
}

async fn sockets(kelasd: &Kelasd, name: &str, count: u32) -> Vec<blackbox::Socket> {
    let client = kelasd.client();
    let mut held = Vec::new();
    for number in 0..count {
        let path = format!("/peerjs/peerjs?key=peerjs&id={name}{number}&token=t");
        held.push(client.socket(&path, None).await.expect("a socket"));
    }
    held
}

/// Connections that had one answer and now wait.
async fn opened(kelasd: &Kelasd, count: u32) -> Vec<Box<dyn blackbox::Stream>> {
    let client = kelasd.client();
    let mut held = Vec::new();
    for _ in 0..count {
        let mut stream = client.connect().await.expect("connected");
        stream.write_all(b"GET /ca.crt HTTP/1.1\r\nHost: x\r\n\r\n").await.expect("sent");
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("an answer");
        held.push(stream);
    }
    held
}

/// Heap and stacks. Not PSS, which changes when another daemon starts or ends beside this one.
async fn memory(kelasd: &Kelasd) -> f64 {
    let text = kelasd.plain_client().get("/metrics").await.text();
    let line = text.lines().find(|line| line.starts_with("process_anonymous_memory_bytes "));
    line.and_then(|line| line.split(' ').nth(1)?.parse().ok()).expect("a number")
}
