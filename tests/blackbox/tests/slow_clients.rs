//! Clients that greet and never finish are sent away, and the others notice nothing.

use std::time::{Duration, Instant};

use blackbox::{Kelasd, Onlookers};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The daemon gives ten seconds; the rest is for a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);
const EACH: usize = 100;

#[tokio::test]
async fn unfinished_greetings_are_cut_off_while_others_are_served() {
    let kelasd = Kelasd::demo().await;
    let mut others = Onlookers::gather(&kelasd).await;
    let started = Instant::now();
    let mut closed = tokio::task::JoinSet::new();
    for _ in 0..EACH {
        // Silence, half a TLS handshake, half a header in the clear, half a header over TLS.
        let silent = TcpStream::connect(kelasd.https_address()).await.expect("connected");
        closed.spawn(until_closed(silent));
        let mut greeting = TcpStream::connect(kelasd.https_address()).await.expect("connected");
        greeting.write_all(&[22, 3, 1, 2, 0, 1, 0]).await.expect("sent");
        closed.spawn(until_closed(greeting));
        let mut plain = TcpStream::connect(kelasd.http_address()).await.expect("connected");
        plain.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.expect("sent");
        closed.spawn(until_closed(plain));
    }
    for _ in 0..EACH {
        let mut secure = kelasd.client().connect().await.expect("connected");
        secure.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await.expect("sent");
        closed.spawn(until_closed(secure));
    }
    others.notice_nothing().await;
    let mut left = 4 * EACH;
    while left > 0 {
        // Both listeners answer while all those hang.
        assert_eq!(kelasd.client().get("/api/health").await.status, 200);
        assert_eq!(kelasd.plain_client().get("/api/health").await.status, 200);
        let remaining = PATIENCE.saturating_sub(started.elapsed());
        let next = tokio::time::timeout(remaining, closed.join_next()).await;
        next.unwrap_or_else(|_| panic!("{left} were not closed")).expect("one left").expect("no panic");
        left -= 1;
        while let Some(done) = closed.try_join_next() {
            done.expect("no panic");
            left -= 1;
        }
    }
    others.notice_nothing().await;
    assert!(started.elapsed() > Duration::from_secs(5), "a slow phone gets its time");
}

#[tokio::test]
async fn who_takes_nothing_of_the_answers_is_let_go() {
    let kelasd = Kelasd::demo().await;
    let mut others = Onlookers::gather(&kelasd).await;
    let mut readers = tokio::task::JoinSet::new();
    for client in [kelasd.client(), kelasd.plain_client()] {
        let mut stream = client.connect().await.expect("connected");
        readers.spawn(async move {
            // The kernels' buffers take some megabytes of answers before the daemon must wait.
            let request = b"GET /sign-in HTTP/1.1\r\nHost: x\r\n\r\n";
            while stream.write_all(request).await.is_ok() && stream.flush().await.is_ok() {}
        });
    }
    let started = Instant::now();
    for _ in 0..2 {
        let remaining = PATIENCE.saturating_sub(started.elapsed());
        let next = tokio::time::timeout(remaining, readers.join_next()).await;
        next.expect("let go").expect("one left").expect("no panic");
        others.notice_nothing().await;
    }
}

#[tokio::test]
async fn a_body_that_trickles_is_answered_408() {
    let kelasd = Kelasd::demo().await;
    let mut others = Onlookers::gather(&kelasd).await;
    let host = kelasd.https_address();
    let stream = kelasd.client().connect().await.expect("connected");
    let (mut answer, mut body) = tokio::io::split(stream);
    let head = format!(
        "POST /join HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nAccept: text/html\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\ncode="
    );
    body.write_all(head.as_bytes()).await.expect("sent");
    let mut drop_by_drop = tokio::time::interval(Duration::from_millis(500));
    let trickle = async {
        while body.write_all(b"A").await.is_ok() && body.flush().await.is_ok() {
            drop_by_drop.tick().await;
        }
        std::future::pending::<()>().await;
    };
    let mut told = Vec::new();
    let whole = tokio::time::timeout(PATIENCE, async {
        tokio::select! {
            read = answer.read_to_end(&mut told) => drop(read),
            () = trickle => {}
        }
    });
    whole.await.expect("answered and closed");
    let told = String::from_utf8_lossy(&told);
    assert!(told.starts_with("HTTP/1.1 408 ") && told.contains("\"code\":\"request_timeout\""), "{told}");
    others.notice_nothing().await;
}

async fn until_closed(mut stream: impl tokio::io::AsyncRead + Unpin) {
    let mut rest = Vec::new();
    // Closing in order and resetting are both an end.
    let _ = stream.read_to_end(&mut rest).await;
}
