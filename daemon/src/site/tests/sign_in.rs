//! Passwords, throttling, one-time links.

use super::*;

const RIGHT: [(&str, &str); 2] = [("login", " Guru "), ("password", "rahasia kelas")];
const WRONG: [(&str, &str); 2] = [("login", "guru"), ("password", "tebakan saja")];

#[tokio::test]
async fn a_teacher_signs_in_and_a_mistake_keeps_what_was_typed() {
    let school = School::open();
    school.teacher().await;
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.post("/sign-in", &WRONG).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    answer.shows("<title>Perlu diperbaiki: ");
    answer.shows("Nama masuk atau kata sandi salah.");
    answer.shows("value=\"guru\"");
    answer.hides("tebakan saja");
    let answer = browser.post("/sign-in", &RIGHT).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"));
    browser.get("/").await.shows("Halo, Bu Sari");
}

#[tokio::test]
async fn an_unknown_login_is_refused_in_the_same_words() {
    let school = School::open();
    school.teacher().await;
    let mut browser = school.browser(Transport::Tls);
    let known = browser.post("/sign-in", &WRONG).await;
    let unknown = browser.post("/sign-in", &[("login", "nobody"), ("password", "tebakan saja")]).await;
    assert_eq!(known.status, unknown.status);
    assert_eq!(known.body.replace("value=\"guru\"", "value=\"nobody\""), unknown.body);
}

#[tokio::test]
async fn a_password_is_not_even_looked_at_over_plain_http() {
    let school = School::open();
    school.teacher().await;
    let mut browser = school.browser(Transport::Plain);
    let answer = browser.get("/sign-in").await;
    answer.shows("Kata sandi dan PIN hanya boleh dikirim lewat alamat aman");
    answer.hides("type=\"password\"");
    let answer = browser.post("/sign-in", &RIGHT).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(browser.cookies.is_empty());
}

#[tokio::test]
async fn guessing_is_held_back_while_another_address_gets_in() {
    let school = School::open();
    school.teacher().await;
    let mut phone = school.browser(Transport::Tls);
    for _ in 0..5 {
        assert_eq!(phone.post("/sign-in", &WRONG).await.status, StatusCode::UNAUTHORIZED);
    }
    let answer = phone.post("/sign-in", &RIGHT).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    answer.shows("Coba lagi dalam 1 detik");

    let mut laptop = school.browser(Transport::Tls);
    laptop.address = [10, 42, 0, 8].into();
    assert_eq!(laptop.post("/sign-in", &RIGHT).await.status, StatusCode::SEE_OTHER);

    school.clock.advance(1_000);
    assert_eq!(phone.post("/sign-in", &RIGHT).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_link_signs_in_once_and_a_preview_does_not_use_it_up() {
    let school = School::open();
    let teacher = school.person(PersonKind::Teacher, "Pak Budi").await;
    let token = school.auth.offer_link(teacher.id, Offer::Invitation).await.expect("a link");
    let path = format!("/link/{token}");
    let mut preview = school.browser(Transport::Tls);
    for _ in 0..3 {
        preview.get(&path).await.shows("Halo, Pak Budi");
    }
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.post(&path, &[]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/account/password"));
    browser.get("/").await.shows("Halo, Pak Budi");
    let answer = preview.post(&path, &[]).await;
    assert_eq!(answer.status, StatusCode::GONE);
    answer.shows("sudah dipakai");
    assert!(preview.cookies.is_empty());
}

#[tokio::test]
async fn an_old_link_and_an_unknown_one_say_so() {
    let school = School::open();
    let teacher = school.teacher().await;
    let token = school.auth.offer_link(teacher.id, Offer::Invitation).await.expect("a link");
    school.clock.advance(24 * 60 * 60 * 1_000);
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.get(&format!("/link/{token}")).await;
    assert_eq!(answer.status, StatusCode::GONE);
    answer.shows("kedaluwarsa");
    let answer = browser.get("/link/unknown").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    answer.shows("tidak dikenal");
}

#[tokio::test]
async fn a_teachers_link_stays_whole_when_opened_over_plain_http() {
    let school = School::open();
    let teacher = school.teacher().await;
    let token = school.auth.offer_link(teacher.id, Offer::Invitation).await.expect("a link");
    let path = format!("/link/{token}");
    let mut plain = school.browser(Transport::Plain);
    let answer = plain.get(&path).await;
    answer.shows(&format!("href=\"https://10.42.0.1:8443{path}\""));
    assert_eq!(plain.post(&path, &[]).await.status, StatusCode::FORBIDDEN);
    assert!(plain.cookies.is_empty());
    let mut secure = school.browser(Transport::Tls);
    assert_eq!(secure.post(&path, &[]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_clock_that_is_set_forward_by_months_interrupts_nobody() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut signed_in = school.signed_in(&teacher).await;
    signed_in.get("/account").await.shows("Bu Sari");
    let invited = school.auth.offer_link(teacher.id, Offer::Invitation).await.expect("a link");
    let mut guessing = school.browser(Transport::Tls);
    for _ in 0..5 {
        assert_eq!(guessing.post("/sign-in", &WRONG).await.status, StatusCode::UNAUTHORIZED);
    }

    school.clock.jump(TODAY.plus(200 * 24 * 60 * 60 * 1_000));
    // With the form token of the page from before.
    let answer = signed_in.post("/courses", &[("title", "Fisika")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    signed_in.get("/account").await.shows("Bu Sari");
    let mut phone = school.browser(Transport::Tls);
    assert_eq!(phone.post(&format!("/link/{invited}"), &[]).await.status, StatusCode::SEE_OTHER);
    phone.get("/").await.shows("Halo, Bu Sari");
    let answer = guessing.post("/sign-in", &RIGHT).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS, "who guesses waits in real time");
}
