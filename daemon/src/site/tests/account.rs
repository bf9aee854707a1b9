//! The account: password, signing out, and moving to the secure address.

use super::*;

#[tokio::test]
async fn a_new_teacher_chooses_a_login_and_a_password() {
    let school = School::open();
    let teacher = school.person(PersonKind::Teacher, "Pak Budi").await;
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/account/password").await;
    let typed =
        |password, again| [("login", "Budi"), ("password", password), ("again", again), ("next", "/account")];
    for (fields, sentence) in [
        (typed("pendek", "pendek"), "paling sedikit 8 huruf"),
        (typed("rahasia benar", "rahasia bener"), "tidak sama"),
    ] {
        let answer = browser.post("/account/password", &fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        answer.shows(sentence);
        answer.shows("value=\"Budi\"");
        answer.hides("rahasia ben");
    }
    let answer = browser.post("/account/password", &typed("rahasia benar", "rahasia benar")).await;
    assert_eq!(answer.location(), "/account?notice=password.saved");
    browser.get(answer.location()).await.shows("Kata sandi tersimpan.");

    let mut other = school.browser(Transport::Tls);
    let answer = other.post("/sign-in", &[("login", "BUDI"), ("password", "rahasia benar")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_login_that_is_taken_or_empty_is_refused_by_its_field() {
    let school = School::open();
    school.teacher().await;
    let mut browser = school.signed_in(&school.person(PersonKind::Teacher, "Pak Budi").await).await;
    browser.get("/account/password").await;
    for (login, status, sentence) in [
        ("GURU", StatusCode::CONFLICT, "sudah dipakai orang lain"),
        ("pak budi", StatusCode::BAD_REQUEST, "tanpa spasi"),
    ] {
        let fields = [("login", login), ("password", "rahasia benar"), ("again", "rahasia benar")];
        let answer = browser.post("/account/password", &fields).await;
        assert_eq!(answer.status, status);
        answer.shows("id=\"login-error\"");
        answer.shows(sentence);
    }
}

#[tokio::test]
async fn a_password_is_changed_only_by_who_knows_it() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/account/password").await;
    let typed = |current| {
        [("login", "guru"), ("current", current), ("password", "rahasia baru"), ("again", "rahasia baru")]
    };
    let answer = browser.post("/account/password", &typed("salah sekali")).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    answer.shows("Kata sandi sekarang salah.");
    assert_eq!(
        browser.post("/account/password", &typed("rahasia kelas")).await.status,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_changed_password_signs_every_other_browser_out() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut stolen = school.signed_in(&teacher).await;
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/account/password").await;
    let typed = [
        ("login", "guru"),
        ("current", "rahasia kelas"),
        ("password", "rahasia baru"),
        ("again", "rahasia baru"),
    ];
    assert_eq!(browser.post("/account/password", &typed).await.status, StatusCode::SEE_OTHER);
    stolen.get("/").await.hides("Halo, Bu Sari");
    browser.get("/").await.shows("Halo, Bu Sari");
    assert_eq!(school.ended.lock().expect("whole").len(), 1);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_its_live_connections() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    let stolen = browser.cookies.clone();
    browser.get("/account").await;
    let answer = browser.post("/account/sign-out", &[]).await;
    assert_eq!(answer.location(), "/?notice=account.signed_out");
    assert!(browser.cookies.is_empty());
    assert_eq!(school.ended.lock().expect("whole").len(), 1);
    browser.cookies = stolen;
    browser.get("/").await.hides("Halo, Bu Sari");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_session() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut phone = school.signed_in(&teacher).await;
    let mut laptop = school.signed_in(&teacher).await;
    laptop.get("/account").await;
    laptop.post("/account/sign-out-everywhere", &[]).await;
    assert_eq!(school.ended.lock().expect("whole").len(), 2);
    phone.get("/").await.hides("Halo, Bu Sari");
}

#[tokio::test]
async fn a_student_moves_from_the_plain_to_the_secure_address_as_the_same_person() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let mut browser = school.browser(Transport::Plain);
    browser.post("/join", &[("code", &course.join_code), ("name", "Siti")]).await;
    browser.get("/").await.shows("Halo, Siti");
    let answer = browser.post("/handover", &[("next", "/account")]).await;
    let (_, rest) = answer.body.split_once("href=\"https://10.42.0.1:8443/link/").expect("the way over");
    let path = format!("/link/{}", rest.split(['"', '?']).next().expect("a token"));
    answer.shows("?next=/account");

    browser.transport = Transport::Tls;
    browser.get("/").await.hides("Halo, Siti");
    browser.get(&path).await.shows("Halo, Siti");
    assert_eq!(browser.post(&path, &[("next", "/account")]).await.location(), "/account");
    browser.get("/").await.shows("Halo, Siti");
    assert_eq!(school.store.members(course.id).await.expect("members").len(), 2);
}

#[tokio::test]
async fn a_script_that_wants_link_after_link_is_held_back() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let mut browser = school.browser(Transport::Plain);
    browser.post("/join", &[("code", &course.join_code), ("name", "Siti")]).await;
    browser.get("/").await;
    for _ in 0..100 {
        assert_eq!(browser.post("/handover", &[]).await.status, StatusCode::OK);
    }
    assert_eq!(browser.post("/handover", &[]).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn ones_own_devices_are_listed_and_each_can_be_signed_out() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut phone = school.signed_in(&teacher).await;
    let mut laptop = school.signed_in(&teacher).await;
    let page = laptop.get("/account").await;
    page.shows("Perangkat ini");
    page.shows("Terakhir dipakai");
    let ways: Vec<_> = page.body.matches("/account/sessions/").collect();
    assert_eq!(ways.len(), 1, "this device has its own way out");
    let other = school.store.sessions_of(teacher.id).await.expect("sessions")[0].id;
    let answer = laptop.post(&format!("/account/sessions/{other}/end"), &[]).await;
    assert_eq!(answer.location(), "/account?notice=session.ended");
    assert_eq!(*school.ended.lock().expect("whole"), [other]);
    phone.get("/").await.hides("Halo, Bu Sari");
    laptop.get("/account").await.hides("/account/sessions/");
}

#[tokio::test]
async fn a_device_of_somebody_else_cannot_be_signed_out() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    let mut student = school.signed_in(&school.person(PersonKind::Student, "Siti").await).await;
    student.get("/account").await;
    let theirs = school.store.sessions_of(teacher.id).await.expect("sessions")[0].id;
    for session in [theirs.to_string(), "0".into(), "x".into()] {
        let answer = student.post(&format!("/account/sessions/{session}/end"), &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{session}");
    }
    browser.get("/").await.shows("Halo, Bu Sari");
}
