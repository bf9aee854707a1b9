//! Notices: written by teachers, read by the course, and nothing in them runs.

use super::*;

#[tokio::test]
async fn a_teacher_writes_a_notice_and_the_course_reads_it_once_as_new() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let siti = school.person(PersonKind::Student, "Siti").await;
    school.store.join_course_as(course.id, siti.id).await.expect("joined");
    let path = format!("/courses/{}", course.id);
    let mut sari = school.signed_in(&teacher).await;
    sari.get(&path).await.shows("Belum ada pengumuman. Tulis satu");
    sari.get(&format!("{path}/notices/new")).await;
    let answer = sari.post(&format!("{path}/notices"), &[("title", ""), ("text", "Bawa buku")]).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    answer.shows("Bawa buku</textarea>");
    let long = "x".repeat(4_001);
    let answer = sari.post(&format!("{path}/notices"), &[("title", "Libur"), ("text", &long)]).await;
    answer.shows("4001 karakter, paling banyak 4000");
    let text = "Bawa **buku**.\n\n<script>alert(1)</script>";
    let answer = sari.post(&format!("{path}/notices"), &[("title", "<i>Ulangan"), ("text", text)]).await;
    assert_eq!(answer.location(), format!("{path}?notice=notice.created"));
    let page = sari.get(&path).await;
    page.shows("&#60;i&#62;Ulangan");
    page.hides("<strong class=\"mark\">Baru</strong>");

    let mut browser = school.signed_in(&siti).await;
    let home = browser.get("/").await;
    home.shows("Pengumuman · ");
    home.shows("<strong class=\"mark\">Baru</strong>");
    let page = browser.get(&path).await;
    page.shows("<strong>buku</strong>");
    page.shows("&lt;script&gt;");
    page.shows("<strong class=\"mark\">Baru</strong>");
    page.hides("/notices/new");
    browser.get(&path).await.hides("<strong class=\"mark\">Baru</strong>");
    browser.get("/").await.hides("<strong class=\"mark\">Baru</strong>");

    let id = school.store.notices_of(course.id, siti.id).await.expect("read")[0].id;
    let notice = format!("/notices/{id}");
    assert_eq!(browser.get(&notice).await.status, StatusCode::FORBIDDEN);
    let answer = browser.post(&notice, &[("title", "Libur")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    sari.get(&notice).await.shows("Bawa **buku**.");
    sari.post(&notice, &[("title", "Ulangan Selasa")]).await;
    browser.get(&format!("{path}/notices")).await.shows("diubah 24 November 2026");
    school.store.archive_course(course.id).await.expect("archived");
    assert_eq!(sari.post(&format!("{notice}/delete"), &[]).await.status, StatusCode::CONFLICT);
    sari.get(&path).await.shows("Ulangan Selasa");
    school.store.restore_course(course.id).await.expect("restored");
    sari.get(&notice).await;
    let answer = sari.post(&format!("{notice}/delete"), &[]).await;
    assert_eq!(answer.location(), format!("{path}?notice=notice.deleted"));
    assert_eq!(sari.get(&notice).await.status, StatusCode::NOT_FOUND);
    browser.get(&format!("{path}/notices")).await.shows("Belum ada pengumuman.");
}

#[tokio::test]
async fn a_courses_page_shows_the_newest_and_all_that_is_unread() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let siti = school.person(PersonKind::Student, "Siti").await;
    school.store.join_course_as(course.id, siti.id).await.expect("joined");
    for number in 1..=5 {
        let draft = store::NoticeDraft { title: format!("Nomor {number}."), text: None };
        school.store.create_notice(course.id, teacher.id, draft).await.expect("made");
    }
    let path = format!("/courses/{}", course.id);
    let mut browser = school.signed_in(&siti).await;
    browser.get(&path).await.shows("Nomor 1.");
    let page = browser.get(&path).await;
    page.hides("Nomor 2.");
    page.shows("Nomor 3.");
    page.shows("2 pengumuman lain");
    browser.get(&format!("{path}/notices")).await.shows("Nomor 1.");
}
