//! Attendance: what teachers mark, what students see, and what the school takes along.

use base::clock::Clock as _;
use base::id::ParticipantId;
use store::{CourseRole, Meeting, PresenceChange, PresenceEnding};

use super::*;

/// A meeting with a teacher and two students, held for an hour; Siti was there from the 15th minute on.
struct Held {
    course: Course,
    meeting: Meeting,
    teacher: Person,
    siti: Person,
    budi: Person,
}

async fn joined(school: &School, course: &Course, name: &str) -> Person {
    let person = school.person(PersonKind::Student, name).await;
    school.store.join_course_as(course.id, person.id).await.expect("joined");
    person
}

async fn held(school: &School) -> Held {
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let meeting = school.store.create_meeting(course.id, "=Gaya").await.expect("made");
    let (siti, budi) = (joined(school, &course, "Siti").await, joined(school, &course, "Budi <b>").await);
    let enters = |page: &str, person: &Person| PresenceChange::Entered {
        meeting: meeting.id,
        participant: ParticipantId(page.into()),
        person: person.id,
        at: school.clock.monotonic(),
    };
    let leaves = |page: &str| PresenceChange::Departed {
        meeting: meeting.id,
        participant: ParticipantId(page.into()),
        at: school.clock.monotonic(),
        ending: PresenceEnding::Left,
    };
    let mut changes = vec![enters("teacher", &teacher)];
    school.clock.advance(15 * 60_000);
    changes.push(enters("siti", &siti));
    school.clock.advance(45 * 60_000);
    changes.extend([leaves("siti"), leaves("teacher")]);
    school.store.record_presence(changes).await.expect("written");
    Held { course, meeting, teacher, siti, budi }
}

fn mark(person: &Person) -> String {
    format!("mark-{}", person.id)
}

fn seen(person: &Person) -> String {
    format!("seen-{}", person.id)
}

#[tokio::test]
async fn a_teacher_corrects_what_the_room_proposes() {
    let school = School::open();
    let Held { course, meeting, teacher, siti, budi } = held(&school).await;
    let path = format!("/meetings/{}/attendance", meeting.id);
    let mut browser = school.signed_in(&teacher).await;
    browser.get(&format!("/meetings/{}", meeting.id)).await.shows("Terlambat 1 · Alpa 1");
    let page = browser.get(&path).await;
    page.shows("45 menit");
    page.shows("Usulan dari catatan ruang");
    page.shows("Budi &#60;b&#62;");
    page.shows(&format!("name=\"{}\" value=\"late\" checked", mark(&siti)));
    page.shows(&format!("name=\"{}\" value=\"/absent\"", seen(&budi)));

    let fields =
        [(seen(&siti), "/late"), (mark(&siti), "late"), (seen(&budi), "/absent"), (mark(&budi), "sick")];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let answer = browser.post(&path, &fields).await;
    assert_eq!(answer.location(), format!("{path}?notice=attendance.saved"));
    let page = browser.get(&path).await;
    page.shows("Ditandai Sakit oleh Bu Sari");
    page.shows(&format!("name=\"{}\" value=\"/late\"", seen(&siti)));

    let own = school.signed_in(&siti).await.get(&format!("/courses/{}/attendance", course.id)).await;
    own.shows("Terlambat 1");
    own.shows("Menurut catatan ruang");
    own.hides("Budi");
    own.hides("Sakit");
    school.signed_in(&budi).await.get(&format!("/meetings/{}", meeting.id)).await.shows("<p>Sakit</p>");
}

#[tokio::test]
async fn what_a_colleague_has_marked_meanwhile_is_told_and_not_lost() {
    let school = School::open();
    let Held { course, meeting, teacher, siti, budi } = held(&school).await;
    let colleague = school.person(PersonKind::Teacher, "Pak Edi").await;
    school.store.add_teacher(course.id, colleague.id).await.expect("added");
    let path = format!("/meetings/{}/attendance", meeting.id);
    let (mut first, mut second) = (school.signed_in(&teacher).await, school.signed_in(&colleague).await);
    first.get(&path).await;
    second.get(&path).await;
    first.post(&path, &[(&seen(&budi), "/absent"), (&mark(&budi), "sick")]).await;

    let fields = [
        (seen(&budi), "/absent"),
        (mark(&budi), "excused"),
        (seen(&siti), "/late"),
        (mark(&siti), "present"),
    ];
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let answer = second.post(&path, &fields).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("Guru lain sudah menandai 1 siswa");
    answer.shows("Ditandai Sakit oleh Bu Sari");
    answer.shows("Ditandai Hadir oleh Pak Edi");
    answer.shows(&format!("name=\"{}\" value=\"excused\" checked", mark(&budi)));
    answer.shows(&format!("name=\"{}\" value=\"sick/sick\"", seen(&budi)));
    let answer = second.post(&path, &[(&seen(&budi), "sick/sick"), (&mark(&budi), "excused")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    first.get(&path).await.shows("Ditandai Izin oleh Pak Edi");
}

#[tokio::test]
async fn a_lesson_without_the_room_is_marked_by_hand_from_everybody_present() {
    let school = School::open();
    let Held { course, teacher, budi, siti, .. } = held(&school).await;
    let meeting = school.store.create_meeting(course.id, "Di lapangan").await.expect("made");
    let path = format!("/meetings/{}/attendance", meeting.id);
    let mut browser = school.signed_in(&teacher).await;
    let page = browser.get(&path).await;
    page.shows("Belum ada yang masuk ke ruang pertemuan ini.");
    page.shows(&format!("name=\"{}\" value=\"\" checked", mark(&budi)));
    let page = browser.get(&format!("{path}?all=present")).await;
    page.shows("sebelum disimpan tidak ada yang berubah");
    page.shows(&format!("name=\"{}\" value=\"present\" checked", mark(&budi)));
    page.shows(&format!("name=\"{}\" value=\"/\"", seen(&budi)));
    browser.post(&path, &[(&seen(&budi), "/"), (&mark(&budi), "present")]).await;
    browser.get(&path).await.shows("Hadir 1 · Belum ditandai 1");
    browser.post(&path, &[(&seen(&budi), "present/present"), (&mark(&budi), "")]).await;
    browser.get(&path).await.shows("Belum ditandai 2");

    let bad = [("seen-x", "/"), ("seen-1", "present"), ("seen-1", "/ada")];
    for (name, value) in bad {
        let answer = browser.post(&path, &[(name, value)]).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{name}={value}");
        browser.get(&path).await;
    }
    let other = [(seen(&teacher), "/"), (mark(&teacher), "present")];
    let other: Vec<_> = other.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    assert_eq!(browser.post(&path, &other).await.status, StatusCode::NOT_FOUND, "no student");

    school.store.archive_course(course.id).await.expect("archived");
    browser.get(&path).await.hides("type=\"radio\"");
    let answer = browser.post(&path, &[(&seen(&siti), "/"), (&mark(&siti), "present")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_month_of_the_class_is_a_table_and_a_file_in_which_nothing_runs() {
    let school = School::open();
    let Held { course, meeting, teacher, .. } = held(&school).await;
    let path = format!("/courses/{}/attendance", course.id);
    let mut browser = school.signed_in(&teacher).await;
    let page = browser.get(&path).await;
    page.shows("November 2026");
    page.shows(&format!("href=\"/meetings/{}/attendance\"", meeting.id));
    page.shows("<span aria-hidden=\"true\">T</span>");
    browser.get(&format!("{path}?month=2020-01")).await.shows("November 2026");
    let file = browser.get(&format!("{path}.csv?month=2026-11")).await;
    assert_eq!(file.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let expected = "\u{feff}Nama;NIS;Kelas;2026-11-24 =Gaya;Hadir (H);Terlambat (T);Izin (I);Sakit (S);Alpa (A)\r\n\
        Budi <b>;;;A;0;0;0;0;1\r\nSiti;;;T;0;1;0;0;0\r\n";
    assert_eq!(file.body, expected);
    let saved = file.headers[header::CONTENT_DISPOSITION].to_str().expect("plain");
    assert!(saved.contains("filename=\"Kehadiran Fisika 2026-11.csv\""), "{saved}");
}

#[tokio::test]
async fn without_meetings_or_students_the_pages_say_what_to_do() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let meeting = school.store.create_meeting(course.id, "Gaya").await.expect("made");
    let mut browser = school.signed_in(&teacher).await;
    browser.get(&format!("/courses/{}/attendance", course.id)).await.shows("Kehadiran tercatat sendiri");
    browser.get(&format!("/meetings/{}/attendance", meeting.id)).await.shows("/members/add");
    browser.get(&format!("/meetings/{}", meeting.id)).await.shows("Belum ada siswa di kelas ini.");
    let siti = joined(&school, &course, "Siti").await;
    let membership = school.store.membership(course.id, siti.id).await.expect("read").expect("joined");
    assert_eq!(membership.role, CourseRole::Student);
    let mut browser = school.signed_in(&siti).await;
    browser.get(&format!("/courses/{}/attendance", course.id)).await.shows("setelah pertemuan pertama");
    browser.get(&format!("/meetings/{}", meeting.id)).await.hides("Kehadiran Anda");
    let refused = browser.get(&format!("/meetings/{}/attendance", meeting.id)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}
