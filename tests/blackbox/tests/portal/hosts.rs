//! Hosts that are not ours, hosts that are none at all, and what must never go to them.

use blackbox::{Client, Kelasd, Method};

use super::{APPLE_SHEET, CHROME, goes_on, is_exactly, leads_to_portal, opens, own, station};

#[tokio::test]
async fn our_own_names_and_addresses_are_served() {
    let configuration = Kelasd::configure().variable("KELASD_ADDRESSES", "10.42.0.1,fd00::42");
    let kelasd = configuration.arguments(&["--demo"]).start().await;
    let laptop = station(&kelasd, 2);
    let port = kelasd.http_address().port();
    for host in [
        "kelas.internal",
        "KELAS.internal.:80",
        "kelas.local",
        "localhost",
        &format!("127.0.0.1:{port}"),
        "127.0.0.53",
        "[::1]",
        "[::1]:8080",
        "[::ffff:127.0.0.1]",
        "10.42.0.1",
        "[fd00::42]:80",
    ] {
        let answer = laptop.ask(opens(host, "/", CHROME)).await;
        assert_eq!(answer.status, 200, "{host}");
        assert!(answer.text().contains("name=\"code\""), "{host}");
    }
}

#[tokio::test]
async fn every_other_host_leads_to_the_portal_and_programs_get_a_line_of_text() {
    let kelasd = Kelasd::demo().await;
    let phone = station(&kelasd, 2);
    let long = format!("{}.example", "x".repeat(10_000));
    for host in [
        "example.com",
        "www.google.com:80",
        "kelas.internal.evil.example",
        "evil-kelas.internal",
        "user@kelas.internal",
        "user@10.42.0.1",
        "10.42.0.1.evil.example",
        "8.8.8.8",
        "192.168.1.1:80",
        "[2001:db8::1]",
        "[fe80::1]:80",
        "0.0.0.0",
        "[::1",
        "::1",
        "[kelas.internal]",
        "a b",
        "<script>",
        "\"",
        "../..",
        "kelas.internal/",
        "xn--80ak6aa92e.com",
        "%6belas.internal",
        "münchen.example",
        &long,
    ] {
        let page = phone.ask(opens(host, "/rooms/1?secret=1", CHROME)).await;
        leads_to_portal(&page, &kelasd, host);
        let program = format!("GET /api/rooms/1 HTTP/1.1\r\nHost: {host}\r\nAccept: */*\r\n\r\n");
        has_no_internet(&phone.ask(program).await, host);
    }
}

#[tokio::test]
async fn a_host_beyond_the_limit_of_a_header_is_refused() {
    let kelasd = Kelasd::demo().await;
    let answer = station(&kelasd, 2).ask(opens(&"x".repeat(20_000), "/", CHROME)).await;
    assert_eq!(answer.status, 431);
}

#[tokio::test]
async fn two_hosts_are_none_of_ours() {
    let kelasd = Kelasd::demo().await;
    let own = own(&kelasd);
    for hosts in
        [[own.as_str(), "evil.example"], ["evil.example", own.as_str()], [own.as_str(), own.as_str()]]
    {
        let request =
            opens(hosts[0], "/", CHROME).replacen("\r\n", &format!("\r\nHost: {}\r\n", hosts[1]), 1);
        leads_to_portal(&station(&kelasd, 2).ask(request).await, &kelasd, &format!("{hosts:?}"));
    }
}

#[tokio::test]
async fn an_absolute_target_outranks_the_host() {
    let kelasd = Kelasd::demo().await;
    let (phone, own) = (station(&kelasd, 2), own(&kelasd));
    let foreign = opens(&own, "http://captive.apple.com/hotspot-detect.html", CHROME);
    leads_to_portal(&phone.ask(foreign).await, &kelasd, "a foreign target");
    let ours = phone.ask(opens(&own, &format!("http://{own}/portal"), CHROME)).await;
    assert_eq!(ours.status, 200);
    let probe = "GET http://www.msftconnecttest.com/connecttest.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
    leads_to_portal(&phone.ask(probe).await, &kelasd, "a probe through a proxy");
    phone.ask(goes_on(&own, CHROME)).await;
    assert_eq!(phone.ask(probe).await.text(), "Microsoft Connect Test");
}

#[tokio::test]
async fn http_1_0_is_answered_and_closed_and_without_a_host_it_asks_us() {
    let kelasd = Kelasd::demo().await;
    let phone = station(&kelasd, 2);
    let mut line = phone.connect().await;
    let answer = line.ask("GET / HTTP/1.0\r\nHost: example.com\r\nAccept: text/html\r\n\r\n").await;
    leads_to_portal(&answer, &kelasd, "HTTP/1.0");
    assert!(line.is_closed().await);
    for version in ["1.0", "1.1"] {
        for host in ["", "Host:\r\n", "Host: \r\n"] {
            let request = format!("GET /api/health HTTP/{version}\r\n{host}\r\n");
            assert_eq!(phone.ask(&request).await.status, 200, "{request}");
        }
    }
}

#[tokio::test]
async fn a_connection_carries_several_probes_and_ends_when_asked_to() {
    let kelasd = Kelasd::demo().await;
    let mut line = station(&kelasd, 2).connect().await;
    let probe = "GET /generate_204 HTTP/1.1\r\nHost: connectivitycheck.gstatic.com\r\n\r\n";
    leads_to_portal(&line.ask(probe).await, &kelasd, "kept");
    line.ask(goes_on(&own(&kelasd), APPLE_SHEET)).await;
    for _ in 0..3 {
        assert_eq!(line.ask(probe).await.status, 204);
    }
    let last = "GET /ncsi.txt HTTP/1.1\r\nHost: www.msftncsi.com\r\nConnection: close\r\n\r\n";
    let answer = line.ask(last).await;
    assert_eq!((answer.text().as_str(), answer.header("connection")), ("Microsoft NCSI", Some("close")));
    assert!(line.is_closed().await);
}

#[tokio::test]
async fn other_methods_and_upgrades_have_no_effect() {
    let kelasd = Kelasd::demo().await;
    let phone = station(&kelasd, 2);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let request = format!("{method} /portal HTTP/1.1\r\nHost: example.com\r\nContent-Length: 0\r\n\r\n");
        has_no_internet(&phone.ask(request).await, method);
    }
    let tunnel = phone.ask("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n").await;
    has_no_internet(&tunnel, "CONNECT");
    let meeting = kelasd.announced.meeting.expect("a demo");
    let upgrade = format!(
        "GET /api/rooms/{meeting}/live HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    has_no_internet(&phone.ask(upgrade).await, "an upgrade");
    let probe = "GET /generate_204 HTTP/1.1\r\nHost: a.example\r\n\r\n";
    leads_to_portal(&phone.ask(probe).await, &kelasd, "nothing of it counts as seen");
}

#[tokio::test]
async fn a_session_is_worth_nothing_under_a_foreign_host() {
    let kelasd = Kelasd::demo().await;
    let client = Client::new(&kelasd.announced.http, None);
    let code = kelasd.announced.join_code.clone().expect("a demo");
    let joined = client.post_form("/join", &[("code", &code), ("name", "Siti")]).await;
    assert_eq!(joined.status, 303, "{}", joined.text());
    let cookies = client.cookies();
    assert!(!cookies.is_empty());
    for (host, answered) in [(own(&kelasd).as_str(), 200), ("evil.example", 302), ("captive.apple.com", 302)]
    {
        let request =
            opens(host, "/account", CHROME).replacen("\r\n", &format!("\r\nCookie: {cookies}\r\n"), 1);
        let answer = station(&kelasd, 2).ask(request).await;
        assert_eq!(answer.status, answered, "{host}");
        assert!(answer.status == 200 || answer.body.is_empty());
        assert_eq!(answer.header("set-cookie"), None, "{host}");
    }
}

#[tokio::test]
async fn over_https_there_is_no_portal() {
    let kelasd = Kelasd::demo().await;
    let client = kelasd.client();
    let mut request = client.request(Method::GET, "/generate_204", "".into());
    request.headers_mut().insert("host", "www.google.com".parse().expect("a header"));
    let answer = client.send(request).await;
    assert_ne!(answer.status, 204);
    let location = answer.header("location").unwrap_or_default();
    assert!(!location.contains("/portal"), "{location}");
}

#[track_caller]
fn has_no_internet(answer: &blackbox::Answer, what: &str) {
    let text = "Jaringan ini tidak terhubung ke internet.\nThis network is not connected to the internet.\n";
    let length = format!("content-length: {}", text.len());
    is_exactly(answer, 421, &[&length, "content-type: text/plain; charset=utf-8"], text, what);
}
