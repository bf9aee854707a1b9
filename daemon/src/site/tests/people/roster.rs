//! Rosters over HTTP: looked at first, then done whole or not at all.

use super::*;

const ROSTER: &str = "Nama;NIS;Kelas\r\nAni;1;7A\r\n\"Budi \"\"B\"\"\";2;7A\r\n;3;7A\r\n";

/// The fields of the form on a preview.
fn hidden(answer: &Answer, name: &str) -> String {
    let (_, rest) = answer.body.split_once(&format!("name=\"{name}\" value=\"")).expect("a field");
    let value = rest.split("\">").next().expect("a value");
    value.replace("&#34;", "\"").replace("&#38;", "&").replace("&#60;", "<").replace("&#62;", ">")
}

/// Sends what the preview holds, as a browser does: with the line ends of forms.
async fn confirm(desk: &mut Browser<'_>, preview: &Answer) -> Answer {
    let (digest, roster) = (hidden(preview, "digest"), hidden(preview, "roster").replace("\r\n", "\n"));
    let roster = roster.replace('\n', "\r\n");
    desk.post("/people/import/apply", &[("digest", &digest), ("roster", &roster)]).await
}

#[tokio::test]
async fn nothing_is_written_before_the_preview_is_confirmed() {
    let school = School::open();
    let mut desk = school.signed_in(&school.teacher().await).await;
    desk.get("/people").await.shows("Belum ada siswa");
    desk.get("/people/import").await.shows("type=\"file\"");
    let preview = desk.post("/people/import", &[("pasted", ROSTER)]).await;
    assert_eq!(preview.status, StatusCode::OK);
    preview.shows("2 siswa baru");
    preview.shows("1 baris bermasalah");
    preview.shows("Baris 4");
    preview.shows("Impor 2 siswa");
    desk.get("/people").await.shows("Belum ada siswa");

    let answer = confirm(&mut desk, &preview).await;
    assert_eq!(answer.location(), "/people/cards?notice=people.imported");
    desk.get("/people?group=7A&q=budi").await.shows("Budi &#34;B&#34;");
    // Again is harmless, and says so.
    let again = desk.post("/people/import", &[("pasted", ROSTER)]).await;
    again.shows("2 siswa tidak berubah");
    again.shows("Tidak ada yang perlu disimpan.");
    again.hides("name=\"digest\"");
}

#[tokio::test]
async fn a_preview_that_is_no_longer_true_is_shown_anew_and_changes_nothing() {
    let school = School::open();
    let mut desk = school.signed_in(&school.teacher().await).await;
    desk.get("/people/import").await;
    let preview = desk.post("/people/import", &[("pasted", ROSTER)]).await;
    school.pupil("Ani Baru", "1", "8A").await;
    let answer = confirm(&mut desk, &preview).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("Data orang berubah sejak pratinjau");
    answer.shows("1 siswa diperbarui");
    assert_eq!(school.store.roster().await.expect("read").len(), 2, "teacher, Ani");
    let answer = confirm(&mut desk, &answer).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(school.store.roster().await.expect("read").len(), 3, "Budi too");
}

#[tokio::test]
async fn a_file_that_is_no_roster_keeps_the_form_and_says_what_to_do() {
    let school = School::open();
    let mut desk = school.signed_in(&school.teacher().await).await;
    desk.get("/people/import").await;
    for (pasted, sentence) in [
        ("", "Pilih berkas CSV"),
        ("PK\u{3}\u{4}", "CSV UTF-8"),
        ("Eko;7A", "Tidak ada kolom nama"),
        ("Nama\n\"Eko", "baris 2 tidak pernah ditutup"),
    ] {
        let answer = desk.post("/people/import", &[("pasted", pasted)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{pasted}");
        answer.shows(sentence);
        answer.shows("action=\"/people/import\"");
    }
}

#[tokio::test]
async fn imported_students_can_be_enrolled_in_a_course_that_one_teaches() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika 7A").await;
    let mut desk = school.signed_in(&teacher).await;
    desk.get("/people/import").await.shows("Fisika 7A");
    let course_id = course.id.to_string();
    let fields = [("pasted", ROSTER), ("course", course_id.as_str())];
    let preview = desk.post("/people/import", &fields).await;
    preview.shows("anggota kelas Fisika 7A");
    let (digest, roster) = (hidden(&preview, "digest"), hidden(&preview, "roster"));
    let sent = [("digest", digest.as_str()), ("roster", &roster), ("course", &course_id)];
    let mut other = school.signed_in(&school.person(PersonKind::Teacher, "Pak Lain").await).await;
    other.get("/account").await;
    assert_eq!(other.post("/people/import/apply", &sent).await.status, StatusCode::FORBIDDEN);
    assert_eq!(desk.post("/people/import/apply", &sent).await.status, StatusCode::SEE_OTHER);
    assert_eq!(school.store.members(course.id).await.expect("read").len(), 3);
}

#[tokio::test]
async fn what_is_exported_comes_in_unchanged() {
    let school = School::open();
    school.pupil("=1+1", "0051", "7A").await;
    school.pupil("Zoë; \"Z\"", "", "7A").await;
    let mut desk = school.signed_in(&school.teacher().await).await;
    for language in ["id", "en"] {
        desk.language = language;
        let csv = desk.get("/people/export.csv").await;
        assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        assert!(csv.headers[header::CONTENT_DISPOSITION].to_str().expect("plain").starts_with("attachment"));
        csv.shows("'=1+1");
        desk.get("/account").await;
        let preview = desk.post("/people/import", &[("pasted", &csv.body)]).await;
        preview.hides("name=\"digest\"");
        preview.shows(if language == "id" { "2 siswa tidak berubah" } else { "2 students stay the same" });
    }
}
