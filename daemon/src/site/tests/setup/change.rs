//! A change from the button that applies it to its end.

use super::*;
use crate::host::{Asked, Sharing};

#[tokio::test(start_paused = true)]
async fn it_begins_after_the_page_that_says_how_to_come_back_and_is_kept_by_its_key() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    browser.get("/setup/review").await.shows("Kata sandi: rahasia sekali");
    assert_eq!(browser.apply().await.location(), "/setup/reconnect");
    assert_eq!(school.setup.progress(), Progress::Waiting);
    let page = browser.get("/setup/reconnect").await;
    page.shows("<code>rahasia sekali</code>");
    let (_, rest) = page.body.split_once("http://10.42.0.1:8080/setup/confirm/").expect("the address");
    let key = rest.split('<').next().expect("a key").to_owned();
    school.comes_to("trial").await;
    assert_eq!(school.hotspot.now().access_point().expect("opened").0.ssid.to_string(), "SMPN 3");
    browser.get("/setup/progress").await.shows("Masih 120 detik");
    browser.get("/setup/progress/state").await.shows("{\"stage\":\"trial\",\"seconds\":120}");

    // Another phone, over plain HTTP, without a session.
    let mut phone = school.browser(Transport::Plain);
    assert_eq!(phone.get("/setup/confirm/guessed").await.status, StatusCode::FORBIDDEN);
    assert_eq!(phone.post("/setup/confirm/guessed", &[]).await.status, StatusCode::FORBIDDEN);
    let path = format!("/setup/confirm/{key}");
    phone.get(&path).await.shows("Ya, pertahankan");
    assert_eq!(school.setup.progress().stage().name(), "trial", "looking costs nothing");
    phone.post(&path, &[]).await.shows("Selesai");
    school.comes_to("confirmed").await;
    assert_eq!(phone.post(&path, &[]).await.status, StatusCode::FORBIDDEN, "the key is worth one time");
    let asked = school.host.asked();
    let named = asked.iter().any(|asked| matches!(asked, Asked::Name(name) if name.as_str() == "smpn3"));
    assert!(named && asked.contains(&Asked::Share(Sharing::Off)), "{asked:?}");
    browser.get("/setup").await.shows("Server berjalan dengan setelan ini");
    let kept = school.setup.kept().await.expect("an answer");
    assert_eq!(kept.in_force, Some(kept.draft));
}

#[tokio::test(start_paused = true)]
async fn a_technician_keeps_it_from_the_new_network() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    browser.apply().await;
    // Nobody asks for the page: it begins all the same.
    school.comes_to("trial").await;
    browser.get("/setup/confirm").await.shows("Ya, pertahankan");
    let answer = browser.post("/setup/confirm", &[]).await;
    assert_eq!(answer.location(), "/setup?notice=setup.confirmed");
    browser.get("/setup?notice=setup.confirmed").await.shows("Setelan baru berlaku.");
}

#[tokio::test(start_paused = true)]
async fn what_nobody_keeps_is_taken_back_and_the_answers_stay() {
    let school = School::unclaimed(&pretends(Pretence::Hasty)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    let before = school.hotspot.now();
    browser.apply().await;
    browser.get("/setup/reconnect").await;
    school.comes_to("trial").await;
    assert_eq!(browser.apply().await.status, StatusCode::CONFLICT, "one at a time");
    let answer = browser.answer("school", &[("school", "Lain"), ("box_name", "lain")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("value=\"Lain\"");
    school.comes_to("rolled_back").await;
    assert_eq!(school.hotspot.now().access_point(), before.access_point());
    let page = browser.get("/setup/progress").await;
    page.shows("Jaringan lama dipakai lagi");
    assert_eq!(browser.get("/setup").await.location(), "/setup/progress");
    assert_eq!(browser.post("/setup/confirm", &[]).await.status, StatusCode::GONE);
    browser.get("/setup/review").await.shows("SMPN 3");
    assert_eq!(school.setup.kept().await.expect("an answer").in_force, None);
    assert_eq!(browser.apply().await.location(), "/setup/reconnect");
}

#[tokio::test(start_paused = true)]
async fn it_is_taken_back_at_once_when_asked() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    browser.apply().await;
    browser.get("/setup/progress").await;
    school.comes_to("trial").await;
    assert_eq!(browser.post("/setup/roll-back", &[]).await.location(), "/setup/progress");
    school.comes_to("rolled_back").await;
}

#[tokio::test(start_paused = true)]
async fn a_radio_that_something_else_holds_is_told_by_its_sentence() {
    let school = School::unclaimed(&pretends(Pretence::Busy)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    browser.apply().await;
    browser.get("/setup/reconnect").await;
    school.comes_to("failed").await;
    let page = browser.get("/setup/progress").await;
    page.shows("Jaringan baru tidak dapat dijalankan");
    browser.get("/setup/wifi").await.shows("value=\"rahasia sekali\"");
}

#[tokio::test(start_paused = true)]
async fn what_the_helper_refuses_changes_nothing() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    school.host.fail(Some(base::Code::HostUnavailable));
    browser.apply().await;
    let before = school.hotspot.now();
    school.comes_to("failed").await;
    assert_eq!(school.hotspot.now(), before);
}

#[tokio::test(start_paused = true)]
async fn a_review_that_is_no_longer_true_is_not_applied() {
    let school = School::unclaimed(&pretends(Pretence::Well)).await;
    let mut browser = school.browser(Transport::Tls);
    browser.walk_to_review().await;
    let seen = browser.get("/setup/review").await.seen();
    browser.answers("school", &[("school", "Lain"), ("box_name", "lain")], "/setup/review").await;
    let answer = browser.post("/setup/apply", &[("seen", &seen)]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("Lain");
    assert_eq!(school.setup.progress(), Progress::Idle);
}
