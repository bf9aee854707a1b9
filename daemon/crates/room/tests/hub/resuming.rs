//! Lost connections: resuming with nothing missed, or starting anew where one is.

use room::message::shared::{Lobby, Role};
use room::{Disconnect, Event};
use serde_json::{Value, json};

use crate::school::{GURU, School, chat, join, kinds, person, resume};

/// A student who is in the room with a teacher and has seen everything.
fn student(school: &mut School) -> (room::ConnectionId, Value, room::ConnectionId) {
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let siti = school.connect(2, Role::Student);
    school.join(siti, 0);
    let joined = school.heard_one(siti);
    school.all_read();
    (siti, joined, guru)
}

fn say(school: &mut School, guru: room::ConnectionId, keys: std::ops::Range<u32>) {
    for key in keys {
        school.pass(1_000);
        school.send(guru, &chat(&key.to_string(), &format!("pesan {key}")));
    }
    school.heard(guru);
}

fn numbers(messages: &[Value]) -> Vec<u64> {
    messages.iter().filter_map(|message| message["seq"].as_u64()).collect()
}

#[test]
fn exactly_what_was_missed_follows_with_its_old_numbers_and_then_the_new() {
    let mut school = School::new();
    let (siti, joined, guru) = student(&mut school);
    say(&mut school, guru, 1..4);
    assert_eq!(numbers(&school.heard(siti)), [1, 2, 3]);
    school.disconnect(siti);
    say(&mut school, guru, 4..7);

    let back = school.connect(2, Role::Student);
    school.send(back, &resume(0, &joined, 2));
    let told = school.heard(back);
    assert_eq!(kinds(&told), ["resumed", "chat", "chat", "chat", "chat"]);
    assert_eq!(told[0]["seq"], 2);
    assert_ne!(told[0]["token"], joined["token"]);
    assert_eq!(numbers(&told[1..]), [3, 4, 5, 6]);
    say(&mut school, guru, 7..8);
    assert_eq!(numbers(&school.heard(back)), [7]);
    assert!(school.heard(guru).is_empty(), "the others see nothing of it");
}

#[test]
fn after_120_seconds_a_participant_is_lost_and_not_a_moment_before() {
    let mut school = School::new();
    let (siti, joined, guru) = student(&mut school);
    school.disconnect(siti);
    school.pass(119_999);
    assert!(school.heard(guru).is_empty());
    school.pass(1);
    let left = school.heard_one(guru);
    assert_eq!((&left["event"], &left["reason"]), (&json!("left"), &json!("lost")));
    let back = school.connect(2, Role::Student);
    school.send(back, &resume(0, &joined, 0));
    assert_eq!(school.heard_one(back)["code"], "resume_unknown");
    school.join(back, 0);
    assert_eq!(school.heard_one(back)["self"], joined["self"]);
    assert_eq!(school.heard_one(guru)["event"], "joined");
}

#[test]
fn grace_begins_anew_with_every_break() {
    let mut school = School::new();
    let (siti, joined, guru) = student(&mut school);
    school.disconnect(siti);
    school.pass(100_000);
    let back = school.connect(2, Role::Student);
    school.send(back, &resume(0, &joined, 0));
    school.pass(60_000);
    school.event(Event::Disconnected { connection: back, why: Disconnect::TooSlow });
    school.pass(119_999);
    assert!(school.heard(guru).is_empty());
    school.pass(1);
    assert_eq!(school.heard_one(guru)["reason"], "lost");
}

#[test]
fn a_wrong_a_stale_and_a_strange_token_are_unknown() {
    let mut school = School::new();
    let (siti, joined, _) = student(&mut school);
    school.disconnect(siti);
    let first = school.connect(2, Role::Student);
    for wrong in ["", "AAAAAAAAAAAAAAAAAAAAAA", &"x".repeat(10_000)] {
        school.send(first, &resume(0, &json!({"token": wrong}), 0));
        assert_eq!(school.heard_one(first)["code"], "resume_unknown");
    }
    school.send(first, &resume(1, &joined, 0));
    assert_eq!(school.heard_one(first)["code"], "resume_unknown", "another page");
    let thief = school.connect(3, Role::Student);
    school.send(thief, &resume(0, &joined, 0));
    assert_eq!(school.heard_one(thief)["code"], "resume_unknown", "another session");
    school.send(first, &resume(0, &joined, 99));
    assert_eq!(school.heard_one(first)["code"], "resume_unknown", "never told so much");

    school.send(first, &resume(0, &joined, 0));
    assert_eq!(school.heard_one(first)["type"], "resumed");
    let second = school.connect(2, Role::Student);
    school.send(second, &resume(0, &joined, 0));
    assert_eq!(school.heard_one(second)["code"], "resume_unknown", "replaced");
}

#[test]
fn more_missed_than_is_kept_has_expired_and_joining_anew_helps() {
    let mut school = School::new();
    let (siti, joined, guru) = student(&mut school);
    school.disconnect(siti);
    for _ in 0..=base::limits::REPLAY_FRAMES {
        school.pass(100);
        school.send(guru, &json!({"type": "signal", "to": joined["self"], "candidate": null}));
    }
    let back = school.connect(2, Role::Student);
    school.send(back, &resume(0, &joined, 0));
    assert_eq!(school.heard_one(back)["code"], "resume_expired");
    school.join(back, 0);
    let anew = school.heard_one(back);
    assert_eq!((&anew["self"], &anew["seq"]), (&joined["self"], &json!(0)));
    assert!(school.heard(guru).is_empty(), "the others see nothing of it");
}

#[test]
fn what_a_ping_says_was_seen_is_not_kept() {
    let mut school = School::new();
    let (siti, joined, guru) = student(&mut school);
    say(&mut school, guru, 1..5);
    school.heard(siti);
    school.send(siti, &json!({"type": "ping", "seq": 3}));
    assert_eq!(school.heard_one(siti), json!({"type": "pong", "seq": 4}));
    school.send(guru, &json!({"type": "ping", "seq": 99}));
    assert_eq!(school.hub.counts().replay_frames, 1);
    school.disconnect(siti);
    let back = school.connect(2, Role::Student);
    school.send(back, &resume(0, &joined, 2));
    assert_eq!(school.heard_one(back)["code"], "resume_expired");
    school.send(back, &resume(0, &joined, 3));
    assert_eq!(kinds(&school.heard(back)), ["resumed", "chat"]);
}

#[test]
fn a_connection_that_is_still_open_is_replaced() {
    let mut school = School::new();
    let (siti, joined, guru) = student(&mut school);
    let second = school.connect(2, Role::Student);
    school.send(second, &resume(0, &joined, 0));
    assert_eq!(school.heard_one(siti), json!({"type": "closing", "reason": "replaced"}));
    assert!(school.closed.contains(&siti));
    assert_eq!(school.heard_one(second)["type"], "resumed");

    let third = school.connect(2, Role::Student);
    school.send(third, &join(0));
    assert_eq!(school.heard_one(second)["reason"], "replaced");
    let joined = school.heard_one(third);
    assert_eq!(joined["participants"].as_array().expect("a list").len(), 2);
    // What the transport says of the old one afterwards changes nothing.
    school.disconnect(siti);
    school.disconnect(second);
    school.pass(200_000);
    assert!(school.heard(guru).is_empty());
}

#[test]
fn who_comes_back_changed_is_shown_so() {
    let mut school = School::new();
    let (siti, joined, guru) = student(&mut school);
    school.disconnect(siti);
    let mut identity = person(2, Role::Student);
    identity.name = "Nama Baru".into();
    let back = school.connect_to(crate::school::ROOM, identity);
    let mut message = resume(0, &joined, 0);
    message["media"]["video"] = false.into();
    school.send(back, &message);
    let updated = school.heard_one(guru);
    assert_eq!(updated["event"], "updated");
    assert_eq!(updated["participant"]["name"], "Nama Baru");
    assert_eq!(updated["participant"]["media"]["video"], false);
    assert_eq!(kinds(&school.heard(back)), ["resumed", "participant"]);
}

#[test]
fn a_place_in_the_lobby_survives_a_break_and_ends_with_the_grace() {
    let mut school = School::with_lobby(Lobby::Everyone);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let siti = school.connect(2, Role::Student);
    school.join(siti, 0);
    assert_eq!(school.heard_one(siti)["type"], "waiting");
    school.heard(guru);
    school.disconnect(siti);
    school.pass(60_000);
    let back = school.connect(2, Role::Student);
    school.join(back, 0);
    assert_eq!(school.heard_one(back)["type"], "waiting");
    assert!(school.heard(guru).is_empty());
    school.disconnect(back);
    school.pass(120_000);
    assert_eq!(school.heard_one(guru)["event"], "left_lobby");
    assert_eq!(school.hub.counts().waiting, 0);
}
