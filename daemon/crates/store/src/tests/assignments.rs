//! Assignments: what a teacher says about them, who sees them, their files.

use base::Code;
use base::id::{AssignmentId, FileId, MeetingId, PersonId};
use base::limits::{ASSIGNMENT_FILES, ASSIGNMENTS_PER_MEETING};
use base::score::Score;

use super::support::{Fixture, session};
use crate::{
    Assignment, AssignmentDraft, GuestPolicy, LatePolicy, NewFile, NewUpload, Person, PersonKind, Sha256,
    Visibility,
};

pub(super) fn draft(title: &str) -> AssignmentDraft {
    AssignmentDraft { title: title.into(), text: None, due_at: None, late: LatePolicy::Accept, points: 100 }
}

pub(super) fn file(content: u8, name: &str, person: PersonId) -> NewFile {
    NewFile {
        sha256: Sha256([content; 32]),
        size_bytes: 5,
        name: name.into(),
        media_type: "image/jpeg",
        person,
    }
}

impl Fixture {
    /// A published assignment, its teacher, and a student of the course.
    pub(super) async fn assignment(&self, draft: AssignmentDraft) -> (Assignment, Person, Person) {
        let (teacher, meeting) = self.meeting().await;
        let made = self.store.create_assignment(meeting, draft).await.expect("made");
        self.store.show_assignment(made.id, Visibility::Published).await.expect("shown");
        let assignment = self.store.assignment_access(made.id, &teacher).await.expect("there").assignment;
        (assignment, teacher, self.pupil(meeting, "Budi").await)
    }

    /// A student who joins the meeting's course.
    pub(super) async fn pupil(&self, meeting: MeetingId, name: &str) -> Person {
        let course = self.store.meeting(meeting).await.expect("read").expect("there").course.id;
        self.store.join_course(course, name, session(name)).await.expect("joined").person
    }
}

#[tokio::test]
async fn a_draft_exists_for_teachers_alone_and_what_is_hidden_is_a_draft_again() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (assignment, teacher, budi) = fixture.assignment(draft("Soal")).await;
    let stranger = fixture.person(PersonKind::Student, "Ani").await;
    let technician = fixture.person(PersonKind::Technician, "Pak Edi").await;
    assert!(store.assignment_access(assignment.id, &technician).await.expect("seen").teaches());
    let seen = store.assignment_access(assignment.id, &budi).await.expect("seen");
    assert!(seen.clone().changed_by_teacher().is_err() && seen.handed_in_by_student().is_ok());
    let refused = store.assignment_access(assignment.id, &stranger).await.expect_err("no member");
    assert_eq!(refused.code, Code::NotFound);
    store.show_assignment(assignment.id, Visibility::Draft).await.expect("hidden");
    assert_eq!(store.assignment_access(assignment.id, &budi).await.expect_err("draft").code, Code::NotFound);
    let seen = store.assignment_access(assignment.id, &teacher).await.expect("seen");
    assert_eq!(seen.clone().handed_in_by_student().expect_err("no student").code, Code::NotAllowed);
    store.show_assignment(assignment.id, Visibility::Published).await.expect("shown");
    store.set_visibility(assignment.meeting, Visibility::Draft).await.expect("hidden");
    assert_eq!(
        store.assignment_access(assignment.id, &budi).await.expect_err("its meeting").code,
        Code::NotFound
    );
}

#[tokio::test]
async fn a_guest_reads_and_hands_in_nothing() {
    let fixture = Fixture::new();
    let (assignment, teacher, _) = fixture.assignment(draft("Soal")).await;
    let course = fixture.store.assignment_access(assignment.id, &teacher).await.expect("seen").meeting.course;
    fixture.store.set_guest_policy(course.id, GuestPolicy::Ask).await.expect("set");
    let guest = fixture.pupil(assignment.meeting, "Tamu").await;
    let seen = fixture.store.assignment_access(assignment.id, &guest).await.expect("seen");
    assert_eq!(seen.handed_in_by_student().expect_err("a guest").code, Code::NotAllowed);
}

#[tokio::test]
async fn assignments_are_bounded_changed_and_deleted_while_nobody_has_work_in_them() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (assignment, teacher, budi) = fixture.assignment(draft("Soal")).await;
    for _ in 1..ASSIGNMENTS_PER_MEETING {
        store.create_assignment(assignment.meeting, draft("Lagi")).await.expect("made");
    }
    let refused = store.create_assignment(assignment.meeting, draft("Lebih")).await.expect_err("too many");
    assert_eq!(refused.code, Code::AssignmentsTooMany);
    let nowhere = store.create_assignment(MeetingId(99), draft("Soal")).await.expect_err("no meeting");
    assert_eq!(nowhere.code, Code::NotFound);
    store.grade(assignment.id, budi.id, Some(Score(8_000)), None).await.expect("graded");
    let refused = store.delete_assignment(assignment.id).await.expect_err("in use");
    assert_eq!(refused.code, Code::AssignmentInUse);
    let fewer = AssignmentDraft { points: 79, ..draft("Soal") };
    let refused = store.change_assignment(assignment.id, fewer).await.expect_err("a higher score");
    assert_eq!(refused.code, Code::ScoreInvalid);
    let changed = AssignmentDraft { points: 80, text: Some("Baca".into()), ..draft("Esai") };
    store.change_assignment(assignment.id, changed.clone()).await.expect("changed");
    let found = store.assignment_access(assignment.id, &teacher).await.expect("seen").assignment;
    assert_eq!(found.draft, changed);
    store.grade(assignment.id, budi.id, None, None).await.expect("taken back");
    store.delete_assignment(assignment.id).await.expect("deleted");
    store.delete_assignment(assignment.id).await.expect("harmless");
    let listed = store.assignments_of(assignment.meeting, teacher.id).await.expect("read");
    assert_eq!(listed.len(), ASSIGNMENTS_PER_MEETING - 1);
    let gone = store.show_assignment(assignment.id, Visibility::Draft).await.expect_err("gone");
    assert_eq!(gone.code, Code::NotFound);
}

#[tokio::test]
async fn files_of_an_assignment_are_bounded_and_go_with_it() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (assignment, teacher, budi) = fixture.assignment(draft("Soal")).await;
    let upload = NewUpload {
        person: teacher.id,
        meeting: assignment.meeting,
        assignment: Some(assignment.id),
        name: "a".into(),
        size_bytes: 5,
    };
    let upload = store.create_upload(upload).await.expect("begun");
    let new = file(1, "Soal.pdf", teacher.id);
    store.add_assignment_files(assignment.id, vec![new.clone()], Some(upload.id)).await.expect("added");
    let again = store.add_assignment_files(assignment.id, vec![new.clone()], Some(upload.id)).await;
    assert_eq!(again.expect_err("once").code, Code::UploadGone);
    let held = store.assignment_files(assignment.id).await.expect("read");
    let found = store.upload(upload.id).await.expect("read").expect("there");
    assert!(found.is_complete());
    assert_eq!(found.file, Some(held[0].id));
    assert_eq!(store.file_access(held[0].id, &budi).await.expect("seen"), held[0]);
    let more = vec![new; ASSIGNMENT_FILES];
    let refused = store.add_assignment_files(assignment.id, more, None).await.expect_err("too many");
    assert_eq!(refused.code, Code::FilesTooMany);
    assert_eq!(store.assignment_files(assignment.id).await.expect("read").len(), 1);
    store.remove_assignment_file(AssignmentId(99), held[0].id).await.expect("of another: harmless");
    assert_eq!(store.forget_unused_contents().await.expect("read"), []);
    store.delete_assignment(assignment.id).await.expect("deleted");
    assert_eq!(store.forget_unused_contents().await.expect("read"), [(Sha256([1; 32]), 5)]);
    assert_eq!(store.file_access(held[0].id, &teacher).await.expect_err("gone").code, Code::NotFound);
    assert_eq!(store.file_access(FileId(99), &teacher).await.expect_err("none").code, Code::NotFound);
}

#[tokio::test]
async fn a_copied_meeting_has_the_assignments_and_not_the_work() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let due = AssignmentDraft { due_at: Some(store.now()), ..draft("Soal") };
    let (assignment, teacher, budi) = fixture.assignment(due).await;
    let meeting = assignment.meeting;
    store
        .add_assignment_files(assignment.id, vec![file(1, "Soal.jpg", teacher.id)], None)
        .await
        .expect("a file");
    assert!(!store.meeting_has_work(meeting).await.expect("read"));
    store
        .hand_in(assignment.id, budi.id, Some("x = 2".into()), Vec::new(), store.now())
        .await
        .expect("taken");
    assert_eq!(store.delete_meeting(meeting).await.expect_err("work").code, Code::MeetingInUse);

    let copy = store.copy_meeting(meeting, "Salinan").await.expect("copied");
    let copied = store.assignments_of(copy.id, teacher.id).await.expect("read");
    assert_eq!(copied.len(), 1);
    let made = &copied[0].assignment;
    assert_eq!((made.draft.title.as_str(), made.draft.due_at, made.published_at), ("Soal", None, None));
    assert_eq!(copied[0].handed_in, 0);
    assert_eq!(store.assignment_files(made.id).await.expect("read")[0].name, "Soal.jpg");
    store.delete_meeting(copy.id).await.expect("nobody has worked on it");
    assert_eq!(store.assignment_files(assignment.id).await.expect("read").len(), 1, "the original's stays");
}
