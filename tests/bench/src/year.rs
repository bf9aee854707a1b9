//! A year of a school in one database, made through the store as the pages would.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use base::clock::{Clock, SystemClock, TestClock};
use base::id::{AssignmentId, CourseId, MeetingId, ParticipantId, PersonId};
use base::random::SystemRandom;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use store::{
    AccountDetails, AssignmentDraft, LatePolicy, MeetingDraft, NewCourse, NewMaterial, NewMatter, NewMessage,
    NewPerson, PersonKind, PresenceChange, PresenceEnding, RosterChange, Store, Visibility,
};

use crate::Outcome;

pub(crate) const STUDENTS: usize = 600;
pub(crate) const TEACHERS: usize = 40;
pub(crate) const COURSES: usize = 60;
pub(crate) const MEETINGS: usize = 2_000;
pub(crate) const MESSAGES: usize = 20_000;
pub(crate) const SUBMISSIONS: usize = 30_000;
/// Students of one group, which has several courses.
const GROUP: usize = 30;
/// Meetings that give something to hand in: each of a group's students does.
const ASSIGNMENTS: usize = SUBMISSIONS / GROUP;
/// Requests to the writer at once: it commits those together that wait.
const AT_ONCE: usize = 256;
const DAY_MS: u32 = 24 * 60 * 60 * 1_000;
const LESSON_MS: u32 = 40 * 60 * 1_000;
/// The sign-in name of the teacher of the first course.
pub(crate) const TEACHER: &str = "guru.1";
/// The sign-in name of a student of that course.
pub(crate) const STUDENT: &str = "siswa.1";

/// What of it the pages are asked for.
pub(crate) struct Year {
    pub(crate) course: CourseId,
    pub(crate) meeting: MeetingId,
    pub(crate) assignment: AssignmentId,
    /// Who handed in there.
    pub(crate) student: PersonId,
}

struct Meeting {
    number: usize,
    course: usize,
    id: MeetingId,
}

/// Writes all of it to the database `file`, which is made.
pub(crate) async fn make(file: &Path) -> Outcome<Year> {
    let days = i64::try_from(MEETINGS / COURSES * 7)?;
    let begin = SystemClock::new().now().plus(-days * i64::from(DAY_MS));
    let clock = Arc::new(TestClock::at(begin));
    let store = Store::open(file, Arc::clone(&clock) as Arc<dyn Clock>)?;
    let school = School { store, clock };
    let year = school.fill().await;
    school.store.close().await?;
    year
}

struct School {
    store: Store,
    clock: Arc<TestClock>,
}

impl School {
    async fn fill(&self) -> Outcome<Year> {
        let (teachers, students) = self.people().await?;
        let courses = self.courses(&teachers).await?;
        let (mut first, mut written, mut handed_in) = (None, 0, 0);
        // A week after the other: each course meets once in each.
        for week in 0..MEETINGS.div_ceil(COURSES) {
            let meetings = self.meet(&courses, week).await?;
            self.lesson(&meetings, &students).await?;
            written = self.talk(&meetings, &students, written).await?;
            let assignments = self.assign(&meetings, handed_in).await?;
            self.clock.advance(DAY_MS);
            handed_in += self.hand_in(&assignments, &students).await?;
            self.clock.advance(6 * DAY_MS);
            if let (Some(meeting), Some((_, assignment))) = (meetings.first(), assignments.first()) {
                first.get_or_insert((meeting.id, *assignment));
            }
        }
        if (written, handed_in) != (MESSAGES, SUBMISSIONS) {
            return Err(format!("{written} messages and {handed_in} submissions were made").into());
        }
        let (meeting, assignment) = first.ok_or("a year without meetings")?;
        let (course, student) = (courses[0], students[0]);
        Ok(Year { course, meeting, assignment, student })
    }

    async fn people(&self) -> Outcome<(Vec<PersonId>, Vec<PersonId>)> {
        let teachers = at_once((0..TEACHERS).map(|number| {
            let login = Some(format!("guru.{}", number + 1));
            let name = format!("Guru {}", number + 1);
            self.store.create_person(NewPerson { kind: PersonKind::Teacher, name, login, password: None })
        }))
        .await?;
        let details = |number: usize| AccountDetails {
            name: format!("Siswa {:03}", number + 1),
            login: Some(format!("siswa.{}", number + 1)),
            number: Some(format!("{:08}", 26_000_000 + number)),
            group: Some(group_name(number / GROUP)),
        };
        let changes = (0..STUDENTS).map(|number| RosterChange::Create(details(number))).collect();
        self.store.apply_roster(changes, None).await?;
        let mut students = self.store.roster().await?;
        students.retain(|person| person.kind == PersonKind::Student);
        students.sort_by(|one, other| one.details.number.cmp(&other.details.number));
        Ok((
            teachers.into_iter().map(|person| person.id).collect(),
            students.into_iter().map(|student| student.id).collect(),
        ))
    }

    /// Three courses for each group of students.
    async fn courses(&self, teachers: &[PersonId]) -> Outcome<Vec<CourseId>> {
        let mut courses = Vec::with_capacity(COURSES);
        for number in 0..COURSES {
            let group = group_name(number % (STUDENTS / GROUP));
            let new = NewCourse { title: format!("Matematika {group}"), term: Some("2026/2027".to_owned()) };
            let teacher = teachers[number % TEACHERS];
            let course = self.store.begin_course(new, "Perkenalan", teacher, &mut SystemRandom).await?;
            self.store.add_group(course.id, &group).await?;
            courses.push(course.id);
        }
        Ok(courses)
    }

    async fn meet(&self, courses: &[CourseId], week: usize) -> Outcome<Vec<Meeting>> {
        let now = self.clock.now();
        let numbers = (week * COURSES..MEETINGS.min((week + 1) * COURSES)).collect::<Vec<_>>();
        at_once(numbers.into_iter().map(|number| async move {
            let course = number % COURSES;
            let draft = MeetingDraft { title: format!("Bab {}: pecahan", week + 1), starts_at: Some(now) };
            let id = self.store.add_meeting(courses[course], draft, Visibility::Published).await?.id;
            let text =
                format!("# Pecahan {number}\n\nPenyebut dan pembilang, **contoh** dan latihan.\n").repeat(8);
            let title = Some(format!("Ringkasan {number}"));
            self.store.add_material(id, NewMaterial { title, matter: NewMatter::Text(text) }, None).await?;
            Ok(Meeting { number, course, id })
        }))
        .await
    }

    /// Everybody of a group comes into the room; some lose their connection and come again.
    async fn lesson(&self, meetings: &[Meeting], students: &[PersonId]) -> Outcome<()> {
        let begin = self.clock.monotonic();
        let mut changes = Vec::new();
        for meeting in meetings {
            for (place, person) in group_of(meeting.course, students).iter().enumerate() {
                let times = if place % 10 == 3 { 2 } else { 1 };
                for time in 0..times {
                    let participant = ParticipantId(format!("p{}x{place}x{time}", meeting.number).into());
                    let at = |share: u64| begin.plus(u64::from(LESSON_MS) * (time * 2 + share) / 4);
                    changes.push(PresenceChange::Entered {
                        meeting: meeting.id,
                        participant: participant.clone(),
                        person: *person,
                        at: at(0),
                    });
                    let ending = if times == 2 { PresenceEnding::Lost } else { PresenceEnding::Left };
                    changes.push(PresenceChange::Departed {
                        meeting: meeting.id,
                        participant,
                        at: at(1),
                        ending,
                    });
                }
            }
        }
        self.clock.advance(LESSON_MS);
        Ok(self.store.record_presence(changes).await?)
    }

    async fn talk(&self, meetings: &[Meeting], students: &[PersonId], written: usize) -> Outcome<usize> {
        let each = MESSAGES / MEETINGS;
        let of = |meeting: &Meeting, place: usize| {
            let number = meeting.number * each + place;
            let student = group_of(meeting.course, students)[place % GROUP];
            NewMessage {
                meeting: meeting.id,
                author: student,
                author_name: format!("Siswa {}", student.0),
                key: format!("k{number}"),
                text: format!("Pertanyaan {number}: bagaimana menyamakan penyebut tiga dan empat?"),
                to: None,
            }
        };
        let new = meetings.iter().flat_map(|meeting| (0..each).map(move |place| of(meeting, place)));
        Ok(written + at_once(new.map(|message| self.store.append_message(message))).await?.len())
    }

    async fn assign(&self, meetings: &[Meeting], handed_in: usize) -> Outcome<Vec<(usize, AssignmentId)>> {
        let left = ASSIGNMENTS - (handed_in / GROUP).min(ASSIGNMENTS);
        // Every second course in one week, the others in the next.
        let chosen =
            meetings.iter().filter(|meeting| (meeting.number + meeting.number / COURSES).is_multiple_of(2));
        let due_at = Some(self.clock.now().plus(3 * i64::from(DAY_MS)));
        at_once(chosen.take(left).map(|meeting| async move {
            let draft = AssignmentDraft {
                title: "Latihan pecahan".to_owned(),
                text: Some("Kerjakan halaman **12**.".to_owned()),
                due_at,
                late: LatePolicy::Accept,
                points: 100,
            };
            let id = self.store.create_assignment(meeting.id, draft).await?.id;
            self.store.show_assignment(id, Visibility::Published).await?;
            Ok((meeting.course, id))
        }))
        .await
    }

    async fn hand_in(&self, assignments: &[(usize, AssignmentId)], students: &[PersonId]) -> Outcome<usize> {
        let now = self.clock.now();
        let work = assignments.iter().flat_map(|(course, assignment)| {
            group_of(*course, students).iter().map(move |student| (*assignment, *student))
        });
        let done = at_once(work.map(|(assignment, student)| {
            let text = Some(format!("Jawaban saya: {} per 12", student.0));
            self.store.hand_in(assignment, student, text, Vec::new(), now)
        }));
        Ok(done.await?.len())
    }
}

fn group_name(group: usize) -> String {
    let letters = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
    format!("{}{}", 7 + group / letters.len(), letters[group % letters.len()])
}

fn group_of(course: usize, students: &[PersonId]) -> &[PersonId] {
    let first = course % (STUDENTS / GROUP) * GROUP;
    &students[first..first + GROUP]
}

async fn at_once<T, F: Future<Output = base::Result<T>>>(
    work: impl IntoIterator<Item = F>,
) -> Outcome<Vec<T>> {
    Ok(stream::iter(work).buffered(AT_ONCE).try_collect().await?)
}
