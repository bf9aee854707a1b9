//! Who is in the rooms, and since when: told at once to whoever listens, and written down.
//!
//! [`Notes`] takes what the hub notes and never waits. The recorder's task writes it, together
//! with all that came meanwhile, as a class comes in within seconds; what could not be written is
//! tried again. Attendance and the load log read it from the store.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use base::clock::Monotonic;
use base::id::{MeetingId, ParticipantId, PersonId};
use base::limits::PRESENCE_QUEUE;
use base::{Error, Result};
use room::{Departure, Effect};
use store::{Crowd, PresenceChange, PresenceEnding, Store};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until};

/// How long the first change waits for others, to share one commit with them.
const GATHER: Duration = Duration::from_secs(1);
/// How long after a failure it is tried again.
const RETRY: Duration = Duration::from_secs(5);
/// How often it is noted that people are still inside: what a power cut may take of a lesson.
const SEEN: Duration = Duration::from_mins(1);
/// How often what is too old is forgotten.
const FORGET: Duration = Duration::from_hours(1);
/// Changes that a listener may be behind before it misses the oldest: a class that comes in.
const BEHIND: usize = 256;

/// Somebody came into a room or went.
#[derive(Clone, Debug)]
pub(crate) struct RoomChange {
    /// Which meeting's room.
    pub(crate) meeting: MeetingId,
    /// Who.
    pub(crate) person: PersonId,
    /// The person's name on coming in.
    pub(crate) name: Arc<str>,
    /// Which of both.
    pub(crate) direction: Direction,
    /// When.
    pub(crate) at: Monotonic,
    /// Who is in the room now.
    pub(crate) inside: Crowd,
}

/// Whether somebody came or went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// Came in.
    In,
    /// Went out.
    Out,
}

/// Pages in one room, with their people.
type Inside = HashMap<ParticipantId, (PersonId, Arc<str>)>;

/// Takes what the hub notes.
pub(super) struct Notes {
    rooms: HashMap<MeetingId, Inside>,
    writing: mpsc::Sender<PresenceChange>,
    telling: broadcast::Sender<RoomChange>,
    lost: usize,
}

/// Notes, and the task that writes them down.
pub(super) fn notes(store: Store) -> (Notes, Recorder) {
    let (writing, changes) = mpsc::channel(PRESENCE_QUEUE);
    let (telling, _) = broadcast::channel(BEHIND);
    let notes = Notes { rooms: HashMap::new(), writing, telling, lost: 0 };
    (notes, Recorder { store, changes, waiting: Vec::new(), inside: 0, begun: false })
}

impl Notes {
    /// Where each change is told.
    pub(super) fn told(&self) -> broadcast::Sender<RoomChange> {
        self.telling.clone()
    }

    /// Who is in a meeting's room.
    pub(super) fn count(&self, meeting: MeetingId) -> Crowd {
        self.rooms.get(&meeting).map_or_else(Crowd::default, crowd)
    }

    /// Takes a note; effects that are none are ignored.
    pub(super) fn take(&mut self, effect: Effect) {
        match effect {
            Effect::Entered { meeting, participant, person, name, at } => {
                let room = self.rooms.entry(meeting).or_default();
                room.insert(participant.clone(), (person, Arc::clone(&name)));
                let inside = crowd(room);
                self.write(PresenceChange::Entered { meeting, participant, person, at });
                self.tell(RoomChange { meeting, person, name, direction: Direction::In, at, inside });
            }
            Effect::Departed { meeting, participant, at, how } => {
                let Some(room) = self.rooms.get_mut(&meeting) else { return };
                let Some((person, name)) = room.remove(&participant) else { return };
                let inside = crowd(room);
                if room.is_empty() {
                    self.rooms.remove(&meeting);
                }
                self.write(PresenceChange::Departed { meeting, participant, at, ending: ending(how) });
                self.tell(RoomChange { meeting, person, name, direction: Direction::Out, at, inside });
            }
            _ => {}
        }
    }

    fn write(&mut self, change: PresenceChange) {
        if self.writing.try_send(change).is_ok() {
            return;
        }
        if self.lost == 0 {
            tracing::error!("who comes and goes cannot be written down: the queue is full");
        }
        self.lost += 1;
    }

    fn tell(&self, change: RoomChange) {
        // Fails while nobody listens.
        let _ = self.telling.send(change);
    }
}

/// Writes down who was inside.
pub(super) struct Recorder {
    store: Store,
    changes: mpsc::Receiver<PresenceChange>,
    waiting: Vec<PresenceChange>,
    /// How many are inside, those included that are not written yet.
    inside: usize,
    /// Whether those whom the last end of the daemon cut off are marked.
    begun: bool,
}

impl Recorder {
    /// Runs until the hub has ended and everything is written.
    pub(super) async fn run(mut self) {
        let mut seen = interval_at(Instant::now() + SEEN, SEEN);
        let mut forget = interval_at(Instant::now() + FORGET, FORGET);
        seen.set_missed_tick_behavior(MissedTickBehavior::Delay);
        forget.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut write_at = Some(Instant::now() + GATHER);
        loop {
            tokio::select! {
                change = self.changes.recv(), if self.waiting.len() < PRESENCE_QUEUE => {
                    let Some(change) = change else { break };
                    self.gather(change);
                    write_at = write_at.or(Some(Instant::now() + GATHER));
                }
                () = wait(write_at) => {
                    let written = self.write().await;
                    write_at = written.err().map(|error| {
                        tracing::debug!(%error, waiting = self.waiting.len(), "who came and went waits");
                        Instant::now() + RETRY
                    });
                }
                _ = seen.tick(), if self.inside > 0 => log(self.store.see_presences().await),
                _ = forget.tick() => log(self.store.forget_presences().await),
            }
        }
        log(self.write().await);
    }

    fn gather(&mut self, change: PresenceChange) {
        match change {
            PresenceChange::Entered { .. } => self.inside += 1,
            PresenceChange::Departed { .. } => self.inside = self.inside.saturating_sub(1),
        }
        self.waiting.push(change);
    }

    /// Writes all that waits. What fails stays.
    async fn write(&mut self) -> Result<()> {
        if !self.begun {
            // Before anybody new: afterwards they could not be told apart.
            let cut = self.store.cut_presences().await?;
            self.begun = true;
            if cut > 0 {
                tracing::info!(
                    cut,
                    "the last end was out of order; who was inside is taken to have gone then"
                );
            }
        }
        if !self.waiting.is_empty() {
            self.store.record_presence(self.waiting.clone()).await?;
            self.waiting.clear();
        }
        Ok(())
    }
}

fn crowd(room: &Inside) -> Crowd {
    let bots = room.values().filter(|(person, _)| person.is_bot()).count();
    Crowd { people: room.len() - bots, bots }
}

/// Until then; for ever, if there is nothing to wait for.
async fn wait(until: Option<Instant>) {
    match until {
        Some(until) => sleep_until(until).await,
        None => std::future::pending().await,
    }
}

/// The store itself tells the journal when writing stops working.
fn log<T>(outcome: Result<T, Error>) {
    if let Err(error) = outcome {
        tracing::debug!(%error, "who is inside was not written");
    }
}

fn ending(how: Departure) -> PresenceEnding {
    match how {
        Departure::Left => PresenceEnding::Left,
        Departure::Lost => PresenceEnding::Lost,
        Departure::Removed => PresenceEnding::Removed,
        Departure::Ended => PresenceEnding::Ended,
        Departure::Stopped => PresenceEnding::Stopped,
    }
}

#[cfg(test)]
mod tests {
    use base::clock::{TestClock, Timestamp};
    use base::random::SeededRandom;
    use store::{NewPerson, Person, PersonKind};
    use tempfile::TempDir;

    use super::*;

    async fn class() -> (Store, Person, MeetingId, TempDir) {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::at(Timestamp(1_795_485_900_000)));
        let store = Store::open(folder.path().join("kelas.sqlite"), clock).expect("a store");
        let guru =
            NewPerson { kind: PersonKind::Teacher, name: "Bu Sari".into(), login: None, password: None };
        let guru = store.create_person(guru).await.expect("a person");
        let course = store.create_course("Fisika", guru.id, &mut SeededRandom(1)).await.expect("a course");
        let meeting = store.create_meeting(course.id, "Gerak").await.expect("a meeting").id;
        (store, guru, meeting, folder)
    }

    fn entered(meeting: MeetingId, page: &str, guru: &Person) -> Effect {
        let name = guru.name.as_str().into();
        let participant = ParticipantId(page.into());
        Effect::Entered { meeting, participant, person: guru.id, name, at: Monotonic(0) }
    }

    const fn people(people: usize) -> Crowd {
        Crowd { people, bots: 0 }
    }

    #[tokio::test]
    async fn bots_are_counted_apart_and_not_written_down() {
        let (store, guru, meeting, _folder) = class().await;
        let (mut notes, recorder) = notes(store.clone());
        let participant = ParticipantId("bot".into());
        let person = PersonId(-1);
        notes.take(entered(meeting, "a", &guru));
        notes.take(Effect::Entered { meeting, participant, person, name: "Bot 1".into(), at: Monotonic(0) });
        assert_eq!(notes.count(meeting), Crowd { people: 1, bots: 1 });
        drop(notes);
        recorder.run().await;
        let written = store.presences_of(meeting).await.expect("read");
        let people: Vec<_> = written.iter().map(|presence| presence.person).collect();
        assert_eq!(people, [guru.id]);
    }

    #[tokio::test]
    async fn what_the_hub_notes_is_told_at_once_and_written_down_before_the_end() {
        let (store, guru, meeting, _folder) = class().await;
        let (mut notes, recorder) = notes(store.clone());
        let mut listener = notes.told().subscribe();
        notes.take(entered(meeting, "a", &guru));
        notes.take(entered(meeting, "b", &guru));
        let participant = ParticipantId("a".into());
        notes.take(Effect::Departed { meeting, participant, at: Monotonic(0), how: Departure::Lost });
        let mut told = Vec::new();
        while let Ok(change) = listener.try_recv() {
            assert_eq!((change.person, &*change.name), (guru.id, "Bu Sari"));
            told.push((change.direction, change.inside));
        }
        let expected = [(Direction::In, people(1)), (Direction::In, people(2)), (Direction::Out, people(1))];
        assert_eq!(told, expected);
        assert_eq!((notes.count(meeting), notes.count(MeetingId(99))), (people(1), people(0)));
        drop(notes);
        recorder.run().await;
        let written = store.presences_of(meeting).await.expect("read");
        let endings: Vec<_> = written.iter().map(|presence| presence.ending).collect();
        assert_eq!(endings, [Some(PresenceEnding::Lost), None]);
    }

    #[tokio::test]
    async fn whom_the_last_end_cut_off_are_marked_before_anybody_new() {
        let (store, guru, meeting, _folder) = class().await;
        for expected in [vec![None], vec![Some(PresenceEnding::Cut), None]] {
            let (mut notes, recorder) = notes(store.clone());
            notes.take(entered(meeting, "a", &guru));
            drop(notes);
            recorder.run().await;
            let written = store.presences_of(meeting).await.expect("read");
            let endings: Vec<_> = written.iter().map(|presence| presence.ending).collect();
            assert_eq!(endings, expected);
        }
    }
}
