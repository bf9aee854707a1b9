//! Who may see and decide what.

use base::Code;
use base::id::{CourseId, MeetingId};

use super::support::Fixture;
use crate::{CourseRole, GuestPolicy, MeetingDraft, Person, PersonKind, Visibility};

/// A course with one of everybody.
struct Class {
    fixture: Fixture,
    course: CourseId,
    published: MeetingId,
    draft: MeetingId,
    teacher: Person,
    technician: Person,
    student: Person,
    guest: Person,
    removed: Person,
    stranger: Person,
}

impl Class {
    async fn new() -> Self {
        let fixture = Fixture::new();
        let (teacher, course) = fixture.course().await;
        let store = &fixture.store;
        let draft = MeetingDraft { title: "Desimal".into(), starts_at: None };
        let published = store.create_meeting(course.id, "Pecahan").await.expect("made").id;
        let draft = store.add_meeting(course.id, draft, Visibility::Draft).await.expect("made").id;
        let technician = fixture.person(PersonKind::Technician, "Pak Edi").await;
        let stranger = fixture.person(PersonKind::Teacher, "Bu Rini").await;
        let student = fixture.person(PersonKind::Student, "Budi").await;
        let removed = fixture.person(PersonKind::Student, "Cici").await;
        for person in [&student, &removed] {
            store.join_course_as(course.id, person.id).await.expect("joined");
        }
        store.remove_member(course.id, removed.id, teacher.id).await.expect("removed");
        store.set_guest_policy(course.id, GuestPolicy::Ask).await.expect("set");
        let guest = fixture.person(PersonKind::Guest, "Ani").await;
        store.join_course_as(course.id, guest.id).await.expect("joined");
        let course = course.id;
        Self { fixture, course, published, draft, teacher, technician, student, guest, removed, stranger }
    }

    async fn course(&self, person: &Person) -> Result<CourseRole, Code> {
        let access = self.fixture.store.course_access(self.course, person).await;
        access.map(|access| access.role).map_err(|error| error.code)
    }

    async fn meeting(&self, meeting: MeetingId, person: &Person) -> Result<CourseRole, Code> {
        let access = self.fixture.store.meeting_access(meeting, person).await;
        access.map(|access| access.role).map_err(|error| error.code)
    }
}

#[tokio::test]
async fn a_course_exists_for_its_members_and_a_draft_for_its_teachers() {
    let class = Class::new().await;
    let (teacher, missing) = (Ok(CourseRole::Teacher), Err(Code::NotFound));
    let cases = [
        (&class.teacher, teacher, teacher),
        (&class.technician, teacher, teacher),
        (&class.student, Ok(CourseRole::Student), missing),
        (&class.guest, Ok(CourseRole::Guest), missing),
        (&class.removed, Err(Code::MemberRemoved), Err(Code::MemberRemoved)),
        (&class.stranger, missing, missing),
    ];
    for (person, seen, draft) in cases {
        assert_eq!(class.course(person).await, seen, "{}", person.name);
        assert_eq!(class.meeting(class.published, person).await, seen, "{}", person.name);
        assert_eq!(class.meeting(class.draft, person).await, draft, "{}", person.name);
    }
    for person in [&class.teacher, &class.technician] {
        let nowhere = class.fixture.store.course_access(CourseId(99), person).await;
        assert_eq!(nowhere.expect_err("no such course").code, Code::NotFound);
        assert_eq!(class.meeting(MeetingId(99), person).await, missing);
    }
}

#[tokio::test]
async fn only_teachers_decide() {
    let class = Class::new().await;
    let store = &class.fixture.store;
    for (person, allowed) in [(&class.teacher, true), (&class.student, false), (&class.guest, false)] {
        let course = store.course_access(class.course, person).await.expect("seen");
        let meeting = store.meeting_access(class.published, person).await.expect("seen");
        assert_eq!((course.teaches(), meeting.teaches()), (allowed, allowed));
        let expected = (!allowed).then_some(Code::NotAllowed);
        assert_eq!(course.changed_by_teacher().err().map(|error| error.code), expected);
        assert_eq!(meeting.clone().changed_by_teacher().err().map(|error| error.code), expected);
        meeting.in_use().expect("everybody takes part");
    }
}

#[tokio::test]
async fn a_meeting_is_shown_and_hidden_again() {
    let class = Class::new().await;
    let store = &class.fixture.store;
    store.set_visibility(class.draft, Visibility::Published).await.expect("shown");
    let shown = store.meeting(class.draft).await.expect("read").expect("found").published_at;
    assert_eq!(class.meeting(class.draft, &class.student).await, Ok(CourseRole::Student));
    class.fixture.clock.advance(60_000);
    store.set_visibility(class.draft, Visibility::Published).await.expect("again is harmless");
    assert_eq!(store.meeting(class.draft).await.expect("read").expect("found").published_at, shown);
    store.set_visibility(class.draft, Visibility::Draft).await.expect("hidden");
    assert_eq!(class.meeting(class.draft, &class.student).await, Err(Code::NotFound));
    let nowhere = store.set_visibility(MeetingId(99), Visibility::Draft).await;
    assert_eq!(nowhere.expect_err("no such meeting").code, Code::NotFound);
}
