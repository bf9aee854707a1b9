//! Once the box belongs to somebody: whose the wizard is, and that it goes on where it stopped.

use super::*;

const STEPS: [&str; 6] = ["school", "wifi", "wired", "time", "certificate", "review"];

#[tokio::test]
async fn the_wizard_is_the_technicians_alone() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    school.browser(Transport::Tls).claim().await;
    let mut stranger = school.browser(Transport::Tls);
    let teacher = school.teacher().await;
    let mut teacher = school.signed_in(&teacher).await;
    for step in
        STEPS.iter().chain(&["progress", "reconnect", "confirm", "language", "claim", "progress/state"])
    {
        let path = format!("/setup/{step}");
        let answer = stranger.get(&path).await;
        assert_eq!(answer.location(), format!("/sign-in?next={path}"), "{path}");
        assert_eq!(teacher.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in
        ["school", "wifi", "wired", "time", "certificate", "apply", "roll-back", "confirm", "language"]
    {
        let path = format!("/setup/{path}");
        assert_ne!(stranger.post(&path, &[]).await.status, StatusCode::OK, "{path}");
        teacher.get("/account").await;
        assert_eq!(teacher.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let kept = school.setup.kept().await.expect("an answer");
    assert_eq!(school.setup.open_step(&kept.draft), crate::setup::Step::School);
    let answer = stranger.post("/setup/claim", &CLAIM).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("sudah ada pemiliknya");
}

#[tokio::test]
async fn the_actions_need_the_form_token_and_our_own_origin() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    let token = std::mem::take(&mut browser.form_token);
    for path in
        ["school", "wifi", "wired", "time", "certificate", "apply", "roll-back", "confirm", "language"]
    {
        let path = format!("/setup/{path}");
        assert_eq!(browser.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
        browser.form_token.clone_from(&token);
        browser.origin = Some("https://evil.example");
        assert_eq!(browser.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "{path}");
        browser.origin = None;
        browser.form_token.clear();
    }
}

#[tokio::test]
async fn it_goes_on_where_it_stopped_and_shows_what_was_answered() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.claim().await;
    assert_eq!(browser.get("/setup").await.location(), "/setup/school");
    browser.answers("school", &[("school", "SMP \"3\""), ("box_name", "SMPN3")], "/setup/wifi").await;
    assert_eq!(browser.get("/setup").await.location(), "/setup/wifi");
    let page = browser.get("/setup/wifi").await;
    page.shows("Langkah 3 dari 7");
    page.shows("value=\"SMP &#34;3&#34;\"");
    page.shows("<option value=\"ID\" selected>Indonesia</option>");
    let suggested = school.setup.suggested_passphrase();
    page.shows(&suggested);
    browser.get("/setup/wifi").await.shows(&suggested);
    browser.answers("wifi", &WIFI, "/setup/wired").await;
    let page = browser.get("/setup/wifi").await;
    page.shows("value=\"SMPN 3\"");
    page.shows("value=\"rahasia sekali\"");
    browser.get("/setup/school").await.shows("value=\"smpn3\"");
    assert_eq!(browser.get("/setup/review").await.location(), "/setup/wired");
}

#[tokio::test]
async fn a_second_tab_is_told_and_loses_nothing() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.claim().await;
    let seen = browser.get("/setup/school").await.seen();
    browser.answers("school", &[("school", "SMP 3"), ("box_name", "satu")], "/setup/wifi").await;
    let fields = [("school", "SMP Negeri 3"), ("box_name", "dua"), ("seen", seen.as_str())];
    let answer = browser.post("/setup/school", &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("sudah diubah di tab atau perangkat lain");
    answer.shows("value=\"SMP Negeri 3\"");
    answer.shows("value=\"dua\"");
    let again = answer.seen();
    let fields = [("school", "SMP Negeri 3"), ("box_name", "dua"), ("seen", again.as_str())];
    assert_eq!(browser.post("/setup/school", &fields).await.location(), "/setup/wifi");
    browser.get("/setup/school").await.shows("value=\"dua\"");
}

#[tokio::test]
async fn what_is_wrong_stands_beside_each_field() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.claim().await;
    let answer = browser.answer("school", &[("school", ""), ("box_name", "a")]).await;
    answer.shows("id=\"school-error\"");
    let answer = browser.answer("school", &[("school", "x"), ("box_name", "dua kata")]).await;
    answer.shows("id=\"box_name-error\"");
    let nine = "😀".repeat(9);
    for (field, wrong, at, sentence) in [
        ("ssid", nine.as_str(), "ssid", "36 bita, paling banyak 32"),
        ("ssid", " ", "ssid", "Tuliskan nama Wi-Fi"),
        ("passphrase", "pendek", "passphrase", "harus 8 sampai 63 karakter; ini 6"),
        ("passphrase", "sandi émas", "passphrase", "tanpa aksen"),
        ("country", "XX", "country", "Tidak ada negara dengan kode ini"),
        ("channel", "2-13", "channel", "tidak tersedia"),
        ("protection", "open", "protection", "Centang bahwa Anda memang ingin"),
        ("wifi", "", "wifi", "Pilih salah satu"),
    ] {
        let fields = WIFI.map(|(name, value)| (name, if name == field { wrong } else { value }));
        let answer = browser.answer("wifi", &fields).await;
        assert!(answer.status.is_client_error(), "{field} {wrong}");
        answer.shows("<title>Perlu diperbaiki: ");
        answer.shows(&format!("id=\"{at}-error\""));
        answer.shows(sentence);
        if field != "ssid" {
            answer.shows("value=\"SMPN 3\"");
        }
    }
    let two =
        WIFI.map(|(name, value)| (name, if name == "ssid" || name == "passphrase" { "" } else { value }));
    let answer = browser.answer("wifi", &two).await;
    answer.shows("id=\"ssid-error\"");
    answer.shows("id=\"passphrase-error\"");
}

#[tokio::test]
async fn the_cables_answers_are_checked_too() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.claim().await;
    browser.answers("school", &[("school", "SMP 3"), ("box_name", "kelas")], "/setup/wifi").await;
    browser.answers("wifi", &WIFI, "/setup/wired").await;
    let fixed = [
        ("wired", "fixed"),
        ("address", "192.168.1.10"),
        ("prefix", "24"),
        ("gateway", "192.168.1.1"),
        ("resolvers", "192.168.1.1, 9.9.9.9"),
    ];
    for (field, wrong, at) in [
        ("address", "192.168.1", "address"),
        ("address", "192.168.1.0", "address"),
        ("address", "10.42.0.9", "gateway"),
        ("prefix", "99", "prefix"),
        ("gateway", "192.168.2.1", "gateway"),
        ("resolvers", "sembilan", "resolvers"),
        ("wired", "radio", "wired"),
    ] {
        let fields = fixed.map(|(name, value)| (name, if name == field { wrong } else { value }));
        let answer = browser.answer("wired", &fields).await;
        assert!(answer.status.is_client_error(), "{field} {wrong}");
        answer.shows(&format!("id=\"{at}-error\""));
    }
    let shared = [("wired", "fixed"), ("address", "10.42.0.9"), ("prefix", "24"), ("gateway", "10.42.0.2")];
    let answer = browser.answer("wired", &shared).await;
    answer.shows("memakai alamat yang sama");
    browser.answers("wired", &fixed, "/setup/time").await;
    browser.get("/setup/wired").await.shows("192.168.1.1, 9.9.9.9");
}

#[tokio::test]
async fn the_clock_is_set_from_the_device_or_by_hand() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    for (fields, at) in [
        (vec![("device_ms", "1795485960000")], 1_795_485_960_000),
        (vec![("device_ms", ""), ("moment", "2026-11-24T09:06"), ("zone", "7")], 1_795_485_960_000),
        (vec![("moment", "2026-11-24 11:06"), ("zone", "9")], 1_795_485_960_000),
    ] {
        let fields: Vec<_> = fields.into_iter().chain([("action", "set")]).collect();
        browser.answers("time", &fields, "/setup/review").await;
        let asked = school.host.asked();
        assert_eq!(asked.last(), Some(&crate::host::Asked::Clock(Timestamp(at))));
    }
    for wrong in ["besok", "2026-02-30T09:00", ""] {
        let answer = browser.answer("time", &[("action", "set"), ("moment", wrong), ("zone", "7")]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{wrong}");
        answer.shows("id=\"moment-error\"");
    }
    school.host.fail(Some(base::Code::ClockImplausible));
    let answer = browser.answer("time", &[("action", "set"), ("device_ms", "1")]).await;
    answer.shows("id=\"moment-error\"");
}

#[tokio::test]
async fn phones_are_shown_no_opening_page_if_the_technician_says_so() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.claim().await;
    browser.answers("school", &[("school", "SMP 3"), ("box_name", "kelas")], "/setup/wifi").await;
    let stay = [&WIFI[..], &[("portal", "stay")]].concat();
    browser.answers("wifi", &stay, "/setup/wired").await;
    assert_eq!(school.portal.mode(), Mode::Stay);
    browser.get("/setup/wifi").await.shows("name=\"portal\" value=\"stay\" checked");
    // A box that is not ticked is not sent.
    browser.answers("wifi", &WIFI, "/setup/wired").await;
    assert_eq!(school.portal.mode(), Mode::Ask);
    browser.get("/setup/wifi").await.hides("value=\"stay\" checked");
}
