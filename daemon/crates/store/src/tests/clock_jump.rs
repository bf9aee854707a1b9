//! A clock that is set while the daemon runs.

use base::clock::Timestamp;
use base::limits::SESSION_IDLE_MS;
use base::secret::TokenHash;
use tokio::task::JoinSet;

use super::support::{Fixture, START, session};
use crate::{LinkState, PersonKind};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// A Pi that was never told the time.
const LONG_AGO: Timestamp = Timestamp(60_000);

async fn is_signed_in(fixture: &Fixture, token: &str) -> bool {
    fixture.store.session(TokenHash::of(token)).await.expect("read").is_some()
}

async fn is_usable(fixture: &Fixture, token: &str) -> bool {
    let state = fixture.store.sign_in_link(TokenHash::of(token)).await.expect("read");
    matches!(state, LinkState::Usable { .. })
}

#[tokio::test]
async fn who_signed_in_before_the_clock_was_set_stays_signed_in() {
    let fixture = Fixture::at(LONG_AGO);
    let person = fixture.person(PersonKind::Student, "Budi").await;
    let day = LONG_AGO.plus(DAY_MS);
    fixture.store.create_session(person.id, session("before")).await.expect("created");
    fixture.store.create_sign_in_link(person.id, TokenHash::of("link"), day).await.expect("created");
    fixture.pass(10 * 60 * 1_000);
    fixture.clock.jump(START);
    // Signing in sweeps old sessions away; it must not take this one.
    fixture.store.create_session(person.id, session("after")).await.expect("created");
    assert!(is_signed_in(&fixture, "before").await && is_signed_in(&fixture, "after").await);
    assert!(is_usable(&fixture, "link").await);
    fixture.pass(DAY_MS);
    assert!(!is_usable(&fixture, "link").await, "it lasts a day, as it should");
    fixture.pass(SESSION_IDLE_MS);
    assert!(!is_signed_in(&fixture, "before").await);
}

#[tokio::test]
async fn a_clock_that_was_ahead_makes_nothing_last_for_years() {
    let fixture = Fixture::at(START.plus(4 * 365 * DAY_MS));
    let person = fixture.person(PersonKind::Teacher, "Bu Sari").await;
    let day = START.plus((4 * 365 + 1) * DAY_MS);
    fixture.store.create_session(person.id, session("ahead")).await.expect("created");
    fixture.store.create_sign_in_link(person.id, TokenHash::of("link"), day).await.expect("created");
    fixture.clock.jump(START);
    assert!(is_signed_in(&fixture, "ahead").await && is_usable(&fixture, "link").await);
    fixture.pass(SESSION_IDLE_MS);
    assert!(!is_signed_in(&fixture, "ahead").await && !is_usable(&fixture, "link").await);
}

#[tokio::test]
async fn many_requests_at_the_moment_of_the_jump_move_everything_once() {
    let fixture = Fixture::at(LONG_AGO);
    let person = fixture.person(PersonKind::Student, "Budi").await;
    fixture.store.create_session(person.id, session("a")).await.expect("created");
    fixture.pass(50 * DAY_MS);
    fixture.clock.jump(LONG_AGO.plus(52 * DAY_MS));
    let mut looks = JoinSet::new();
    for _ in 0..20 {
        let store = fixture.store.clone();
        looks.spawn(async move { store.session(TokenHash::of("a")).await });
    }
    for found in looks.join_all().await {
        let (session, _) = found.expect("read").expect("signed in");
        assert_eq!(session.used_at, LONG_AGO.plus(2 * DAY_MS));
    }
}

#[tokio::test]
async fn what_is_older_than_this_start_is_as_old_as_it_looks() {
    let fixture = Fixture::at(LONG_AGO);
    let person = fixture.person(PersonKind::Student, "Budi").await;
    fixture.store.create_session(person.id, session("old")).await.expect("created");
    fixture.pass(DAY_MS);
    fixture.store.close().await.expect("closed");
    let store = crate::Store::open(fixture.path(), fixture.clock.clone()).expect("opened again");
    fixture.clock.jump(START);
    assert!(store.session(TokenHash::of("old")).await.expect("read").is_none());
}
