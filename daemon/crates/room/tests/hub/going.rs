//! Every way of going, and that nothing is left behind.

use base::id::{PersonId, SessionId};
use room::message::shared::{Lobby, Role};
use room::{Counts, Departure, Event, Shut};
use serde_json::json;

use crate::school::{GURU, ROOM, School, chat, join, moderate};

#[test]
fn who_leaves_is_gone_at_once() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, siti_id) = school.enter(2, Role::Student);
    school.send(siti, &json!({"type": "leave"}));
    assert_eq!(school.heard_one(siti), json!({"type": "closing", "reason": "left"}));
    assert!(school.closed.contains(&siti));
    let left = school.heard_one(guru);
    assert_eq!((&left["event"], &left["reason"]), (&json!("left"), &json!("left")));
    assert_eq!(left["participant"]["id"], siti_id);
}

#[test]
fn an_empty_room_is_forgotten_with_everything_in_it() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    school.send(siti, &chat("k", "halo"));
    school.send(siti, &json!({"type": "leave"}));
    school.disconnect(guru);
    assert_eq!(school.hub.counts().rooms, 1);
    school.pass(120_000);
    assert_eq!(school.hub.counts(), Counts::default());
    assert_eq!(school.hub.deadline(), None);
}

#[test]
fn a_signed_out_session_is_gone_from_every_room_and_other_devices_stay() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    let sleeping = school.connect(2, Role::Student);
    school.join(sleeping, 1);
    school.disconnect(sleeping);
    let mut other = crate::school::person(2, Role::Student);
    other.session = SessionId(99);
    let tablet = school.connect_to(ROOM, other);
    school.join(tablet, 0);
    school.all_read();
    school.event(Event::SignedOut { session: SessionId(20) });
    assert_eq!(school.heard_one(siti), json!({"type": "closing", "reason": "signed_out"}));
    assert_eq!(school.heard(guru).len(), 2);
    assert_eq!(school.heard(tablet).len(), 2);
    assert_eq!(school.hub.counts().participants, 2);
}

#[test]
fn a_person_removed_on_the_course_page_is_out_of_its_rooms_and_lobbies() {
    let mut school = School::with_lobby(Lobby::Guests);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    let tamu = school.connect(3, Role::Guest);
    school.join(tamu, 0);
    school.all_read();
    for person in [2, 3] {
        school.event(Event::MemberRemoved { meetings: vec![ROOM], person: PersonId(person) });
    }
    assert_eq!(school.heard_one(siti), json!({"type": "closing", "reason": "removed"}));
    assert_eq!(school.heard_one(tamu)["reason"], "removed");
    let told = school.heard(guru);
    assert_eq!((&told[0]["reason"], &told[1]["event"]), (&json!("removed"), &json!("left_lobby")));
}

#[test]
fn a_hidden_meeting_keeps_its_teachers_alone_and_one_put_away_nobody() {
    let mut school = School::with_lobby(Lobby::Guests);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, siti_id) = school.enter(2, Role::Student);
    let (budi, budi_id) = school.enter(4, Role::Student);
    let tamu = school.connect(3, Role::Guest);
    school.join(tamu, 0);
    school.disconnect(budi);
    school.all_read();
    school.event(Event::RoomsShut { meetings: vec![ROOM], to: Shut::Students });
    for gone in [siti, tamu] {
        assert_eq!(school.heard_one(gone), json!({"type": "closing", "reason": "ended"}));
    }
    let told = school.heard(guru);
    let left: Vec<_> = told.iter().filter(|message| message["event"] == "left").collect();
    assert_eq!(left.len(), 2, "also who was about to come back: {told:?}");
    assert!(left.iter().any(|message| message["participant"]["id"] == siti_id));
    assert!(left.iter().any(|message| message["participant"]["id"] == budi_id));
    assert_eq!(school.hub.counts().participants, 1);
    school.event(Event::RoomsShut { meetings: vec![ROOM], to: Shut::Everybody });
    assert_eq!(school.heard_one(guru), json!({"type": "closing", "reason": "ended"}));
    assert_eq!((school.hub.counts().participants, school.hub.counts().timers), (0, 0));
}

#[test]
fn how_and_when_each_page_was_inside_is_noted() {
    let mut school = School::new();
    let (guru, guru_id) = school.enter(GURU, Role::Teacher);
    let (siti, siti_id) = school.enter(2, Role::Student);
    let (budi, budi_id) = school.enter(3, Role::Student);
    assert_eq!(school.inside.len(), 3);
    school.pass(1_000);
    school.send(siti, &json!({"type": "leave"}));
    school.disconnect(budi);
    let broken = school.now;
    school.pass(base::limits::GRACE_MS);
    school.event(Event::MemberRemoved { meetings: vec![ROOM], person: PersonId(2) });
    school.send(guru, &moderate("end", &json!({})));
    let gone: Vec<_> = school.departed.iter().map(|(id, at, how)| (id.0.to_string(), at.0, *how)).collect();
    let expected = [
        (siti_id, broken.0, Departure::Left),
        (budi_id, broken.0, Departure::Lost),
        (guru_id, school.now.0, Departure::Ended),
    ];
    assert_eq!(gone, expected, "who did not come back was last seen when the connection broke");
    assert!(school.inside.is_empty());
}

#[test]
fn a_stop_says_goodbye_to_everybody_and_lets_nobody_in() {
    let mut school = School::with_lobby(Lobby::Guests);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (new, tamu) = (school.connect(2, Role::Student), school.connect(3, Role::Guest));
    school.send(tamu, &join(0));
    school.all_read();
    school.event(Event::Stop { retry_after: 5 });
    let goodbye = |later| json!({"type": "closing", "reason": "restart", "retryAfter": 5 + later});
    for (later, connection) in [guru, new, tamu].into_iter().enumerate() {
        assert_eq!(school.heard_one(connection), goodbye(later), "they are spread over some seconds");
    }
    assert_eq!(school.hub.counts(), Counts::default());
    assert!(matches!(school.departed.as_slice(), [(_, _, Departure::Stopped)]), "tamu was in the lobby");
    let late = school.connect(4, Role::Student);
    assert_eq!(school.heard_one(late), goodbye(0));
    assert!(school.closed.contains(&late));
}
