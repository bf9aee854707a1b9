//! Bodies over the limit are refused, whether they say their size or not.

use blackbox::{Kelasd, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const TOO_MUCH: usize = 80_000;

#[tokio::test]
async fn a_form_over_the_limit_is_answered_413() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    let long = "x".repeat(TOO_MUCH);
    let answer = client.post_form("/join", &[("code", &long), ("name", "Budi")]).await;
    assert_eq!(answer.status, 413, "{}", answer.text());
    assert_eq!(client.get("/api/health").await.status, 200);
}

#[tokio::test]
async fn a_body_that_hides_its_size_is_answered_413_too() {
    let kelasd = Kelasd::demo().await;
    let host = kelasd.https_address();
    let mut stream = kelasd.client().connect().await.expect("connected");
    let head = format!(
        "POST /join HTTP/1.1\r\nHost: {host}\r\nOrigin: https://{host}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    for _ in 0..TOO_MUCH / 1_000 {
        let chunk = format!("3e8\r\n{}\r\n", "x".repeat(1_000));
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(answer, b"HTTP/1.1 413");
}

#[tokio::test]
async fn a_body_of_an_unknown_form_is_refused() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    let mut request = client.request(Method::POST, "/join", "<code>ABC234</code>".into());
    request.headers_mut().insert("origin", client.origin().parse().expect("a header"));
    request.headers_mut().insert("content-type", "text/xml".parse().expect("a header"));
    let answer = client.send(request).await;
    assert!((400..500).contains(&answer.status), "{}", answer.status);
}
