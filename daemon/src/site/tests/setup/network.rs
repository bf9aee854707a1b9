//! When something is wrong with the network, or it is not ours.

use super::*;

#[tokio::test]
async fn without_a_network_of_ours_the_rest_of_the_wizard_is_finished() {
    let school = School::unclaimed(&Look::default()).await;
    let mut browser = school.browser(Transport::Tls);
    browser.claim().await;
    browser.get("/setup/school").await.shows("Langkah 2 dari 5");
    browser.answers("school", &[("school", "SMP 3"), ("box_name", "kelas")], "/setup/time").await;
    assert_eq!(browser.get("/setup/wifi").await.location(), "/setup");
    browser.answers("time", &[("action", "keep")], "/setup/certificate").await;
    browser.answers("certificate", &[], "/setup/review").await;
    assert_eq!(browser.apply().await.location(), "/setup/progress");
    browser.get("/setup/progress").await;
    school.comes_to("confirmed").await;
    browser.get("/setup").await.shows("Server berjalan dengan setelan ini");
}

#[tokio::test]
async fn a_radio_that_is_missing_or_blocked_is_told_and_the_network_may_stay() {
    for (pretence, sentence) in
        [(Pretence::NoRadio, "tidak memiliki radio Wi-Fi"), (Pretence::Blocked, "Radio Wi-Fi diblokir")]
    {
        let school = School::unclaimed(&pretends(pretence)).await;
        let mut browser = school.browser(Transport::Tls);
        browser.claim().await;
        browser.answers("school", &[("school", "SMP 3"), ("box_name", "kelas")], "/setup/wifi").await;
        browser.get("/setup/wifi").await.shows(sentence);
        let answer = browser.answer("wifi", &WIFI).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        answer.shows("id=\"wifi-error\"");
        answer.shows(sentence);
        answer.shows("value=\"rahasia sekali\"");
        browser.answers("wifi", &[("wifi", "leave")], "/setup/time").await;
        assert_eq!(browser.get("/setup/wired").await.location(), "/setup");
        browser.answers("time", &[("action", "keep")], "/setup/certificate").await;
        browser.answers("certificate", &[], "/setup/review").await;
        assert_eq!(browser.apply().await.location(), "/setup/progress");
        browser.get("/setup/progress").await;
        school.comes_to("confirmed").await;
    }
}

#[tokio::test]
async fn with_the_schools_wifi_the_box_needs_its_cable() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.claim().await;
    browser.answers("school", &[("school", "SMP 3"), ("box_name", "kelas")], "/setup/wifi").await;
    browser.answers("wifi", &[("wifi", "schools")], "/setup/wired").await;
    let answer = browser.answer("wired", &[("wired", "none")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("id=\"wired-error\"");
    browser.answers("wired", &[("wired", "dhcp")], "/setup/time").await;
    browser.answers("time", &[("action", "keep")], "/setup/certificate").await;
    browser.answers("certificate", &[], "/setup/review").await;
    assert_eq!(browser.apply().await.location(), "/setup/reconnect");
    browser.get("/setup/reconnect").await.shows("Sambungkan ke Wi\u{2011}Fi sekolah");
}
