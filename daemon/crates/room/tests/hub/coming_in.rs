//! `join`: into a room that is opened for the first who comes.

use base::id::MeetingId;
use base::{Code, Error};
use room::message::shared::{Lobby, Role};
use room::{ConnectionId, Effect, Event};
use serde_json::json;

use crate::school::{GURU, ROOM, School, join, kinds, person};

#[test]
fn the_first_who_comes_opens_the_room_and_later_ones_wait_for_it() {
    let mut school = School::new();
    school.answering = false;
    let (first, second) = (school.connect(1, Role::Teacher), school.connect(2, Role::Student));
    school.join(first, 0);
    school.join(second, 0);
    assert!(matches!(school.asked.make_contiguous(), [Effect::OpenRoom { meeting: ROOM }]));
    assert!(school.heard(first).is_empty() && school.heard(second).is_empty());

    school.answer();
    let told = school.heard(first);
    assert_eq!(kinds(&told), ["joined", "participant"]);
    assert_eq!(told[0]["participants"].as_array().expect("a list").len(), 1);
    assert_eq!(told[1]["event"], "joined");
    assert_eq!(told[1]["seq"], 1);
    let joined = school.heard_one(second);
    assert_eq!(joined["participants"].as_array().expect("a list").len(), 2);
    assert_eq!(joined["seq"], 0);
    assert_eq!(joined["iceServers"], json!([{"urls": ["stun:10.0.0.1:3478"]}]));
    assert_eq!(joined["meeting"]["course"]["title"], "Fisika");
    assert_eq!(joined["self"], told[1]["participant"]["id"]);
    assert_eq!(told[1]["participant"]["media"]["hand"], false);
}

#[test]
fn a_room_that_cannot_be_opened_is_told_to_all_who_wanted_in_and_can_be_tried_again() {
    let mut school = School::new();
    school.answering = false;
    let (first, second) = (school.connect(1, Role::Student), school.connect(2, Role::Student));
    school.join(first, 0);
    school.join(second, 0);
    school.fail(Error::new(Code::StorageFailed).because("disk on fire"));

    let (one, two) = (school.heard_one(first), school.heard_one(second));
    assert_eq!((&one["type"], &one["code"]), (&json!("error"), &json!("storage_failed")));
    assert_eq!(two["code"], "storage_failed");
    let Some(Effect::Report { reference, error }) = school.asked.pop_front() else {
        panic!("the cause belongs into the journal")
    };
    assert_eq!(one["ref"], reference);
    assert!(error.to_string().contains("disk on fire") && !one.to_string().contains("fire"));
    assert_eq!(school.hub.counts().rooms, 0);

    school.answering = true;
    school.join(first, 0);
    assert_eq!(school.heard_one(first)["type"], "joined");
}

#[test]
fn one_person_with_two_devices_is_two_participants() {
    let mut school = School::new();
    let (phone, _) = school.enter(GURU, Role::Teacher);
    let laptop = school.connect(GURU, Role::Teacher);
    school.join(laptop, 1);
    let joined = school.heard_one(laptop);
    let participants = joined["participants"].as_array().expect("a list");
    assert_eq!(participants.len(), 2);
    assert_ne!(participants[0]["id"], participants[1]["id"]);
    assert_eq!(participants[0]["person"], participants[1]["person"]);
    assert_eq!(school.heard_one(phone)["event"], "joined");
}

#[test]
fn the_same_page_has_the_same_id_after_the_daemon_restarted() {
    let id = |page: u32| {
        let mut school = School::new();
        let connection = school.connect(5, Role::Student);
        school.join(connection, page);
        school.heard_one(connection)["self"].clone()
    };
    assert_eq!(id(1), id(1));
    assert_ne!(id(1), id(2));
}

#[test]
fn join_comes_first_and_once() {
    let mut school = School::new();
    let connection = school.connect(1, Role::Student);
    school.send(connection, &json!({"type": "ping", "seq": 0}));
    assert_eq!(school.heard_one(connection)["code"], "join_first");
    school.join(connection, 0);
    school.heard(connection);
    school.join(connection, 0);
    assert_eq!(school.heard_one(connection)["code"], "already_joined");
}

#[test]
fn a_page_key_of_another_form_is_refused() {
    let mut school = School::new();
    let connection = school.connect(1, Role::Student);
    for key in ["", "short", "with spaces 0000000000", &"x".repeat(23)] {
        let mut message = join(0);
        message["key"] = key.into();
        school.send(connection, &message);
        assert_eq!(school.heard_one(connection)["code"], "key_invalid", "{key}");
    }
}

#[test]
fn a_connection_that_does_not_join_is_closed() {
    let mut school = School::new();
    let (idle, quick) = (school.connect(1, Role::Student), school.connect(2, Role::Student));
    school.pass(14_999);
    school.join(quick, 0);
    assert!(school.heard(idle).is_empty());
    school.pass(1);
    assert_eq!(school.heard_one(idle), json!({"type": "closing", "reason": "silent"}));
    assert!(school.closed.contains(&idle) && !school.closed.contains(&quick));
}

#[test]
fn rooms_know_nothing_of_one_another() {
    let mut school = School::new();
    let (here, _) = school.enter(1, Role::Teacher);
    let there = school.connect_to(MeetingId(2), person(2, Role::Teacher));
    school.join(there, 0);
    let joined = school.heard_one(there);
    assert_eq!(joined["participants"].as_array().expect("a list").len(), 1);
    assert!(school.heard(here).is_empty());
    assert_eq!(school.hub.counts().rooms, 2);
}

#[test]
fn who_leaves_before_the_room_is_open_is_not_in_it() {
    let mut school = School::new();
    school.answering = false;
    let connection = school.connect(1, Role::Student);
    school.join(connection, 0);
    school.disconnect(connection);
    school.answer();
    assert_eq!(school.hub.counts(), room::Counts::default());
}

#[test]
fn an_answer_nobody_asked_for_and_an_unknown_connection_change_nothing() {
    let mut school = School::with_lobby(Lobby::Off);
    let answer = school.store(Effect::OpenRoom { meeting: ROOM });
    school.event(answer);
    school.event(Event::ChatDeleted { ticket: room::Ticket(9), deleted: Err(Code::Internal.into()) });
    school.disconnect(ConnectionId(77));
    school.send(ConnectionId(77), &join(0));
    assert_eq!(school.hub.counts(), room::Counts::default());
}
