//! Chat: stored before it is seen, once, and only by those it is for.

use base::{Code, Error};
use room::message::shared::Role;
use room::{Effect, Event};
use serde_json::{Value, json};

use crate::school::{GURU, ROOM, School, chat, kinds, moderate};

fn private(key: &str, text: &str, to: i64) -> Value {
    json!({"type": "chat", "key": key, "text": text, "to": to})
}

#[test]
fn a_message_is_seen_by_all_once_it_is_stored_and_the_senders_copy_is_the_acknowledgement() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    school.answering = false;
    school.send(siti, &chat("k-1", "  Halo 👩‍🏫 "));
    assert!(school.heard(guru).is_empty() && school.heard(siti).is_empty());
    school.answer();
    let (theirs, own) = (school.heard_one(guru), school.heard_one(siti));
    assert_eq!(own["key"], "k-1");
    assert_eq!(theirs.get("key"), None);
    assert_eq!(theirs["text"], "Halo 👩‍🏫");
    assert_eq!(theirs["from"], json!({"person": 2, "name": "Orang 2"}));
    assert_eq!((&theirs["id"], &theirs["at"]), (&json!(1), &json!(1_000)));
}

#[test]
fn a_message_sent_again_is_acknowledged_and_not_shown_again() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    school.send(siti, &chat("k", "halo"));
    school.send(siti, &chat("k", "halo"));
    assert_eq!(school.heard_one(guru)["id"], 1);
    let own = school.heard(siti);
    assert_eq!(kinds(&own), ["chat", "chat"]);
    assert_eq!((&own[1]["id"], &own[1]["key"]), (&json!(1), &json!("k")));
}

#[test]
fn a_message_stored_before_a_failure_is_shown_when_it_is_sent_again() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    school.answering = false;
    school.send(siti, &chat("k", "halo"));
    let question = school.asked.pop_front().expect("a question");
    let Effect::StoreChat { ticket, .. } = question else { panic!("{question:?}") };
    school.store(question);
    school.event(Event::ChatStored { ticket, stored: Err(Error::new(Code::StorageFailed)) });
    assert_eq!(school.heard_one(siti)["key"], "k");
    assert!(school.heard(guru).is_empty());
    school.send(siti, &chat("k", "halo"));
    school.answer();
    assert_eq!(school.heard_one(guru)["text"], "halo");
    assert_eq!(school.heard_one(siti)["key"], "k");
}

#[test]
fn a_failure_is_told_to_the_sender_alone_and_its_cause_to_the_journal() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    school.answering = false;
    school.send(siti, &chat("k", "halo"));
    school.fail(Error::new(Code::StorageFull).because("no space left"));
    let error = school.heard_one(siti);
    assert_eq!((&error["code"], &error["key"]), (&json!("storage_full"), &json!("k")));
    assert!(matches!(school.asked.pop_front(),
        Some(Effect::Report { reference, .. }) if error["ref"] == reference));
    school.send(siti, &chat("k", "lain"));
    school.fail(Error::new(Code::ChatKeyReused));
    let error = school.heard_one(siti);
    assert_eq!((&error["code"], error.get("ref")), (&json!("chat_key_reused"), None));
    assert!(school.heard(guru).is_empty() && school.asked.is_empty());
}

#[test]
fn a_private_message_is_for_all_devices_of_two_persons() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    let (budi, _) = school.enter(3, Role::Student);
    let budis_laptop = school.connect(3, Role::Student);
    school.join(budis_laptop, 1);
    school.all_read();
    school.send(siti, &private("k", "rahasia", 3));
    assert_eq!(school.heard_one(budi)["to"], 3);
    assert_eq!(school.heard_one(budis_laptop)["text"], "rahasia");
    assert_eq!(school.heard_one(siti)["key"], "k");
    assert!(school.heard(guru).is_empty());

    for (number, sees) in [(2, true), (3, true), (GURU, false), (4, false)] {
        let later = school.connect(number, Role::Student);
        school.join(later, 9);
        let heard = school.heard(later);
        let chat = heard[0]["chat"].as_array().expect("a list");
        assert_eq!(chat.len(), usize::from(sees), "{number}");
    }
}

#[test]
fn a_private_message_needs_somebody_else_who_is_there() {
    let mut school = School::new();
    let (siti, _) = school.enter(2, Role::Student);
    for to in [2, 77] {
        school.send(siti, &private("k", "halo", to));
        let error = school.heard_one(siti);
        assert_eq!((&error["code"], &error["key"]), (&json!("recipient_unknown"), &json!("k")));
    }
    assert!(school.asked.is_empty());
}

#[test]
fn what_cannot_be_said_is_refused_with_its_key() {
    let mut school = School::new();
    let (siti, _) = school.enter(2, Role::Student);
    for (key, text, code) in [
        ("k", " \n ".to_owned(), "chat_empty"),
        ("k", "x".repeat(4_001), "chat_too_long"),
        ("", "halo".to_owned(), "key_invalid"),
        ("a b", "halo".to_owned(), "key_invalid"),
        (&"x".repeat(37), "halo".to_owned(), "key_invalid"),
    ] {
        school.send(siti, &chat(key, &text));
        let error = school.heard_one(siti);
        assert_eq!(error["code"], code);
        assert_eq!(error.get("key").is_some(), code != "key_invalid");
    }
    school.send(siti, &chat(&"x".repeat(36), &"😀".repeat(4_000)));
    assert_eq!(school.heard_one(siti)["type"], "chat");
}

#[test]
fn later_joiners_get_the_newest_page_oldest_first() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    for number in 1..=60 {
        school.pass(500);
        school.send(guru, &chat(&number.to_string(), &format!("pesan {number}")));
    }
    let siti = school.connect(2, Role::Student);
    school.join(siti, 0);
    let joined = school.heard_one(siti);
    let ids: Vec<i64> =
        joined["chat"].as_array().expect("a list").iter().filter_map(|m| m["id"].as_i64()).collect();
    assert_eq!(ids, (11..=60).collect::<Vec<_>>());
}

#[test]
fn a_deleted_message_is_gone_for_those_who_join_later() {
    let mut school = School::new();
    let (guru, guru_id) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    school.send(siti, &chat("k", "kasar"));
    school.all_read();
    school.send(guru, &moderate("delete_message", &json!({"message": 1})));
    let told =
        json!({"seq": 2, "type": "moderated", "action": "delete_message", "by": guru_id, "message": 1});
    assert_eq!(school.heard_one(siti), told);
    assert_eq!(school.heard_one(guru)["message"], 1);
    let later = school.connect(3, Role::Student);
    school.join(later, 0);
    assert_eq!(school.heard_one(later)["chat"][0]["text"], Value::Null);
    school.heard(guru);
    school.send(guru, &moderate("delete_message", &json!({"message": 9})));
    assert_eq!(school.heard_one(guru)["code"], "chat_message_unknown");
}

#[test]
fn what_was_stored_or_deleted_while_the_room_was_opened_again_is_not_missed() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    school.send(guru, &chat("a", "satu"));
    school.answering = false;
    school.send(guru, &chat("b", "dua"));
    school.send(guru, &moderate("delete_message", &json!({"message": 1})));
    school.send(guru, &json!({"type": "leave"}));
    assert_eq!(school.hub.counts().rooms, 0);
    let siti = school.connect(2, Role::Student);
    school.join(siti, 0);
    // The store reads the room before it writes the message, and its answer comes last.
    let open = school.asked.pop_back().expect("a question");
    let opened = school.store(open);
    school.answer();
    school.answer();
    school.event(opened);
    let joined = school.heard_one(siti);
    let texts: Vec<&Value> = joined["chat"].as_array().expect("a list").iter().map(|m| &m["text"]).collect();
    assert_eq!(texts, [&Value::Null, &json!("dua")]);
    assert_eq!(school.hub.counts().tickets, 0);
}

#[test]
fn a_message_already_in_the_joiners_page_is_not_told_again() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    school.answering = false;
    school.send(guru, &chat("a", "satu"));
    let question = school.asked.pop_front().expect("a question");
    let stored = school.store(question);
    school.send(guru, &json!({"type": "leave"}));
    let siti = school.connect(2, Role::Student);
    school.join(siti, 0);
    school.answer();
    assert_eq!(school.heard_one(siti)["chat"][0]["text"], "satu");
    school.event(stored);
    assert!(school.heard(siti).is_empty());
    assert_eq!(school.stored[&ROOM].messages.len(), 1);
}
