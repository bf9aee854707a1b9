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
    browser.get(&format!("{path}/members")).await.shows("Dikeluarkan");
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
    let actions = ["/meetings", "/guests", "/join-code", "/members/1/remove", "/members/1/admit", "/archive"];
    for action in actions {
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

#[tokio::test]
async fn a_new_course_has_a_meeting_that_can_begin() {
    let school = School::open();
    let mut browser = school.signed_in(&school.teacher().await).await;
    browser.get("/").await;
    let answer = browser.post("/courses", &[("title", "Fisika")]).await;
    let course = answer.location().trim_end_matches("?notice=course.created").to_owned();
    let answer = browser.get(&course).await;
    answer.shows("Pertemuan pertama");
    answer.shows("Masuk ruang");
    answer.hides("/order");
    browser.post(&format!("{course}/meetings"), &[("title", "Rahasia"), ("visibility", "draft")]).await;
    browser.get(&course).await.shows("/order");
}

#[tokio::test]
async fn meetings_are_moved_one_press_at_a_time_and_the_button_keeps_the_focus() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let mut ids = Vec::new();
    for title in ["Satu", "Dua", "Tiga"] {
        ids.push(school.store.create_meeting(course.id, title).await.expect("a meeting").id);
    }
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/").await;
    let order = format!("/courses/{}/order", course.id);
    browser.get(&order).await.shows(&format!("id=\"up-{}\" name=\"to\" value=\"2\"", ids[2]));
    let moves = [("2", "up"), ("1", "down"), ("2", "down"), ("3", "up")];
    for (to, button) in moves {
        let answer = browser.post(&format!("/meetings/{}/move", ids[2]), &[("to", to)]).await;
        assert_eq!(answer.location(), format!("{order}?notice=meeting.moved#{button}-{}", ids[2]), "{to}");
    }
    browser.post(&format!("/meetings/{}/move", ids[2]), &[("to", "1")]).await;
    let titles = school.store.meetings_of(course.id).await.expect("meetings").into_iter();
    let titles: Vec<_> = titles.map(|meeting| (meeting.position, meeting.title)).collect();
    assert_eq!(titles, [(1, "Tiga".into()), (2, "Satu".into()), (3, "Dua".into())]);
    let answer = browser.post(&format!("/meetings/{}/move", ids[2]), &[("to", "x")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_hidden_meeting_and_an_archived_course_send_people_out_of_their_rooms() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let meeting = school.store.create_meeting(course.id, "Gerak").await.expect("a meeting").id;
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/").await;
    browser.post(&format!("/meetings/{meeting}/hide"), &[]).await;
    browser.post(&format!("/meetings/{meeting}/publish"), &[]).await;
    let path = format!("/courses/{}", course.id);
    browser.post(&format!("{path}/archive"), &[]).await;
    assert_eq!(
        *school.shut.lock().expect("whole"),
        [(meeting, ShutTo::Students), (meeting, ShutTo::Everybody)]
    );
    let answer = browser.get(&path).await;
    answer.shows("Pulihkan kelas");
    answer.hides("Masuk ruang");
    let answer = browser.post(&format!("{path}/meetings"), &[("title", "Baru")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    browser.get("/").await.shows("Kelas yang diarsipkan");
    browser.post(&format!("{path}/restore"), &[]).await;
    browser.get(&path).await.shows("Masuk ruang");
}

#[tokio::test]
async fn a_course_is_copied_with_its_meetings_and_without_its_people() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    school.store.create_meeting(course.id, "Gerak").await.expect("a meeting");
    let student = school.person(PersonKind::Student, "Siti").await;
    school.store.join_course_as(course.id, student.id).await.expect("welcome");
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/").await;
    let path = format!("/courses/{}/copy", course.id);
    let long = "x".repeat(41);
    let answer = browser.post(&path, &[("title", "Fisika"), ("term", &long)]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.shows("41 huruf, paling banyak 40");
    answer.shows(&long);
    let answer = browser.post(&path, &[("title", "Fisika"), ("term", "2027/2028 Ganjil")]).await;
    let copy = answer.location().trim_end_matches("?notice=course.copied").to_owned();
    let answer = browser.get(&copy).await;
    answer.shows("2027/2028 Ganjil");
    answer.shows("Gerak");
    answer.shows("Draf");
    browser.get(&format!("{copy}/members")).await.hides("Siti");
}

#[tokio::test]
async fn a_teacher_brings_in_students_and_colleagues_and_one_teacher_stays() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let student = school.person(PersonKind::Student, "Siti Aminah").await;
    let colleague = school.person(PersonKind::Teacher, "Pak Budi").await;
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/").await;
    let path = format!("/courses/{}", course.id);
    browser.get(&path).await.shows("Belum ada siswa");
    let answer = browser.get(&format!("{path}/members/add?q=aminah")).await;
    answer.shows("1 siswa ditemukan");
    answer.shows("Pak Budi");
    browser.get(&format!("{path}/members/add?q=zzz")).await.shows("0 siswa ditemukan");
    let answer = browser
        .post(&format!("{path}/members"), &[("person", &student.id.to_string()), ("q", "aminah")])
        .await;
    assert_eq!(answer.location(), format!("{path}/members/add?q=aminah&notice=member.added"));
    browser.get(&format!("{path}/members/add?q=aminah")).await.shows("sudah anggota");
    let answer = browser.post(&format!("{path}/members"), &[("person", &colleague.id.to_string())]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "a teacher comes in by another door");
    let answer = browser.post(&format!("{path}/teachers"), &[("person", &student.id.to_string())]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    let answer = browser.post(&format!("{path}/members/{}/remove", teacher.id), &[]).await;
    answer.shows("sedikitnya satu guru");
    browser.post(&format!("{path}/teachers"), &[("person", &colleague.id.to_string())]).await;
    let mut other = school.signed_in(&colleague).await;
    other.get("/").await;
    other.post(&format!("{path}/members/{}/remove", teacher.id), &[]).await;
    assert_eq!(browser.get(&path).await.status, StatusCode::FORBIDDEN);
    other.post(&format!("{path}/members/{}/restore", teacher.id), &[]).await;
    assert_eq!(browser.get(&path).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_start_page_says_what_is_on_and_what_is_new() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let meeting = school.store.create_meeting(course.id, "Gerak lurus").await.expect("a meeting").id;
    let student = school.person(PersonKind::Student, "Siti").await;
    school.store.join_course_as(course.id, student.id).await.expect("welcome");
    let mut browser = school.signed_in(&student).await;
    browser.get("/").await;
    let answer = browser.get("/").await;
    answer.hides("Sedang berlangsung");
    answer.shows("Pertemuan baru");
    school.crowds.lock().expect("whole").push((meeting, 12));
    browser.get("/").await.shows("Sedang berlangsung · 12 orang");
    school.store.set_visibility(meeting, store::Visibility::Draft).await.expect("hidden");
    let answer = browser.get("/").await;
    answer.hides("Sedang berlangsung");
    answer.hides("Gerak lurus");
}
