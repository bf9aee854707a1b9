//! The captive portal over real sockets: what every system hears that looks for the internet, from
//! stations that differ by their address.

mod hosts;
mod page;
mod probes;
mod stations;

use std::net::Ipv4Addr;

use blackbox::{Answer, Kelasd, Station};

/// Browsers as they call themselves.
const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";
const ANDROID_SHEET: &str = "Mozilla/5.0 (Linux; Android 14; SM-A057F Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36";
const APPLE_SHEET: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const MAC_SHEET: &str =
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
const SAFARI: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
const WINDOWS: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
const CHROME_OS: &str = "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
const AGENTS: [&str; 9] =
    [CHROME, ANDROID_SHEET, APPLE_SHEET, MAC_SHEET, SAFARI, WINDOWS, FIREFOX, CHROME_OS, ""];

/// The station at 127.0.0.`last`.
fn station(kelasd: &Kelasd, last: u8) -> Station {
    Station::new(Ipv4Addr::new(127, 0, 0, last), kelasd.http_address())
}

/// A browser that opens a page.
fn opens(host: &str, path: &str, agent: &str) -> String {
    format!(
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n\
         User-Agent: {agent}\r\nAccept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n\
         Accept-Language: id-ID,id;q=0.9\r\n\r\n"
    )
}

/// The portal's form, as the page sends it.
fn goes_on(host: &str, agent: &str) -> String {
    let form = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5\r\n\r\nnext=";
    format!("POST /portal HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUser-Agent: {agent}\r\n{form}")
}

/// The box's own host, as `Host` has it.
fn own(kelasd: &Kelasd) -> String {
    kelasd.http_address().to_string()
}

/// Fails unless `answer` leads to the portal, byte for byte.
#[track_caller]
fn leads_to_portal(answer: &Answer, kelasd: &Kelasd, what: &str) {
    let location = format!("location: http://{}/portal", kelasd.http_address());
    is_exactly(answer, 302, &["content-length: 0", &location], "", what);
}

/// Fails unless `answer` has this status, this body, these lines in its header and those that
/// every answer of the portal has, and nothing more.
#[track_caller]
fn is_exactly(answer: &Answer, status: u16, lines: &[&str], body: &str, what: &str) {
    let always = [
        "cache-control: no-store",
        "referrer-policy: same-origin",
        "x-content-type-options: nosniff",
        "x-frame-options: SAMEORIGIN",
    ];
    let mut expected: Vec<String> = lines.iter().chain(&always).map(|line| (*line).to_owned()).collect();
    let mut heard: Vec<String> = answer
        .headers
        .iter()
        // `allow` is the router's word where the path is one of ours.
        .filter(|(name, _)| !matches!(name.as_str(), "date" | "connection" | "allow"))
        .map(|(name, value)| format!("{name}: {}", value.to_str().expect("plain characters")))
        .collect();
    expected.sort();
    heard.sort();
    assert_eq!((answer.status, heard, answer.text()), (status, expected, body.to_owned()), "{what}");
}
