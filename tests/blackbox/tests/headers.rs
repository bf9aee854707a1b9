//! What every answer carries, and what happens to requests that are too large.

use blackbox::{Kelasd, Method};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[tokio::test]
async fn every_answer_has_safe_headers_and_tells_nothing_of_the_server() {
    let kelasd = Kelasd::start().await;
    for (client, is_secure) in [(kelasd.client(), true), (kelasd.plain_client(), false)] {
        for path in ["/api/health", "/ca.crt", "/no/such/page"] {
            let answer = client.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
            assert_eq!(answer.header("referrer-policy"), Some("same-origin"), "{path}");
            assert_eq!(answer.header("x-frame-options"), Some("SAMEORIGIN"), "{path}");
            assert_eq!(answer.header("cross-origin-opener-policy").is_some(), is_secure, "{path}");
            assert_eq!(answer.header("server"), None, "{path}");
            assert_eq!(answer.header("strict-transport-security"), None, "HSTS takes away \"proceed\"");
        }
    }
}

#[tokio::test]
async fn a_method_that_an_address_does_not_answer_is_refused() {
    let kelasd = Kelasd::start().await;
    let client = kelasd.client();
    let answer = client.send(client.request(Method::DELETE, "/api/health", "".into())).await;
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn a_header_over_the_limit_is_answered_431() {
    let kelasd = Kelasd::start().await;
    let client = kelasd.client();
    let mut request = client.request(Method::GET, "/api/health", "".into());
    request.headers_mut().insert("x-long", "x".repeat(20_000).parse().expect("a header"));
    assert_eq!(client.send(request).await.status, 431);
    assert_eq!(client.get("/api/health").await.status, 200, "others notice nothing");
}

#[tokio::test]
async fn bytes_that_are_not_http_are_answered_400() {
    let kelasd = Kelasd::start().await;
    let mut stream = kelasd.client().connect().await.expect("a connection");
    stream.write_all(b"\x00\x01\x02 nonsense\r\n\r\n").await.expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.expect("closed in order");
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(kelasd.client().get("/api/health").await.status, 200);
}

#[tokio::test]
async fn plain_http_on_the_tls_port_is_told_the_right_address() {
    let kelasd = Kelasd::start().await;
    let port = kelasd.https_address().port();
    let wrong = blackbox::Client::new(&format!("http://127.0.0.1:{port}"), None);
    let answer = wrong.get("/join/ABC234?x=1").await;
    assert_eq!(answer.status, 400);
    let expected = format!("https://127.0.0.1:{port}/join/ABC234");
    assert!(answer.text().contains(&expected), "{}", answer.text());
}
