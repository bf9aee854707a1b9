//! Joining a course with its code.

use base::Code;
use store::{CourseRole, GuestPolicy};

use super::*;

#[tokio::test]
async fn a_student_joins_with_code_and_name_in_one_form() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika X-2").await;
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.get(&format!("/join/{}", course.join_code.to_lowercase())).await;
    answer.shows("Fisika X-2");
    answer.shows(&format!("value=\"{}\"", course.join_code));
    let answer = browser.post("/join", &[("code", &course.join_code), ("name", " Siti ")]).await;
    assert_eq!(answer.location(), format!("/courses/{}?notice=join.done", course.id));
    let answer = browser.get(answer.location()).await;
    answer.shows("Anda sudah masuk kelas ini.");
    answer.hides("Keluarkan");
}

#[tokio::test]
async fn who_joins_goes_straight_to_the_newest_room() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    school.store.create_meeting(course.id, "Pertama").await.expect("a meeting");
    let newest = school.store.create_meeting(course.id, "Kedua").await.expect("a meeting");
    let mut browser = school.browser(Transport::Plain);
    let answer = browser.post("/join", &[("code", &course.join_code), ("name", "Siti")]).await;
    assert_eq!(answer.location(), format!("/rooms/{}", newest.id));
    let answer = browser.get(answer.location()).await;
    answer.shows("\"rung\":0");
}

#[tokio::test]
async fn each_mistake_has_its_sentence_by_its_field() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let long = "n".repeat(61);
    let mut browser = school.browser(Transport::Tls);
    for (code, name, field, sentence) in [
        ("ZZZZZZ", "Siti", "code-error", "Tidak ada kelas dengan kode ini"),
        (&course.join_code, " ", "name-error", "Tulis nama Anda."),
        (&course.join_code, &long, "name-error", "61 huruf, paling banyak 60"),
    ] {
        let answer = browser.post("/join", &[("code", code), ("name", name)]).await;
        assert!(answer.status.is_client_error());
        answer.shows(&format!("id=\"{field}\">"));
        answer.shows(sentence);
        answer.shows("<title>Perlu diperbaiki: ");
        answer.shows(&format!("value=\"{code}\""));
        assert!(browser.cookies.is_empty());
    }
}

#[tokio::test]
async fn a_course_that_refuses_or_asks_does_so() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let fields = [("code", course.join_code.as_str()), ("name", "Tamu")];
    school.store.set_guest_policy(course.id, GuestPolicy::Refuse).await.expect("set");
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.post("/join", &fields).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    answer.shows("Guru tidak menerima peserta baru");
    school.store.set_guest_policy(course.id, GuestPolicy::Ask).await.expect("set");
    let answer = browser.post("/join", &fields).await;
    browser.get(answer.location()).await.shows("Guru perlu menerima Anda dulu");
    let members = school.store.members(course.id).await.expect("members");
    assert!(members.iter().any(|member| member.membership.role == CourseRole::Guest));
}

#[tokio::test]
async fn guessing_codes_is_held_back() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let mut browser = school.browser(Transport::Tls);
    for _ in 0..40 {
        assert_eq!(browser.get("/join/ZZZZZZ").await.status, StatusCode::NOT_FOUND);
    }
    let fields = [("code", course.join_code.as_str()), ("name", "Siti")];
    let answer = browser.post("/join", &fields).await;
    assert_eq!(answer.status.as_u16(), Code::SignInThrottled.kind().status());
    answer.shows("Coba lagi dalam");
    school.clock.advance(1_000);
    assert_eq!(browser.post("/join", &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_script_that_joins_again_and_again_is_held_back_and_a_class_is_not() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let fields = [("code", course.join_code.as_str()), ("name", "Siti")];
    for _ in 0..100 {
        let answer = school.browser(Transport::Tls).post("/join", &fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
    }
    let answer = school.browser(Transport::Tls).post("/join", &fields).await;
    assert_eq!(answer.status.as_u16(), Code::SignInThrottled.kind().status());
    answer.shows("Coba lagi dalam");
    let mut elsewhere = school.browser(Transport::Tls);
    elsewhere.address = [10, 42, 0, 8].into();
    assert_eq!(elsewhere.post("/join", &fields).await.status, StatusCode::SEE_OTHER);
    let members = school.store.members(course.id).await.expect("members");
    assert_eq!(members.len(), 1 + 100 + 1);
}

#[tokio::test]
async fn somebody_signed_in_joins_another_course_as_the_same_person() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let student = school.person(PersonKind::Student, "Siti").await;
    let mut browser = school.signed_in(&student).await;
    browser.get("/").await;
    let answer = browser.post("/join", &[("code", &course.join_code)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let membership =
        school.store.membership(course.id, student.id).await.expect("an answer").expect("a member");
    assert_eq!(membership.role, CourseRole::Student);
    let answer = browser.get(&format!("/join/{}", course.join_code)).await;
    assert_eq!(answer.location(), format!("/courses/{}", course.id));
}
