//! A class with a teacher and a meeting, in a database of its own.

use std::path::PathBuf;
use std::sync::Arc;

use base::clock::{TestClock, Timestamp};
use base::id::{MeetingId, PersonId};
use base::random::SeededRandom;
use base::secret::TokenHash;
use tempfile::TempDir;

use crate::{Course, NewMessage, NewPerson, NewSession, Person, PersonKind, Store, Transport};

/// A store, its clock and its folder.
pub(crate) struct Fixture {
    pub(crate) store: Store,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) folder: TempDir,
}

/// A weekday in the life of the box.
pub(crate) const START: Timestamp = Timestamp(1_790_000_000_000);

impl Fixture {
    pub(crate) fn new() -> Self {
        Self::at(START)
    }

    pub(crate) fn at(now: Timestamp) -> Self {
        let folder = TempDir::new().expect("a folder");
        let clock = Arc::new(TestClock::at(now));
        let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a new store");
        Self { store, clock, folder }
    }

    /// Lets time pass, on the wall as in the machine; more than [`TestClock::advance`] takes.
    pub(crate) fn pass(&self, mut milliseconds: i64) {
        while milliseconds > 0 {
            let step = u32::try_from(milliseconds).unwrap_or(u32::MAX);
            self.clock.advance(step);
            milliseconds -= i64::from(step);
        }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("kelas.sqlite")
    }

    pub(crate) async fn person(&self, kind: PersonKind, name: &str) -> Person {
        let new = NewPerson { kind, name: name.into(), login: None, password: None };
        self.store.create_person(new).await.expect("a person")
    }

    pub(crate) async fn course(&self) -> (Person, Course) {
        let teacher = self.person(PersonKind::Teacher, "Bu Sari").await;
        let course = self
            .store
            .create_course("Matematika 7A", teacher.id, &mut SeededRandom(7))
            .await
            .expect("a course");
        (teacher, course)
    }

    pub(crate) async fn meeting(&self) -> (Person, MeetingId) {
        let (teacher, course) = self.course().await;
        let meeting = self.store.create_meeting(course.id, "Pecahan").await.expect("a meeting");
        (teacher, meeting.id)
    }
}

pub(crate) fn session(token: &str) -> NewSession {
    NewSession {
        token_hash: TokenHash::of(token),
        transport: Transport::Secure,
        user_agent: "Mozilla/5.0 (Android 9)".into(),
    }
}

pub(crate) fn message(meeting: MeetingId, author: PersonId, key: &str, text: &str) -> NewMessage {
    NewMessage { meeting, author, author_name: "Budi".into(), key: key.into(), text: text.into(), to: None }
}
