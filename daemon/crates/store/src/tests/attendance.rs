//! Who was at a meeting: by the room, by the teacher, and long afterwards.

use base::Code;
use base::clock::Clock as _;
use base::id::{MeetingId, ParticipantId, PersonId};
use base::limits::PRESENCE_KEPT_MS;

use super::support::{Fixture, START};
use crate::{
    Attendee, GuestPolicy, Mark, MarkChange, MeetingDraft, Person, PersonKind, PresenceChange,
    PresenceEnding, Register, Visibility,
};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// A meeting with a teacher and two students of its course.
struct Class {
    fixture: Fixture,
    meeting: MeetingId,
    teacher: Person,
    budi: Person,
    cici: Person,
}

impl Class {
    async fn new() -> Self {
        let fixture = Fixture::new();
        let (teacher, meeting) = fixture.meeting().await;
        let budi = fixture.pupil(meeting, "Budi").await;
        let cici = fixture.pupil(meeting, "Cici").await;
        fixture.pass(MINUTE_MS);
        Self { fixture, meeting, teacher, budi, cici }
    }

    async fn enters(&self, person: PersonId, page: &str) {
        let at = self.fixture.clock.monotonic();
        let participant = ParticipantId(page.into());
        let change = PresenceChange::Entered { meeting: self.meeting, participant, person, at };
        self.fixture.store.record_presence(vec![change]).await.expect("written");
    }

    async fn leaves(&self, page: &str) {
        let at = self.fixture.clock.monotonic();
        let (participant, ending) = (ParticipantId(page.into()), PresenceEnding::Left);
        let change = PresenceChange::Departed { meeting: self.meeting, participant, at, ending };
        self.fixture.store.record_presence(vec![change]).await.expect("written");
    }

    /// An hour with the teacher, where Budi comes after so many minutes.
    async fn lesson(&self, late: i64) {
        self.enters(self.teacher.id, "teacher").await;
        self.fixture.pass(late * MINUTE_MS);
        self.enters(self.budi.id, "budi").await;
        self.fixture.pass((60 - late) * MINUTE_MS);
        self.leaves("budi").await;
        self.leaves("teacher").await;
    }

    async fn register(&self) -> Register {
        let meeting = self.fixture.store.meeting(self.meeting).await.expect("read").expect("there");
        self.fixture.store.register(&meeting).await.expect("read")
    }

    async fn mark(&self, changes: &[(&Person, Option<Mark>, Option<Mark>)]) -> Vec<PersonId> {
        let changes = changes.iter().map(|(person, before, mark)| MarkChange {
            person: person.id,
            before: *before,
            mark: *mark,
        });
        let changes = changes.collect();
        self.fixture.store.mark_attendance(self.meeting, self.teacher.id, changes).await.expect("taken")
    }
}

fn of<'a>(register: &'a Register, person: &Person) -> &'a Attendee {
    register.students.iter().find(|attendee| attendee.person == person.id).expect("in the register")
}

fn marks(register: &Register) -> Vec<(&str, Option<Mark>)> {
    register.students.iter().map(|attendee| (attendee.name.as_str(), attendee.mark())).collect()
}

#[tokio::test]
async fn the_room_proposes_marks_and_a_teacher_decides() {
    let class = Class::new().await;
    let register = class.register().await;
    assert_eq!(register.lesson, None);
    assert_eq!(marks(&register), [("Budi", None), ("Cici", None)], "nobody was anywhere yet");
    class.lesson(11).await;
    let register = class.register().await;
    assert_eq!(marks(&register), [("Budi", Some(Mark::Late)), ("Cici", Some(Mark::Absent))]);
    assert_eq!(of(&register, &class.budi).stay.expect("there").present_ms, 49 * MINUTE_MS);

    let changes = [(&class.cici, None, Some(Mark::Sick)), (&class.budi, None, Some(Mark::Present))];
    assert_eq!(class.mark(&changes).await, []);
    let register = class.register().await;
    assert_eq!(marks(&register), [("Budi", Some(Mark::Present)), ("Cici", Some(Mark::Sick))]);
    let cici = of(&register, &class.cici);
    assert_eq!(cici.proposed, Some(Mark::Absent));
    assert_eq!(cici.given.as_ref().expect("given").by.as_deref(), Some("Bu Sari"));
    class.mark(&[(&class.cici, Some(Mark::Sick), None)]).await;
    assert_eq!(of(&class.register().await, &class.cici).mark(), Some(Mark::Absent), "as the room has it");
}

#[tokio::test]
async fn of_two_teachers_who_mark_the_same_student_the_second_is_told() {
    let class = Class::new().await;
    let colleague = class.fixture.person(PersonKind::Teacher, "Pak Edi").await;
    let by = |person, before, mark| {
        let changes = vec![MarkChange { person, before, mark: Some(mark) }];
        class.fixture.store.mark_attendance(class.meeting, colleague.id, changes)
    };
    assert_eq!(by(class.budi.id, None, Mark::Sick).await.expect("taken"), []);
    let changes = [(&class.budi, None, Some(Mark::Absent)), (&class.cici, None, Some(Mark::Present))];
    assert_eq!(class.mark(&changes).await, [class.budi.id]);
    let register = class.register().await;
    assert_eq!(marks(&register), [("Budi", Some(Mark::Sick)), ("Cici", Some(Mark::Present))]);
    assert_eq!(class.mark(&[(&class.budi, None, Some(Mark::Sick))]).await, [], "they agree");
    let given = of(&register, &class.budi).given.clone().expect("given");
    assert_eq!(given.by.as_deref(), Some("Pak Edi"), "who was first has said it");
    class.mark(&[(&class.budi, Some(Mark::Sick), Some(Mark::Absent))]).await;
    assert_eq!(of(&class.register().await, &class.budi).mark(), Some(Mark::Absent), "on purpose");

    let refused = by(class.teacher.id, None, Mark::Sick).await.expect_err("no student");
    assert_eq!(refused.code, Code::NotFound);
    let changes = vec![
        MarkChange { person: class.cici.id, before: Some(Mark::Present), mark: Some(Mark::Late) },
        MarkChange { person: PersonId(99), before: None, mark: Some(Mark::Late) },
    ];
    let both = class.fixture.store.mark_attendance(class.meeting, colleague.id, changes).await;
    assert_eq!(both.expect_err("nobody").code, Code::NotFound);
    assert_eq!(of(&class.register().await, &class.cici).mark(), Some(Mark::Present), "all or nothing");
}

#[tokio::test]
async fn who_joined_later_left_or_waits_is_not_absent() {
    let class = Class::new().await;
    let store = &class.fixture.store;
    let course = store.meeting(class.meeting).await.expect("read").expect("there").course.id;
    store.set_guest_policy(course, GuestPolicy::Ask).await.expect("set");
    let guest = class.fixture.pupil(class.meeting, "Gita").await;
    store.set_guest_policy(course, GuestPolicy::Welcome).await.expect("set");
    class.enters(guest.id, "guest").await;
    class.lesson(0).await;
    class.leaves("guest").await;
    class.fixture.pass(MINUTE_MS);
    let dodi = class.fixture.pupil(class.meeting, "Dodi").await;
    let register = class.register().await;
    let expected = [("Budi", Some(Mark::Present)), ("Cici", Some(Mark::Absent)), ("Dodi", None)];
    assert_eq!(marks(&register), expected);
    assert_eq!(register.guests.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Gita"]);

    for person in [&class.budi, &class.cici, &dodi] {
        store.remove_member(course, person.id, class.teacher.id).await.expect("removed");
    }
    assert_eq!(marks(&class.register().await), [("Budi", Some(Mark::Present))], "who was there stays");
    store.restore_member(course, class.cici.id).await.expect("back");
    store.deactivate(class.cici.id).await.expect("deactivated");
    assert_eq!(marks(&class.register().await), [("Budi", Some(Mark::Present))]);
    store.admit_member(course, guest.id).await.expect("admitted");
    assert_eq!(of(&class.register().await, &guest).mark(), Some(Mark::Present));
}

#[tokio::test]
async fn nobody_is_absent_before_it_is_over_or_without_a_teacher() {
    let class = Class::new().await;
    class.enters(class.budi.id, "budi").await;
    class.fixture.pass(MINUTE_MS);
    assert_eq!(marks(&class.register().await), [("Budi", None), ("Cici", None)]);
    class.enters(class.teacher.id, "teacher").await;
    let register = class.register().await;
    assert!(register.lesson.expect("on").is_on);
    assert_eq!(marks(&register), [("Budi", Some(Mark::Present)), ("Cici", None)]);
    // The power is cut; the box does not know for how long.
    class.fixture.store.see_presences().await.expect("seen");
    class.fixture.pass(90 * MINUTE_MS);
    class.fixture.store.cut_presences().await.expect("cut");
    let register = class.register().await;
    assert!(!register.lesson.expect("over").is_on);
    assert_eq!(marks(&register), [("Budi", Some(Mark::Present)), ("Cici", Some(Mark::Absent))]);
}

#[tokio::test]
async fn attendance_outlives_the_rows_of_presence_and_later_lessons_are_added() {
    let class = Class::new().await;
    let store = &class.fixture.store;
    class.lesson(20).await;
    class.mark(&[(&class.cici, None, Some(Mark::Excused))]).await;
    let before = class.register().await;
    class.fixture.pass(PRESENCE_KEPT_MS - 2 * DAY_MS);
    class.lesson(0).await;
    let with_second = class.register().await;
    class.fixture.pass(3 * DAY_MS);
    assert_eq!(store.forget_presences().await.expect("forgotten"), 2, "those of the first lesson");
    assert_eq!(class.register().await, with_second, "nothing is lost and nothing counts twice");
    class.fixture.pass(PRESENCE_KEPT_MS);
    assert_eq!(store.forget_presences().await.expect("forgotten"), 2);
    assert_eq!(store.presences_of(class.meeting).await.expect("read"), []);
    let after = class.register().await;
    assert_eq!(after, with_second);
    assert_eq!(marks(&after), marks(&before));
    let (first, both) = (of(&before, &class.budi).stay, of(&after, &class.budi).stay);
    assert_eq!(both.expect("there").present_ms - first.expect("there").present_ms, 60 * MINUTE_MS);
    assert_eq!(store.delete_meeting(class.meeting).await.expect_err("in use").code, Code::MeetingInUse);
}

#[tokio::test]
async fn a_meeting_with_marks_is_not_deleted_and_one_without_is() {
    let class = Class::new().await;
    class.mark(&[(&class.budi, None, Some(Mark::Present))]).await;
    let store = &class.fixture.store;
    assert_eq!(store.delete_meeting(class.meeting).await.expect_err("in use").code, Code::MeetingInUse);
    class.mark(&[(&class.budi, Some(Mark::Present), None)]).await;
    store.delete_meeting(class.meeting).await.expect("deleted");
    let nowhere = store.mark_attendance(class.meeting, class.teacher.id, Vec::new()).await;
    assert_eq!(nowhere.expect_err("gone").code, Code::NotFound);
}

#[tokio::test]
async fn a_meeting_stands_in_the_calendar_when_it_was_planned_held_or_marked() {
    let class = Class::new().await;
    let store = &class.fixture.store;
    let course = store.meeting(class.meeting).await.expect("read").expect("there").course.id;
    let plan = async |title: &str, days: Option<i64>| {
        let starts_at = days.map(|days| START.plus(days * DAY_MS));
        let draft = MeetingDraft { title: title.into(), starts_at };
        store.add_meeting(course, draft, Visibility::Published).await.expect("made").id
    };
    plan("Lalu", Some(-1)).await;
    plan("Nanti", Some(9)).await;
    let early = plan("Lebih awal", Some(2)).await;
    let by_hand = plan("Tanpa ruang", None).await;
    plan("Belum", None).await;
    let dates = async || {
        let dates = store.meeting_dates(course).await.expect("read").into_iter();
        dates.map(|date| (date.meeting.title, (date.at.0 - START.0) / DAY_MS)).collect::<Vec<_>>()
    };
    assert_eq!(dates().await, [("Lalu".to_owned(), -1)]);
    class.lesson(0).await;
    let mark = vec![MarkChange { person: class.budi.id, before: None, mark: Some(Mark::Present) }];
    store.mark_attendance(early, class.teacher.id, mark.clone()).await.expect("taken");
    class.fixture.pass(DAY_MS);
    store.mark_attendance(by_hand, class.teacher.id, mark).await.expect("taken");
    let expected = [("Lalu", -1), ("Pecahan", 0), ("Tanpa ruang", 1), ("Lebih awal", 2)];
    assert_eq!(dates().await, expected.map(|(title, day)| (title.to_owned(), day)));
}

#[tokio::test]
async fn a_clock_that_is_set_moves_marks_along() {
    let class = Class::new().await;
    let store = &class.fixture.store;
    let course = store.meeting(class.meeting).await.expect("read").expect("there").course.id;
    class.mark(&[(&class.budi, None, Some(Mark::Present))]).await;
    let before = store.meeting_dates(course).await.expect("read")[0].at;
    class.fixture.clock.jump(class.fixture.clock.now().plus(400 * DAY_MS));
    let after = store.meeting_dates(course).await.expect("read")[0].at;
    assert_eq!(after, before.plus(400 * DAY_MS));
}
