//! What teachers do, and that nobody else does.

use room::Effect;
use room::message::shared::Role;
use serde_json::json;

use crate::school::{GURU, School, chat, kinds, moderate};

#[test]
fn only_teachers_moderate() {
    let mut school = School::new();
    let (guru, guru_id) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    for message in [
        moderate("admit_all", &json!({})),
        moderate("mute_all", &json!({})),
        moderate("remove", &json!({"target": guru_id})),
        moderate("delete_message", &json!({"message": 1})),
        moderate("lobby", &json!({"lobby": "off"})),
        moderate("end", &json!({})),
    ] {
        school.send(siti, &message);
        assert_eq!(school.heard_one(siti)["code"], "not_moderator");
    }
    assert!(school.heard(guru).is_empty() && school.asked.is_empty());
}

#[test]
fn a_mute_is_told_to_its_target_and_the_teachers() {
    let mut school = School::new();
    let (guru, guru_id) = school.enter(GURU, Role::Teacher);
    let (siti, siti_id) = school.enter(2, Role::Student);
    let (budi, _) = school.enter(3, Role::Student);
    school.send(guru, &moderate("mute", &json!({"target": siti_id})));
    let told = json!({"seq": 2, "type": "moderated", "action": "mute", "by": guru_id, "target": siti_id});
    assert_eq!(school.heard_one(siti), told);
    assert_eq!(school.heard_one(guru)["action"], "mute");
    assert!(school.heard(budi).is_empty());
    school.send(guru, &moderate("mute_all", &json!({})));
    assert_eq!(school.heard_one(budi)["action"], "mute_all");
}

#[test]
fn teachers_can_be_neither_muted_nor_removed() {
    let mut school = School::new();
    let (guru, guru_id) = school.enter(GURU, Role::Teacher);
    let (_, other_id) = school.enter(2, Role::Teacher);
    for action in ["mute", "remove"] {
        for target in [&guru_id, &other_id] {
            school.send(guru, &moderate(action, &json!({"target": target})));
            assert_eq!(school.heard_one(guru)["code"], "not_allowed");
        }
    }
    assert!(school.asked.is_empty());
    assert_eq!(school.hub.counts().participants, 2);
}

#[test]
fn a_lowered_hand_is_down_for_everybody() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, siti_id) = school.enter(2, Role::Student);
    let media = json!({"audio": true, "video": true, "screen": false, "hand": true});
    school.send(siti, &json!({"type": "state", "media": media}));
    school.all_read();
    school.send(guru, &moderate("lower_hand", &json!({"target": siti_id})));
    for connection in [siti, guru] {
        let told = school.heard(connection);
        assert_eq!(kinds(&told), ["moderated", "participant"]);
        assert_eq!(told[1]["participant"]["media"]["hand"], false);
    }
    school.send(guru, &moderate("lower_hand", &json!({"target": siti_id})));
    assert_eq!(school.heard_one(siti)["action"], "lower_hand");
}

#[test]
fn a_removed_person_is_out_with_all_devices_and_out_of_the_course() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (phone, id) = school.enter(2, Role::Student);
    let laptop = school.connect(2, Role::Student);
    school.join(laptop, 1);
    let sleeping = school.connect(2, Role::Student);
    school.join(sleeping, 2);
    school.disconnect(sleeping);
    let about_to_join = school.connect(2, Role::Student);
    school.all_read();
    school.send(guru, &moderate("remove", &json!({"target": id})));
    for connection in [phone, laptop, about_to_join] {
        let told = school.heard(connection);
        assert_eq!(told.last().expect("a message"), &json!({"type": "closing", "reason": "removed"}));
    }
    let told = school.heard(guru);
    assert_eq!(kinds(&told), ["participant", "participant", "participant", "moderated"]);
    assert!(told[..3].iter().all(|left| left["reason"] == "removed"));
    assert!(matches!(school.asked.pop_front(),
        Some(Effect::RemoveMember { person, by, .. }) if (person.0, by.0) == (2, GURU)));
    assert_eq!((school.hub.counts().participants, school.hub.counts().timers), (1, 0));
}

#[test]
fn what_a_removed_person_said_before_still_arrives() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, id) = school.enter(2, Role::Student);
    school.answering = false;
    school.send(siti, &chat("k", "halo"));
    school.send(guru, &moderate("remove", &json!({"target": id})));
    school.heard(guru);
    school.answer();
    assert_eq!(school.heard_one(guru)["text"], "halo");
}

#[test]
fn an_ended_room_is_empty_and_can_be_entered_again() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    let (budi, _) = school.enter(3, Role::Student);
    school.disconnect(budi);
    school.send(guru, &moderate("end", &json!({})));
    for connection in [guru, siti] {
        assert_eq!(school.heard_one(connection), json!({"type": "closing", "reason": "ended"}));
    }
    let counts = school.hub.counts();
    assert_eq!((counts.rooms, counts.connections, counts.timers), (0, 0, 0));
    school.enter(2, Role::Student);
}

#[test]
fn a_target_that_is_not_there_is_unknown() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (_, siti_id) = school.enter(2, Role::Student);
    for action in ["admit", "deny", "mute", "lower_hand", "remove"] {
        school.send(guru, &moderate(action, &json!({"target": "nobody"})));
        assert_eq!(school.heard_one(guru)["code"], "recipient_unknown");
    }
    school.send(guru, &moderate("admit", &json!({"target": siti_id})));
    assert_eq!(school.heard_one(guru)["code"], "recipient_unknown", "she does not wait");
}
