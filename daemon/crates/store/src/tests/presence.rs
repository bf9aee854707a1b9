//! Who was in a room, over power cuts, clocks that are set, and years.

use base::clock::{Clock as _, Timestamp};
use base::id::{MeetingId, ParticipantId, PersonId};
use base::limits::{PRESENCE_FORGOTTEN_AT_ONCE, PRESENCE_KEPT_MS, PRESENCE_ROWS};
use rusqlite::Connection;

use super::support::{Fixture, START};
use crate::{PersonKind, Presence, PresenceChange, PresenceEnding, Store};

const MINUTE_MS: i64 = 60_000;
const YEAR_MS: i64 = 365 * 24 * 60 * MINUTE_MS;

fn entered(fixture: &Fixture, meeting: MeetingId, page: &str, person: PersonId) -> PresenceChange {
    let participant = ParticipantId(page.into());
    PresenceChange::Entered { meeting, participant, person, at: fixture.clock.monotonic() }
}

fn departed(fixture: &Fixture, meeting: MeetingId, page: &str, ending: PresenceEnding) -> PresenceChange {
    let participant = ParticipantId(page.into());
    PresenceChange::Departed { meeting, participant, at: fixture.clock.monotonic(), ending }
}

/// Whose, from when until when in minutes since [`START`], and how it ended.
fn brief(presences: &[Presence]) -> Vec<(String, i64, i64, Option<PresenceEnding>)> {
    let minutes = |at: Timestamp| (at.0 - START.0) / MINUTE_MS;
    presences
        .iter()
        .map(|one| (one.person_name.clone(), minutes(one.joined_at), minutes(one.seen_at), one.ending))
        .collect()
}

#[tokio::test]
async fn coming_and_going_is_written_down_with_its_times() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let budi = fixture.person(PersonKind::Student, "Budi").await;
    let came = vec![entered(&fixture, meeting, "a", teacher.id), entered(&fixture, meeting, "b", budi.id)];
    fixture.pass(2 * MINUTE_MS);
    let went = vec![departed(&fixture, meeting, "b", PresenceEnding::Left)];
    fixture.pass(3 * MINUTE_MS);
    let again = vec![entered(&fixture, meeting, "b", budi.id)];
    fixture.store.record_presence([came, went, again].concat()).await.expect("written");
    fixture.pass(MINUTE_MS);
    fixture.store.see_presences().await.expect("written");
    let all = fixture.store.presences_of(meeting).await.expect("read");
    let expected = [
        ("Bu Sari".to_owned(), 0, 6, None),
        ("Budi".to_owned(), 0, 2, Some(PresenceEnding::Left)),
        ("Budi".to_owned(), 5, 6, None),
    ];
    assert_eq!(brief(&all), expected);
    let span = |from: i64, until: i64| {
        fixture.store.presences_between(START.plus(from * MINUTE_MS), START.plus(until * MINUTE_MS))
    };
    assert_eq!(brief(&span(3, 4).await.expect("read")), expected[..1], "who was inside then");
    assert_eq!(brief(&span(1, 3).await.expect("read")), expected[..2]);
    assert_eq!(span(-9, 0).await.expect("read"), []);
}

#[tokio::test]
async fn a_power_cut_ends_them_when_they_were_last_seen() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    fixture.store.record_presence(vec![entered(&fixture, meeting, "a", teacher.id)]).await.expect("written");
    fixture.pass(4 * MINUTE_MS);
    fixture.store.see_presences().await.expect("written");
    fixture.pass(60 * MINUTE_MS);
    fixture.store.close().await.expect("closed");
    let store = Store::open(fixture.path(), fixture.clock.clone()).expect("opened again");
    assert_eq!(store.cut_presences().await.expect("written"), 1);
    let all = store.presences_of(meeting).await.expect("read");
    assert_eq!(brief(&all), [("Bu Sari".to_owned(), 0, 4, Some(PresenceEnding::Cut))]);
    assert_eq!(store.cut_presences().await.expect("written"), 0, "once is enough");
}

#[tokio::test]
async fn a_clock_that_is_set_moves_them_along_and_makes_none_longer() {
    for jump in [10 * YEAR_MS, -YEAR_MS] {
        let fixture = Fixture::new();
        let (teacher, meeting) = fixture.meeting().await;
        let came = vec![entered(&fixture, meeting, "a", teacher.id)];
        fixture.store.record_presence(came).await.expect("written");
        fixture.pass(5 * MINUTE_MS);
        let went = departed(&fixture, meeting, "a", PresenceEnding::Left);
        fixture.clock.jump(fixture.clock.now().plus(jump));
        fixture.pass(MINUTE_MS);
        fixture.store.record_presence(vec![went]).await.expect("written");
        let all = fixture.store.presences_of(meeting).await.expect("read");
        let joined = START.plus(jump);
        assert_eq!((all[0].joined_at, all[0].seen_at), (joined, joined.plus(5 * MINUTE_MS)));
    }
}

#[tokio::test]
async fn a_small_step_back_of_the_clock_makes_no_negative_time() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    fixture.store.record_presence(vec![entered(&fixture, meeting, "a", teacher.id)]).await.expect("written");
    fixture.clock.jump(START.plus(-30 * MINUTE_MS));
    fixture.store.see_presences().await.expect("written");
    let went = vec![departed(&fixture, meeting, "a", PresenceEnding::Lost)];
    fixture.store.record_presence(went).await.expect("written");
    let all = fixture.store.presences_of(meeting).await.expect("read");
    assert_eq!(brief(&all), [("Bu Sari".to_owned(), 0, 0, Some(PresenceEnding::Lost))]);
}

#[tokio::test]
async fn who_was_deleted_meanwhile_is_left_out_and_the_others_are_written() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let changes = vec![
        entered(&fixture, meeting, "a", PersonId(99)),
        entered(&fixture, MeetingId(99), "b", teacher.id),
        departed(&fixture, meeting, "never", PresenceEnding::Left),
        entered(&fixture, meeting, "c", teacher.id),
    ];
    fixture.store.record_presence(changes).await.expect("written");
    assert_eq!(fixture.store.presences_of(meeting).await.expect("read").len(), 1);
}

#[tokio::test]
async fn they_are_forgotten_after_their_time_and_beyond_their_number() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    fixture.store.record_presence(vec![entered(&fixture, meeting, "a", teacher.id)]).await.expect("written");
    assert_eq!(fixture.store.forget_presences().await.expect("written"), 0);
    fixture.pass(PRESENCE_KEPT_MS + 1);
    fixture.store.record_presence(vec![entered(&fixture, meeting, "b", teacher.id)]).await.expect("written");
    assert_eq!(fixture.store.forget_presences().await.expect("written"), 1);
    let other = Connection::open(fixture.path()).expect("opened");
    other
        .execute(
            "INSERT INTO presence (id, meeting, person, participant, joined_at, seen_at)
             VALUES (?1, ?2, ?3, 'z', ?4, ?4)",
            (PRESENCE_ROWS + 2, meeting.0, teacher.id.0, fixture.clock.now().0),
        )
        .expect("the newest of many");
    assert_eq!(fixture.store.forget_presences().await.expect("written"), 1);
    assert_eq!(fixture.store.presences_of(meeting).await.expect("read").len(), 1);
}

#[tokio::test]
async fn a_clock_that_is_wrong_by_years_costs_only_a_part_at_a_time() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let more = usize::try_from(PRESENCE_FORGOTTEN_AT_ONCE).expect("small") + 7;
    let many = (0..more).map(|page| entered(&fixture, meeting, &page.to_string(), teacher.id)).collect();
    fixture.store.record_presence(many).await.expect("written");
    fixture.pass(10 * YEAR_MS);
    assert_eq!(fixture.store.forget_presences().await.expect("written"), more - 7);
    assert_eq!(fixture.store.presences_of(meeting).await.expect("read").len(), 7);
}
