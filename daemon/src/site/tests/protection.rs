//! Forged forms, planted sessions, redirects elsewhere, and the headers that hold scripts down.

use super::*;

#[tokio::test]
async fn a_form_without_the_sessions_token_changes_nothing() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    for (path, fields) in [("/courses", [("title", "Forged")]), ("/account/sign-out", [("x", "y")])] {
        // The page that says no carries a token again.
        browser.form_token = String::new();
        let answer = browser.post(path, &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        answer.shows("sudah lama dibuka");
    }
    let mut other = school.signed_in(&teacher).await;
    other.get("/").await;
    browser.form_token.clone_from(&other.form_token);
    assert_eq!(browser.post("/courses", &[("title", "Forged")]).await.status, StatusCode::FORBIDDEN);
    assert!(school.store.courses_of(teacher.id).await.expect("courses").is_empty());
    assert!(school.ended.lock().expect("whole").is_empty());
}

#[tokio::test]
async fn signing_in_always_makes_a_new_session_and_ends_the_old_one() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut browser = school.browser(Transport::Tls);
    browser.cookies.insert("__Host-kelas".into(), "planted".into());
    let fields = [("login", "guru"), ("password", "rahasia kelas")];
    assert_eq!(browser.post("/sign-in", &fields).await.status, StatusCode::SEE_OTHER);
    let first = browser.cookies["__Host-kelas"].clone();
    assert_ne!(first, "planted");

    browser.get("/").await;
    let token = school.auth.offer_link(teacher.id, Offer::Invitation).await.expect("a link");
    browser.post(&format!("/link/{token}"), &[]).await;
    assert_ne!(browser.cookies["__Host-kelas"], first);
    assert_eq!(school.ended.lock().expect("whole").len(), 1);
    browser.cookies.insert("__Host-kelas".into(), first);
    browser.get("/").await.hides("Halo, Bu Sari");
}

#[tokio::test]
async fn cookies_stay_on_their_transport() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let mut plain = school.browser(Transport::Plain);
    let answer = plain.post("/join", &[("code", &course.join_code), ("name", "Siti")]).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().expect("plain characters").to_owned();
    assert!(
        cookie.starts_with("kelas_plain=") && cookie.contains("HttpOnly; SameSite=Lax; Path=/"),
        "{cookie}"
    );

    // A token that was read along on the air is worth nothing at the secure address.
    let read_along = plain.cookies["kelas_plain"].clone();
    let mut secure = school.browser(Transport::Tls);
    secure.cookies.insert("__Host-kelas".into(), read_along.clone());
    secure.cookies.insert("kelas_plain".into(), read_along);
    secure.get("/").await.hides("Halo, Siti");

    // And a teacher's session is worth nothing in the clear.
    let mut teachers = school.signed_in(&teacher).await;
    let cookie = teachers.cookies["__Host-kelas"].clone();
    teachers.cookies.insert("kelas_plain".into(), cookie);
    teachers.transport = Transport::Plain;
    teachers.get("/").await.hides("Halo, Bu Sari");
}

#[tokio::test]
async fn no_form_leads_to_another_site() {
    let school = School::open();
    school.teacher().await;
    let fields =
        |next| [("login", "guru"), ("password", "rahasia kelas"), ("next", next), ("language", "en")];
    for hostile in ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example"] {
        let mut browser = school.browser(Transport::Tls);
        assert_eq!(browser.post("/language", &fields(hostile)).await.location(), "/", "{hostile:?}");
        assert_eq!(browser.post("/sign-in", &fields(hostile)).await.location(), "/", "{hostile:?}");
        let answer = browser.get(&format!("/sign-in?next={}", hostile.replace('\t', "%09"))).await;
        assert_eq!(answer.location(), "/", "{hostile:?}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_policy() {
    let school = School::open();
    let mut browser = school.browser(Transport::Tls);
    for path in ["/", "/nothing", "/assets/nothing.js"] {
        let answer = browser.get(path).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("plain characters");
        for part in ["default-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"));
    }
}

#[tokio::test]
async fn bodies_that_are_no_form_have_a_named_answer() {
    let school = School::open();
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.send(Method::POST, "/join", "*/*", Body::from(vec![0xff; 40])).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.shows("Tulis nama Anda.");
    let answer = browser.send(Method::POST, "/join", "*/*", Body::from("x".repeat(3 << 20))).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    answer.shows("body_too_large");
}

#[tokio::test]
async fn a_form_of_another_site_is_refused_on_a_page_in_words() {
    let school = School::open();
    let mut browser = school.browser(Transport::Tls);
    browser.origin = Some("https://evil.example");
    let answer = browser.post("/join", &[("code", "ABC234"), ("name", "Siti")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    answer.shows("<html");
    answer.shows("datang dari situs lain");
    let answer = browser.send(Method::POST, "/join", "application/json", Body::empty()).await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    answer.shows("origin_refused");
}
