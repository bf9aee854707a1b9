//! Another site's page cannot act in a person's name, also not by way of a name of its own.

use blackbox::{Kelasd, Method};

#[tokio::test]
async fn a_forged_origin_is_refused_for_forms_and_sockets() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    let own = client.origin().to_owned();
    let host = kelasd.https_address().to_string();
    for (origin, host) in [
        ("https://evil.example", host.as_str()),
        ("null", host.as_str()),
        ("https://evil.example", "evil.example"),
        (own.replace("https", "http").as_str(), host.as_str()),
    ] {
        let mut form = client.request(Method::POST, "/join", "code=ABC234".into());
        form.headers_mut().insert("host", host.parse().expect("a header"));
        form.headers_mut().insert("origin", origin.parse().expect("a header"));
        let form_type = "application/x-www-form-urlencoded";
        form.headers_mut().insert("content-type", form_type.parse().expect("a header"));
        assert_eq!(client.send(form).await.status, 403, "{origin} to {host}");
    }
    let meeting = kelasd.announced.meeting.expect("a demo");
    let mut headers = http::HeaderMap::new();
    headers.insert("origin", "https://evil.example".parse().expect("a header"));
    let refused = client.socket_with(&format!("/api/rooms/{meeting}/live"), headers).await;
    let refused = refused.expect_err("refused");
    assert_eq!((refused.status, refused.code().as_str()), (403, "origin_refused"));
}
