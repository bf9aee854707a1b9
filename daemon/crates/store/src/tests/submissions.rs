//! What students hand in, until when, and what teachers do with it.

use base::Code;
use base::clock::Timestamp;
use base::limits::SUBMISSION_FILES;
use base::score::Score;

use super::assignments::{draft, file};
use super::support::{Fixture, START};
use crate::{AssignmentDraft, LatePolicy, MemberState, NewUpload, Sha256, Standing, Store, closed};

const HOUR_MS: i64 = 60 * 60 * 1_000;

fn due(at: Timestamp, late: LatePolicy) -> AssignmentDraft {
    AssignmentDraft { due_at: Some(at), late, ..draft("Soal") }
}

fn names(standing: &Standing) -> Vec<&str> {
    standing.files.iter().map(|received| received.file.name.as_str()).collect()
}

#[tokio::test]
async fn a_later_text_takes_the_place_of_the_one_before_and_files_come_besides() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (assignment, teacher, budi) = fixture.assignment(draft("Soal")).await;
    let (id, now) = (assignment.id, store.now());
    assert!(store.standing(id, budi.id).await.expect("read").submission.is_none());
    let empty = store.hand_in(id, budi.id, None, Vec::new(), now).await.expect_err("nothing");
    assert_eq!(empty.code, Code::SubmissionEmpty);
    assert!(store.standing(id, budi.id).await.expect("read").submission.is_none(), "nothing stays of it");

    let photo = || file(1, "Halaman 1.jpg", budi.id);
    store.hand_in(id, budi.id, Some("x = 2".into()), vec![photo(), photo()], now).await.expect("taken");
    fixture.pass(HOUR_MS);
    let more = vec![file(2, "Halaman 2.jpg", budi.id), photo()];
    store.hand_in(id, budi.id, Some("x = 3".into()), more, store.now()).await.expect("taken");
    let standing = store.standing(id, budi.id).await.expect("read");
    assert_eq!(names(&standing), ["Halaman 1.jpg", "Halaman 2.jpg"], "the same file is taken once");
    let received: Vec<_> = standing.files.iter().map(|file| file.received_at).collect();
    assert_eq!(received, [now, now.plus(HOUR_MS)]);
    let submission = standing.submission.expect("there");
    assert_eq!(submission.text.as_deref(), Some("x = 3"));
    assert_eq!(submission.received_at, Some(now.plus(HOUR_MS)));

    let first = standing.files[0].file.id;
    assert_eq!(store.file_access(first, &teacher).await.expect("a teacher").name, "Halaman 1.jpg");
    assert!(store.file_access(first, &budi).await.is_ok());
    let ani = fixture.pupil(assignment.meeting, "Ani").await;
    assert_eq!(store.file_access(first, &ani).await.expect_err("another's").code, Code::NotFound);
    store.take_back_file(id, ani.id, first).await.expect("harmless");
    store.take_back_file(id, budi.id, first).await.expect("taken back");
    assert_eq!(store.forget_unused_contents().await.expect("read"), [(Sha256([1; 32]), 5)]);
    store.hand_in(id, budi.id, None, Vec::new(), store.now()).await.expect("a file is there");
    store.take_back_file(id, budi.id, standing.files[1].file.id).await.expect("taken back");
    let nothing = store.standing(id, budi.id).await.expect("read").submission.expect("a row");
    assert_eq!(nothing.received_at, None, "nothing is handed in any more");
}

#[tokio::test]
async fn after_its_time_work_is_late_or_refused_as_the_teacher_decided() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let at = START.plus(HOUR_MS);
    let (assignment, _, budi) = fixture.assignment(due(at, LatePolicy::Accept)).await;
    let id = assignment.id;
    let hand_in = |text: &str| store.hand_in(id, budi.id, Some(text.to_owned()), Vec::new(), store.now());
    fixture.pass(HOUR_MS);
    hand_in("pas").await.expect("in the last moment");
    let is_late = async || {
        let standing = store.standing(id, budi.id).await.expect("read");
        standing.submission.expect("there").is_late(&assignment)
    };
    assert!(!is_late().await);
    fixture.pass(1);
    hand_in("terlambat").await.expect("late");
    assert!(is_late().await);
    store.change_assignment(id, due(at, LatePolicy::Refuse)).await.expect("changed");
    assert_eq!(hand_in("lagi").await.expect_err("over").code, Code::SubmissionClosed);
    let begun = store.hand_in(id, budi.id, Some("dari tadi".into()), Vec::new(), at).await;
    begun.expect("a form that began to arrive in time is taken");
    store.reopen_submission(id, budi.id).await.expect("let in");
    hand_in("boleh").await.expect("as the teacher let it");
    store.grade(id, budi.id, Some(Score(9_000)), None).await.expect("graded");
    assert_eq!(hand_in("lagi").await.expect_err("graded").code, Code::SubmissionGraded);
    store.grade(id, budi.id, None, None).await.expect("taken back");
    assert_eq!(hand_in("lagi").await.expect_err("over").code, Code::SubmissionClosed);
}

#[tokio::test]
async fn an_upload_that_was_begun_in_time_is_taken_when_it_ends() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let at = START.plus(HOUR_MS);
    let (assignment, _, budi) = fixture.assignment(due(at, LatePolicy::Refuse)).await;
    let upload = || NewUpload {
        person: budi.id,
        meeting: assignment.meeting,
        assignment: Some(assignment.id),
        name: "Film.mp4".into(),
        size_bytes: 5,
    };
    let in_time = store.create_upload(upload()).await.expect("begun");
    fixture.pass(2 * HOUR_MS);
    let too_late = store.create_upload(upload()).await.expect("begun");
    let film = || file(1, "Film.mp4", budi.id);
    let refused = store.hand_in_upload(assignment.id, budi.id, film(), too_late.id).await;
    assert_eq!(refused.expect_err("over").code, Code::SubmissionClosed);
    store.hand_in_upload(assignment.id, budi.id, film(), in_time.id).await.expect("taken");
    let again = store.hand_in_upload(assignment.id, budi.id, film(), in_time.id).await;
    assert_eq!(again.expect_err("once").code, Code::UploadGone);
    let standing = store.standing(assignment.id, budi.id).await.expect("read");
    assert_eq!(names(&standing), ["Film.mp4"]);
    assert!(standing.submission.expect("there").is_late(&assignment), "and it is said when it came");
}

#[tokio::test]
async fn a_submission_has_no_more_files_than_somebody_looks_through() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (assignment, _, budi) = fixture.assignment(draft("Soal")).await;
    let files: Vec<_> = (0..=SUBMISSION_FILES).map(|at| file(1, &format!("{at}.jpg"), budi.id)).collect();
    let refused = store.hand_in(assignment.id, budi.id, None, files.clone(), store.now()).await;
    assert_eq!(refused.expect_err("one too many").code, Code::FilesTooMany);
    let all = files[..SUBMISSION_FILES].to_vec();
    store.hand_in(assignment.id, budi.id, None, all, store.now()).await.expect("as many as may be");
}

#[tokio::test]
async fn a_teacher_sees_who_is_missing_grades_and_gives_back() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (assignment, teacher, budi) = fixture.assignment(draft("Soal")).await;
    let id = assignment.id;
    let ani = fixture.pupil(assignment.meeting, "ani").await;
    let gone = fixture.pupil(assignment.meeting, "Citra").await;
    let never = fixture.pupil(assignment.meeting, "Dewi").await;
    let course = store.meeting(assignment.meeting).await.expect("read").expect("there").course.id;
    for person in [&budi, &gone] {
        let files = vec![file(1, "a.jpg", person.id)];
        store.hand_in(id, person.id, Some("x".into()), files, store.now()).await.expect("taken");
    }
    for person in [&gone, &never] {
        store.remove_member(course, person.id, teacher.id).await.expect("removed");
    }
    let pupils = store.pupils(course, id).await.expect("read");
    let seen: Vec<_> = pupils
        .iter()
        .map(|pupil| (pupil.name.as_str(), pupil.state, pupil.submission.is_some(), pupil.files))
        .collect();
    let (active, removed) = (MemberState::Active, MemberState::Removed);
    assert_eq!(
        seen,
        [("ani", active, false, 0), ("Budi", active, true, 1), ("Citra", removed, true, 1)],
        "by name, who is missing too, and who was removed while there is work of theirs"
    );
    store.grade(id, budi.id, Some(Score(8_750)), Some("Bagus".into())).await.expect("graded");
    store.grade(id, ani.id, Some(Score(0)), None).await.expect("who is missing has a score too");
    let listed = &store.assignments_of(assignment.meeting, budi.id).await.expect("read")[0];
    assert_eq!((listed.handed_in, listed.ungraded), (2, 1));
    let own = listed.own.as_ref().expect("there");
    assert_eq!((own.score, own.comment.as_deref()), (Some(Score(8_750)), Some("Bagus")));
    assert_eq!(own.returned_at, None);
    assert_eq!(store.return_graded(id).await.expect("returned"), 2);
    assert_eq!(store.return_graded(id).await.expect("again"), 0);
    store.grade(id, budi.id, Some(Score(9_000)), None).await.expect("changed");
    let own = store.standing(id, budi.id).await.expect("read").submission.expect("there");
    assert!(own.returned_at.is_some(), "what was returned stays returned");
    store.reopen_submission(id, budi.id).await.expect("reopened");
    let own = store.standing(id, budi.id).await.expect("read").submission.expect("there");
    assert_eq!((own.returned_at, own.score), (None, Some(Score(9_000))));
    assert_eq!(closed(&assignment, Some(&own), store.now()), None);
    let deleted = store.delete_person(budi.id).await.expect_err("work of theirs");
    assert_eq!(deleted.code, Code::PersonInUse);
}

#[tokio::test]
async fn what_came_under_a_clock_that_was_behind_has_come_when_it_came() {
    let behind = START.plus(-400 * 24 * HOUR_MS);
    let fixture = Fixture::at(behind);
    let store = &fixture.store;
    let (assignment, _, budi) = fixture.assignment(due(START, LatePolicy::Refuse)).await;
    fixture.pass(HOUR_MS);
    let photo = vec![file(1, "a.jpg", budi.id)];
    store.hand_in(assignment.id, budi.id, None, photo, store.now()).await.expect("the box knew no better");
    fixture.pass(HOUR_MS);
    fixture.clock.jump(START.plus(5 * HOUR_MS));
    let standing = store.standing(assignment.id, budi.id).await.expect("read");
    let received = Some(START.plus(4 * HOUR_MS));
    assert_eq!(Some(standing.files[0].received_at), received);
    let submission = standing.submission.expect("there");
    assert_eq!(submission.received_at, received);
    assert!(submission.is_late(&assignment));

    store.close().await.expect("closed");
    let store = Store::open(fixture.path(), fixture.clock.clone()).expect("opened again");
    fixture.clock.jump(START.plus(900 * HOUR_MS));
    let standing = store.standing(assignment.id, budi.id).await.expect("read");
    assert_eq!(standing.submission.expect("there").received_at, received, "of an earlier start: it stays");
}
