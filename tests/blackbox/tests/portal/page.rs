//! The portal's page, and that it is the only one that a sheet is shown.

use blackbox::Kelasd;

use super::{AGENTS, ANDROID_SHEET, APPLE_SHEET, CHROME, MAC_SHEET, goes_on, opens, own, station};

/// Weight of the page with everything that it needs.
const MOST_BYTES: usize = 20_000;

#[tokio::test]
async fn it_is_light_complete_and_in_both_languages_for_every_system() {
    let kelasd = Kelasd::demo().await;
    for (last, agent) in (2..).zip(AGENTS) {
        let page = station(&kelasd, last).ask(opens(&own(&kelasd), "/portal", agent)).await;
        assert_eq!(page.status, 200, "{agent}");
        assert!(page.body.len() < MOST_BYTES, "{} bytes for {agent}", page.body.len());
        assert_eq!(page.header("set-cookie"), None);
        assert_eq!(page.header("cache-control"), Some("no-store"));
        let text = page.text();
        for needed in ["Masuk kelas", "Enter the class", &own(&kelasd), "kelas.internal", "<svg"] {
            assert!(text.contains(needed), "no {needed} for {agent}");
        }
        let is_computer = ["Windows NT", "X11"].iter().any(|word| agent.contains(word));
        assert_ne!(is_computer, text.contains("Matikan data seluler"), "{agent}");
        for other in ["<script", "src=", "@import", "url("] {
            assert!(!text.contains(other), "{other} for {agent}");
        }
    }
}

#[tokio::test]
async fn the_way_out_of_each_sheet_is_its_own() {
    let kelasd = Kelasd::demo().await;
    let (own, https) = (own(&kelasd), kelasd.https_address());
    let android = station(&kelasd, 2).ask(opens(&own, "/portal", ANDROID_SHEET)).await.text();
    assert!(android.contains(&format!("href=\"https://{https}/\"")), "{android}");
    for (last, agent) in [(3, APPLE_SHEET), (4, MAC_SHEET)] {
        let mac = station(&kelasd, last);
        let first = mac.ask(opens(&own, "/portal", agent)).await.text();
        assert!(first.contains("<form method=\"post\" action=\"/portal\">"), "{first}");
        mac.ask(goes_on(&own, agent)).await;
        let second = mac.ask(opens(&own, "/portal", agent)).await.text();
        assert!(second.contains(&format!("href=\"http://{own}/\"")) && !second.contains("<form"), "{second}");
    }
}

#[tokio::test]
async fn a_box_that_knows_nobody_leads_to_its_setup() {
    let kelasd = Kelasd::start().await;
    let page = station(&kelasd, 2).ask(opens(&own(&kelasd), "/portal", CHROME)).await.text();
    assert!(page.contains(&format!("href=\"http://{}/setup\"", own(&kelasd))), "{page}");
    assert!(!page.contains("Masuk kelas"), "{page}");
}

#[tokio::test]
async fn the_class_is_not_shown_in_a_sheet() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("a demo");
    let code = kelasd.announced.join_code.clone().expect("a demo");
    for agent in [ANDROID_SHEET, APPLE_SHEET, MAC_SHEET] {
        for path in [format!("/rooms/{meeting}"), format!("/join/{code}"), "/sign-in".to_owned()] {
            let answer = station(&kelasd, 2).ask(opens(&own(&kelasd), &path, agent)).await;
            let portal = format!("/portal?next={path}");
            assert_eq!((answer.status, answer.header("location")), (302, Some(portal.as_str())), "{agent}");
            let page = station(&kelasd, 2).ask(opens(&own(&kelasd), &portal, agent)).await.text();
            assert!(page.contains(&path), "the way to the page that was asked for is kept");
        }
    }
}
