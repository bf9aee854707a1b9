//! What a teacher decides, and what nobody else may.

use store::{GuestPolicy, MemberState};

use super::*;

#[tokio::test]
async fn a_teacher_makes_a_course_and_a_meeting() {
    let school = School::open();
    let mut browser = school.signed_in(&school.teacher().await).await;
    browser.get("/").await.shows("Belum ada kelas");
    let answer = browser.post("/courses", &[("title", "  ")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.shows("Tulis judulnya.");
    let answer = browser.post("/courses", &[("title", "Fisika <X>")]).await;
    let course = answer.location().trim_end_matches("?notice=course.created").to_owned();
    let answer = browser.get(&course).await;
    answer.shows("Fisika &#60;X&#62;");
    answer.shows("<svg ");
    let answer = browser.post(&format!("{course}/meetings"), &[("title", &"x".repeat(121))]).await;
    answer.shows("121 huruf, paling banyak 120");
    answer.shows(&"x".repeat(121));
    let answer = browser.post(&format!("{course}/meetings"), &[("title", "Gerak lurus")]).await;
    assert_eq!(answer.location(), format!("{course}?notice=meeting.created"));
    browser.get("/").await.shows("Masuk ruang");
}

#[tokio::test]
async fn a_teacher_decides_who_enters_and_who_leaves() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    school.store.set_guest_policy(course.id, GuestPolicy::Ask).await.expect("set");
    let mut guest = school.browser(Transport::Tls);
    guest.post("/join", &[("code", &course.join_code), ("name", "Siti")]).await;
    let members = school.store.members(course.id).await.expect("members");
    let siti = members.iter().find(|member| member.person.name == "Siti").expect("joined").person.id;

    let mut browser = school.signed_in(&teacher).await;
    let path = format!("/courses/{}", course.id);
    browser.get(&path).await.shows("menunggu diterima");
    browser.post(&format!("{path}/members/{siti}/admit"), &[]).await;
    browser.get(&path).await.hides("menunggu diterima");
    browser.post(&format!("{path}/members/{siti}/remove"), &[]).await;
    browser.get(&path).await.shows("dikeluarkan");
    assert_eq!(*school.changed.lock().expect("whole"), [(course.id, siti), (course.id, siti)]);
    let membership = school.store.membership(course.id, siti).await.expect("an answer").expect("remembered");
    assert_eq!(membership.state, MemberState::Removed);

    let answer = guest.get(&path).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    answer.shows("Guru mengeluarkan Anda");
    guest.get("/").await;
    let answer = guest.post("/join", &[("code", &course.join_code)]).await;
    answer.shows("Guru mengeluarkan Anda");
}

#[tokio::test]
async fn a_renewed_code_shuts_the_old_one_and_the_policy_is_kept() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let mut browser = school.signed_in(&teacher).await;
    let path = format!("/courses/{}", course.id);
    browser.get(&path).await.shows("value=\"welcome\" checked");
    browser.post(&format!("{path}/guests"), &[("policy", "refuse")]).await;
    browser.post(&format!("{path}/join-code"), &[]).await;
    let answer = browser.get(&path).await;
    answer.shows("value=\"refuse\" checked");
    answer.hides(&course.join_code);
    let answer = browser.post(&format!("{path}/guests"), &[("policy", "everything")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn students_neither_see_nor_send_what_is_the_teachers() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let student = school.person(PersonKind::Student, "Siti").await;
    school.store.join_course_as(course.id, student.id).await.expect("welcome");
    let mut browser = school.signed_in(&student).await;
    let path = format!("/courses/{}", course.id);
    let answer = browser.get(&path).await;
    for hidden in [&course.join_code, "Keluarkan", "name=\"policy\"", "/meetings", "Bu Sari"] {
        answer.hides(hidden);
    }
    browser.get("/").await.hides("action=\"/courses\"");
    for action in ["/meetings", "/guests", "/join-code", "/members/1/remove", "/members/1/admit"] {
        let answer = browser.post(&format!("{path}{action}"), &[("title", "x"), ("policy", "refuse")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{action}");
    }
    assert_eq!(browser.get(&format!("{path}/show")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.post("/courses", &[("title", "Mine")]).await.status, StatusCode::FORBIDDEN);
    assert!(school.store.meetings_of(course.id).await.expect("meetings").is_empty());
    assert_eq!(school.store.course(course.id).await.expect("an answer").expect("a course"), course);
}

#[tokio::test]
async fn a_course_and_its_rooms_do_not_exist_for_outsiders() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let meeting = school.store.create_meeting(course.id, "Gerak").await.expect("a meeting");
    let mut outsider = school.signed_in(&school.person(PersonKind::Teacher, "Pak Budi").await).await;
    for path in [
        format!("/courses/{}", course.id),
        format!("/rooms/{}", meeting.id),
        "/courses/999".into(),
        "/rooms/x".into(),
    ] {
        let answer = outsider.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        answer.hides("Fisika");
    }
    let mut stranger = school.browser(Transport::Tls);
    let answer = stranger.get(&format!("/rooms/{}", meeting.id)).await;
    assert_eq!(answer.location(), format!("/?next=/rooms/{}", meeting.id));
    stranger.get(answer.location()).await.shows(&format!("value=\"/rooms/{}\"", meeting.id));
}
