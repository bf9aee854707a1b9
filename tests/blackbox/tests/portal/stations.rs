//! Who counts as having seen the portal.

use std::net::Ipv4Addr;

use blackbox::{Kelasd, Probe, Station};

use super::{
    ANDROID_SHEET, APPLE_SHEET, CHROME, FIREFOX, MAC_SHEET, SAFARI, WINDOWS, goes_on, leads_to_portal, opens,
    own, station,
};

/// More than the daemon remembers (`base::limits::PORTAL_STATIONS`).
const CROWD: u16 = 4_200;

async fn is_new(phone: Station) -> bool {
    let probe = Probe::all().remove(0);
    let answer = phone.ask(probe.request("GET")).await;
    assert!(matches!(answer.status, 204 | 302), "{answer:?}");
    answer.status == 302
}

#[tokio::test]
async fn who_enters_the_class_with_a_real_browser_has_seen_it() {
    let kelasd = Kelasd::demo().await;
    for (last, agent) in (2..).zip([CHROME, SAFARI, FIREFOX, WINDOWS]) {
        let phone = station(&kelasd, last);
        assert!(is_new(phone).await);
        assert_eq!(phone.ask(opens(&own(&kelasd), "/portal", agent)).await.status, 200);
        assert!(is_new(phone).await, "the portal's own page is not the class: {agent}");
        assert_eq!(phone.ask(opens(&own(&kelasd), "/", agent)).await.status, 200);
        assert!(!is_new(phone).await, "{agent}");
    }
}

#[tokio::test]
async fn sheets_and_programs_have_seen_nothing() {
    let kelasd = Kelasd::demo().await;
    for (last, agent) in (2..).zip([ANDROID_SHEET, APPLE_SHEET, MAC_SHEET, "curl/8.5.0", ""]) {
        let phone = station(&kelasd, last);
        phone.ask(opens(&own(&kelasd), "/", agent)).await;
        phone.ask(opens(&own(&kelasd), "/portal", agent)).await;
        phone.ask(opens("example.com", "/", agent)).await;
        assert!(is_new(phone).await, "{agent}");
    }
}

#[tokio::test]
async fn nothing_is_remembered_over_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || Kelasd::configure().data(folder.path()).arguments(&["--demo"]).start();
    let kelasd = start().await;
    station(&kelasd, 2).ask(goes_on(&own(&kelasd), CHROME)).await;
    assert!(!is_new(station(&kelasd, 2)).await);
    kelasd.stop().await;
    let kelasd = start().await;
    assert!(is_new(station(&kelasd, 2)).await);
}

#[tokio::test]
async fn a_crowd_is_remembered_up_to_a_bound() {
    let kelasd = Kelasd::demo().await;
    let phone = |number: u16| {
        let [high, low] = number.to_be_bytes();
        Station::new(Ipv4Addr::new(127, 1, high, low), kelasd.http_address())
    };
    for number in 0..CROWD {
        let answer = phone(number).ask(goes_on(&own(&kelasd), APPLE_SHEET)).await;
        assert_eq!(answer.status, 303, "station {number}");
    }
    assert!(is_new(phone(0)).await, "the first made place");
    for number in [CROWD - 1_000, CROWD - 1] {
        assert!(!is_new(phone(number)).await, "station {number}");
    }
    let stranger = station(&kelasd, 2);
    leads_to_portal(&stranger.ask(opens("example.com", "/", CHROME)).await, &kelasd, "a stranger");
}
