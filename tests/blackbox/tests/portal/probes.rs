//! Every row of the table, in both states and both modes, byte for byte.

use blackbox::{Answer, Kelasd, Probe, Station};

use super::{ANDROID_SHEET, APPLE_SHEET, CHROME, goes_on, is_exactly, leads_to_portal, opens, own, station};

#[tokio::test]
async fn a_new_station_is_led_to_the_portal_by_every_probe() {
    let kelasd = Kelasd::demo().await;
    let phone = station(&kelasd, 2);
    for probe in Probe::all() {
        for method in ["GET", "HEAD"] {
            let answer = phone.ask(probe.request(method)).await;
            leads_to_portal(&answer, &kelasd, &format!("{method} {probe:?}"));
        }
    }
}

#[tokio::test]
async fn after_going_on_every_probe_succeeds_and_other_stations_are_still_new() {
    let kelasd = Kelasd::demo().await;
    let (phone, other) = (station(&kelasd, 2), station(&kelasd, 3));
    let answer = phone.ask(goes_on(&own(&kelasd), APPLE_SHEET)).await;
    assert_eq!((answer.status, answer.header("location")), (303, Some("/portal")));
    all_succeed(phone).await;
    for probe in Probe::all() {
        leads_to_portal(&other.ask(probe.request("GET")).await, &kelasd, &format!("{probe:?}"));
    }
}

#[tokio::test]
async fn where_stations_stay_connected_every_probe_succeeds_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let kelasd = Kelasd::configure().data(folder.path()).arguments(&["--demo"]).start().await;
    kelasd.stop().await;
    let database = rusqlite::Connection::open(folder.path().join("kelas.sqlite")).expect("the database");
    let set = "INSERT INTO setting (key, value) VALUES ('portal', 'stay')";
    assert_eq!(database.execute(set, ()).expect("written"), 1);
    drop(database);
    let kelasd = Kelasd::configure().data(folder.path()).arguments(&["--demo"]).start().await;
    all_succeed(station(&kelasd, 2)).await;
    let typed = station(&kelasd, 3).ask(opens("example.com", "/", CHROME)).await;
    leads_to_portal(&typed, &kelasd, "who opens a page is still shown the way");
}

#[tokio::test]
async fn a_browser_that_opens_a_probes_address_is_shown_the_portal_in_every_state() {
    let kelasd = Kelasd::demo().await;
    let (new, seen) = (station(&kelasd, 2), station(&kelasd, 3));
    seen.ask(goes_on(&own(&kelasd), CHROME)).await;
    for probe in Probe::all() {
        for (phone, agent) in [(new, ANDROID_SHEET), (seen, CHROME), (seen, ANDROID_SHEET)] {
            let answer = phone.ask(opens(&probe.host, &probe.path, agent)).await;
            leads_to_portal(&answer, &kelasd, &format!("{agent}: {probe:?}"));
        }
    }
    let windows = opens("www.msftconnecttest.com", "/redirect", super::WINDOWS);
    leads_to_portal(&new.ask(windows).await, &kelasd, "Windows opens its browser there");
}

async fn all_succeed(phone: Station) {
    for probe in Probe::all() {
        for method in ["GET", "HEAD"] {
            let answer = phone.ask(probe.request(method)).await;
            succeeds(&answer, &probe, method);
        }
    }
}

fn succeeds(answer: &Answer, probe: &Probe, method: &str) {
    let mut lines: Vec<String> = probe.more.clone();
    if let Some(content_type) = &probe.content_type {
        lines.push(format!("content-type: {content_type}"));
    }
    // RFC 9110, 8.6: a 204 has no length.
    if probe.status != 204 {
        lines.push(format!("content-length: {}", probe.body.len()));
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let body = if method == "HEAD" { "" } else { &probe.body };
    is_exactly(answer, probe.status, &lines, body, &format!("{method} {probe:?}"));
}
