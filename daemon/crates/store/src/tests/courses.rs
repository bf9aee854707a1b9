//! Courses, their members and meetings.

use base::Code;
use base::clock::Monotonic;
use base::id::{CourseId, MeetingId, ParticipantId, PersonId};
use base::random::SeededRandom;
use base::secret::TokenHash;

use super::support::{Fixture, session};
use crate::{
    CourseRole, GuestPolicy, Lobby, Matter, MemberState, Membership, NewCourse, NewMaterial, NewMatter,
    PersonKind, PresenceChange,
};

const STUDENT: Membership = Membership { role: CourseRole::Student, state: MemberState::Active };

#[tokio::test]
async fn a_course_is_found_by_its_join_code_however_it_is_typed() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    assert_eq!(course.join_code.len(), 6);
    let typed = format!(" {}-{} ", course.join_code[..3].to_lowercase(), &course.join_code[3..]);
    let found = fixture.store.course_by_join_code(&typed).await.expect("read");
    assert_eq!(found, Some(course.clone()));
    assert_eq!(fixture.store.course_by_join_code("").await.expect("read"), None);
    assert_eq!(fixture.store.course(course.id).await.expect("read"), Some(course.clone()));
    assert_eq!(fixture.store.courses_of(teacher.id).await.expect("read"), [course]);
}

#[tokio::test]
async fn a_join_code_that_is_taken_is_drawn_again() {
    let fixture = Fixture::new();
    let (teacher, first) = fixture.course().await;
    // The same seed draws the first course's code first.
    let second =
        fixture.store.create_course("IPA 7A", teacher.id, &mut SeededRandom(7)).await.expect("another code");
    assert_ne!(first.join_code, second.join_code);
    let renewed = fixture.store.renew_join_code(first.id, &mut SeededRandom(7)).await.expect("renewed");
    assert!(renewed == first.join_code || renewed != second.join_code);
    let nowhere = fixture.store.renew_join_code(CourseId(99), &mut SeededRandom(8)).await;
    assert_eq!(nowhere.expect_err("no such course").code, Code::NotFound);
}

#[tokio::test]
async fn renewing_the_join_code_shuts_the_old_one() {
    let fixture = Fixture::new();
    let (_, course) = fixture.course().await;
    let renewed = fixture.store.renew_join_code(course.id, &mut SeededRandom(8)).await.expect("renewed");
    assert_eq!(fixture.store.course_by_join_code(&course.join_code).await.expect("read"), None);
    let found = fixture.store.course_by_join_code(&renewed).await.expect("read").expect("found");
    assert_eq!(found.id, course.id);
}

#[tokio::test]
async fn a_course_of_nobody_is_not_made() {
    let fixture = Fixture::new();
    let refused = fixture.store.create_course("IPA", PersonId(99), &mut SeededRandom(7)).await;
    assert_eq!(refused.expect_err("no such teacher").code, Code::NotFound);
    assert_eq!(fixture.store.course(CourseId(1)).await.expect("read"), None);
}

#[tokio::test]
async fn the_guest_policy_decides_what_newcomers_are() {
    let fixture = Fixture::new();
    let (_, course) = fixture.course().await;
    let welcomed = fixture.store.join_course(course.id, "Budi", session("1")).await.expect("welcome");
    assert_eq!((welcomed.role, welcomed.person.kind), (CourseRole::Student, PersonKind::Student));
    let found = fixture.store.session(TokenHash::of("1")).await.expect("read");
    assert_eq!(found, Some((welcomed.session, welcomed.person)));

    fixture.store.set_guest_policy(course.id, GuestPolicy::Ask).await.expect("set");
    let asked = fixture.store.join_course(course.id, "Ani", session("2")).await.expect("ask");
    assert_eq!((asked.role, asked.person.kind), (CourseRole::Guest, PersonKind::Guest));

    fixture.store.set_guest_policy(course.id, GuestPolicy::Refuse).await.expect("set");
    let refused = fixture.store.join_course(course.id, "Cici", session("3")).await;
    assert_eq!(refused.expect_err("refused").code, Code::GuestsRefused);
    assert_eq!(fixture.store.members(course.id).await.expect("read").len(), 3);
    assert_eq!(fixture.store.person(PersonId(4)).await.expect("read"), None, "nobody was made");

    let nowhere = fixture.store.join_course(CourseId(99), "Dodi", session("4")).await;
    assert_eq!(nowhere.expect_err("no such course").code, Code::NotFound);
    let nowhere = fixture.store.set_guest_policy(CourseId(99), GuestPolicy::Ask).await;
    assert_eq!(nowhere.expect_err("no such course").code, Code::NotFound);
}

#[tokio::test]
async fn joining_is_all_or_nothing() {
    let fixture = Fixture::new();
    let (_, course) = fixture.course().await;
    fixture.store.join_course(course.id, "Budi", session("same")).await.expect("joined");
    let failed = fixture.store.join_course(course.id, "Ani", session("same")).await;
    assert_eq!(failed.expect_err("a token twice").code, Code::Internal);
    let names: Vec<_> =
        fixture.store.members(course.id).await.expect("read").into_iter().map(|m| m.person.name).collect();
    assert_eq!(names, ["Bu Sari", "Budi"]);
    assert_eq!(fixture.store.person(PersonId(3)).await.expect("read"), None, "nobody was left over");
}

#[tokio::test]
async fn a_signed_in_person_joins_once_and_as_who_they_are() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    let technician = fixture.person(PersonKind::Technician, "Pak Edi").await;
    let student = fixture.person(PersonKind::Student, "Budi").await;
    let join = |person| fixture.store.join_course_as(course.id, person);
    assert_eq!(join(student.id).await.expect("joined"), STUDENT);
    assert_eq!(join(student.id).await.expect("again is harmless"), STUDENT);
    assert_eq!(join(technician.id).await.expect("joined").role, CourseRole::Teacher);
    assert_eq!(join(teacher.id).await.expect("is one").role, CourseRole::Teacher);
    assert_eq!(join(PersonId(99)).await.expect_err("nobody").code, Code::NotFound);
    fixture.store.set_guest_policy(course.id, GuestPolicy::Refuse).await.expect("set");
    let stranger = fixture.person(PersonKind::Teacher, "Bu Rini").await;
    assert_eq!(join(stranger.id).await.expect_err("refused").code, Code::GuestsRefused);
    assert_eq!(join(student.id).await.expect("members stay"), STUDENT);
    let nowhere = fixture.store.join_course_as(CourseId(99), student.id).await;
    assert_eq!(nowhere.expect_err("no such course").code, Code::NotFound);
}

#[tokio::test]
async fn an_admitted_guest_is_a_student_everywhere() {
    let fixture = Fixture::new();
    let (_, course) = fixture.course().await;
    fixture.store.set_guest_policy(course.id, GuestPolicy::Ask).await.expect("set");
    let guest = fixture.store.join_course(course.id, "Ani", session("1")).await.expect("joined").person;
    fixture.store.admit_member(course.id, guest.id).await.expect("admitted");
    fixture.store.admit_member(course.id, guest.id).await.expect("again is harmless");
    let membership = fixture.store.membership(course.id, guest.id).await.expect("read");
    assert_eq!(membership, Some(STUDENT));
    let person = fixture.store.person(guest.id).await.expect("read").expect("found");
    assert_eq!(person.kind, PersonKind::Student);
    let nobody = fixture.store.admit_member(course.id, PersonId(99)).await;
    assert_eq!(nobody.expect_err("no member").code, Code::NotFound);
}

#[tokio::test]
async fn a_removed_member_stays_out_and_stays_listed() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    let budi = fixture.store.join_course(course.id, "Budi", session("1")).await.expect("joined").person;
    fixture.store.remove_member(course.id, budi.id, teacher.id).await.expect("removed");
    fixture.store.remove_member(course.id, budi.id, teacher.id).await.expect("again is harmless");
    let removed = Membership { role: CourseRole::Student, state: MemberState::Removed };
    assert_eq!(fixture.store.membership(course.id, budi.id).await.expect("read"), Some(removed));
    assert_eq!(fixture.store.members(course.id).await.expect("read")[1].membership, removed);
    assert_eq!(fixture.store.courses_of(budi.id).await.expect("read"), []);
    let back = fixture.store.join_course_as(course.id, budi.id).await;
    assert_eq!(back.expect_err("removed").code, Code::MemberRemoved);
    let admitted = fixture.store.admit_member(course.id, budi.id).await;
    assert_eq!(admitted.expect_err("removed").code, Code::NotFound);
    assert!(fixture.store.session(TokenHash::of("1")).await.expect("read").is_some());
}

#[tokio::test]
async fn a_teacher_cannot_be_removed_and_a_stranger_is_not_found() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    let refused = fixture.store.remove_member(course.id, teacher.id, teacher.id).await;
    assert_eq!(refused.expect_err("a teacher").code, Code::NotAllowed);
    let stranger = fixture.store.remove_member(course.id, PersonId(99), teacher.id).await;
    assert_eq!(stranger.expect_err("no member").code, Code::NotFound);
    assert_eq!(fixture.store.membership(course.id, PersonId(99)).await.expect("read"), None);
}

#[tokio::test]
async fn a_meeting_knows_its_course_and_its_lobby() {
    let fixture = Fixture::new();
    let (_, course) = fixture.course().await;
    let meeting = fixture.store.create_meeting(course.id, "Pecahan").await.expect("made");
    assert_eq!((meeting.course.id, meeting.course.title.as_str()), (course.id, "Matematika 7A"));
    assert_eq!(meeting.lobby, Lobby::Guests);
    fixture.store.set_lobby(meeting.id, Lobby::Everyone).await.expect("set");
    let read = fixture.store.meeting(meeting.id).await.expect("read").expect("found");
    assert_eq!((read.lobby, read.title.as_str()), (Lobby::Everyone, "Pecahan"));
    let second = fixture.store.create_meeting(course.id, "Desimal").await.expect("made");
    let ids = [meeting.id, second.id];
    assert_eq!(fixture.store.meeting_ids_of(course.id).await.expect("read"), ids);
    let meetings = fixture.store.meetings_of(course.id).await.expect("read");
    assert_eq!(meetings, [read, second]);
    assert_eq!(fixture.store.meeting(MeetingId(99)).await.expect("read"), None);
    let nowhere = fixture.store.create_meeting(CourseId(99), "Pecahan").await;
    assert_eq!(nowhere.expect_err("no such course").code, Code::NotFound);
    let nowhere = fixture.store.set_lobby(MeetingId(99), Lobby::Off).await;
    assert_eq!(nowhere.expect_err("no such meeting").code, Code::NotFound);
}

#[tokio::test]
async fn a_setting_is_kept_and_replaced() {
    let fixture = Fixture::new();
    assert_eq!(fixture.store.setting("language").await.expect("read"), None);
    fixture.store.set_setting("language", "id").await.expect("set");
    fixture.store.set_setting("language", "en").await.expect("set");
    assert_eq!(fixture.store.setting("language").await.expect("read").as_deref(), Some("en"));
}

#[tokio::test]
async fn a_copy_takes_what_was_prepared_and_leaves_what_was_done() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    let store = &fixture.store;
    let meeting = store.create_meeting(course.id, "Gerak").await.expect("a meeting").id;
    let text = NewMaterial { title: None, matter: NewMatter::Text("# Rumus".into()) };
    store.add_material(meeting, text, None).await.expect("a material");
    let student = fixture.person(PersonKind::Student, "Siti").await;
    store.join_course_as(course.id, student.id).await.expect("welcome");
    let new = NewCourse { title: "Matematika 7B".into(), term: Some("2027".into()) };
    let copy = store.copy_course(course.id, new, teacher.id, &mut SeededRandom(9)).await.expect("a copy");
    assert_ne!(copy.join_code, course.join_code);
    assert_eq!(copy.term.as_deref(), Some("2027"));
    let copied = store.meetings_of(copy.id).await.expect("meetings");
    assert_eq!(copied.len(), 1);
    assert_eq!((copied[0].title.as_str(), copied[0].published_at), ("Gerak", None));
    let materials = store.materials_of(copied[0].id).await.expect("materials");
    assert!(matches!(&materials[0].matter, Matter::Text(text) if text == "# Rumus"));
    let members = store.members(copy.id).await.expect("members");
    assert_eq!(members.iter().map(|member| member.person.id).collect::<Vec<_>>(), [teacher.id]);
    let nowhere = NewCourse { title: "Tidak ada".into(), term: None };
    let nowhere = store.copy_course(CourseId(99), nowhere, teacher.id, &mut SeededRandom(9)).await;
    assert_eq!(nowhere.expect_err("no such course").code, Code::NotFound);
}

#[tokio::test]
async fn a_meeting_in_which_students_were_is_not_deleted_and_the_places_stay_without_a_gap() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    let store = &fixture.store;
    let mut ids = Vec::new();
    for title in ["Satu", "Dua", "Tiga"] {
        ids.push(store.create_meeting(course.id, title).await.expect("a meeting").id);
    }
    let enters = |person: PersonId, participant: &str| PresenceChange::Entered {
        meeting: ids[0],
        participant: ParticipantId(participant.into()),
        person,
        at: Monotonic(0),
    };
    store.record_presence(vec![enters(teacher.id, "guru")]).await.expect("recorded");
    assert!(!store.meeting_has_work(ids[0]).await.expect("read"), "a teacher who tried the room");
    let student = fixture.person(PersonKind::Student, "Siti").await;
    store.record_presence(vec![enters(student.id, "siti")]).await.expect("recorded");
    let refused = store.delete_meeting(ids[0]).await;
    assert_eq!(refused.expect_err("attendance").code, Code::MeetingInUse);
    store.delete_meeting(ids[1]).await.expect("deleted");
    assert_eq!(store.move_meeting(ids[2], 99).await.expect("moved"), 2);
    let copy = store.copy_meeting(ids[0], "Salinan").await.expect("copied");
    assert_eq!(copy.position, 2);
    let left = store.meetings_of(course.id).await.expect("meetings").into_iter();
    let left: Vec<_> = left.map(|meeting| (meeting.position, meeting.title)).collect();
    assert_eq!(left, [(1, "Satu".into()), (2, "Salinan".into()), (3, "Tiga".into())]);
}

#[tokio::test]
async fn nobody_comes_into_a_course_that_was_put_away() {
    let fixture = Fixture::new();
    let (_, course) = fixture.course().await;
    let student = fixture.person(PersonKind::Student, "Siti").await;
    fixture.store.archive_course(course.id).await.expect("put away");
    let refused = fixture.store.join_course_as(course.id, student.id).await;
    assert_eq!(refused.expect_err("put away").code, Code::CourseArchived);
    fixture.store.restore_course(course.id).await.expect("in use");
    fixture.store.join_course_as(course.id, student.id).await.expect("welcome");
}
