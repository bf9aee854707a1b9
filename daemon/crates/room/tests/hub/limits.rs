//! Limits: each has its answer, and others notice nothing.

use base::id::MeetingId;
use base::limits;
use room::message::shared::{Lobby, Role};
use serde_json::json;

use crate::school::{GURU, School, chat, moderate, person};

#[test]
fn a_person_has_so_many_connections_and_no_more() {
    let mut school = School::new();
    let open: Vec<_> = (0..limits::PERSON_CONNECTIONS).map(|_| school.connect(2, Role::Student)).collect();
    let refused = school.connect(2, Role::Student);
    let told = school.heard(refused);
    assert_eq!(told[0]["code"], "too_many_connections");
    assert_eq!(told[1], json!({"type": "closing", "reason": "refused"}));
    assert!(school.closed.contains(&refused));
    school.disconnect(open[0]);
    let fits = school.connect(2, Role::Student);
    school.join(fits, 0);
    assert_eq!(school.heard_one(fits)["type"], "joined");
}

#[test]
fn a_person_who_comes_and_breaks_off_again_and_again_does_not_fill_the_room() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    for page in 0..3 * u32::try_from(limits::PERSON_CONNECTIONS).expect("a few") {
        let siti = school.connect(2, Role::Student);
        school.join(siti, page);
        assert_eq!(school.heard(siti)[0]["type"], "joined");
        school.disconnect(siti);
        school.pass(10);
    }
    assert_eq!(school.hub.counts().participants, 1 + limits::PERSON_CONNECTIONS);
    let left = school.heard(guru).into_iter().filter(|told| told["event"] == "left");
    assert_eq!(left.count(), 2 * limits::PERSON_CONNECTIONS);
    let newest = school.connect(2, Role::Student);
    school.join(newest, 3 * u32::try_from(limits::PERSON_CONNECTIONS).expect("a few") - 1);
    assert_eq!(school.heard(newest)[0]["type"], "joined", "the newest page still has its seat");
    assert_eq!(school.hub.counts().participants, 1 + limits::PERSON_CONNECTIONS);
}

#[test]
fn chat_comes_in_a_burst_and_then_at_a_steady_rate_also_over_new_connections() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    for key in 0..limits::CHAT_BURST {
        school.send(siti, &chat(&key.to_string(), "halo"));
    }
    school.all_read();
    school.send(siti, &chat("more", "halo"));
    let error = school.heard_one(siti);
    assert_eq!((&error["code"], &error["key"]), (&json!("chat_too_fast"), &json!("more")));
    school.send(siti, &json!({"type": "leave"}));
    let (again, _) = school.enter(2, Role::Student);
    school.send(again, &chat("more", "halo"));
    assert_eq!(school.heard_one(again)["code"], "chat_too_fast");
    school.pass(500);
    school.send(again, &chat("more", "halo"));
    assert_eq!(school.heard_one(again)["type"], "chat");
    school.send(guru, &chat("mine", "halo"));
    assert_eq!(school.heard(guru).last().expect("a message")["key"], "mine", "others are not slowed");
    school.send(again, &json!({"type": "leave"}));
    school.send(guru, &json!({"type": "leave"}));
    school.pass(20_000);
    assert_eq!(school.hub.counts().people, 0);
}

#[test]
fn a_flood_is_refused_and_in_the_end_closed() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, siti_id) = school.enter(2, Role::Student);
    let ping = json!({"type": "ping", "seq": 0});
    for _ in 0..limits::SIGNAL_BURST - 1 {
        school.send(siti, &ping);
    }
    assert!(school.heard(siti).iter().all(|told| told["type"] == "pong"));
    for _ in 0..limits::REFUSAL_BURST {
        school.send(siti, &ping);
        assert_eq!(school.heard_one(siti)["code"], "rate_limited");
    }
    assert!(school.heard(guru).is_empty());
    school.send(siti, &ping);
    let told = school.heard(siti);
    assert_eq!(told[1], json!({"type": "closing", "reason": "refused"}));
    assert_eq!(school.heard_one(guru)["participant"]["id"], siti_id);
    assert_eq!(school.hub.counts().participants, 1);
}

#[test]
fn who_switches_without_end_does_not_fill_the_queues_of_the_others() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = school.enter(2, Role::Student);
    let state = |hand| {
        let media = json!({"audio": true, "video": true, "screen": false, "hand": hand});
        json!({"type": "state", "media": media})
    };
    for change in 0..limits::STATE_BURST {
        school.send(siti, &state(change % 2 == 0));
    }
    assert_eq!(school.heard(guru).len(), limits::STATE_BURST as usize);
    school.send(siti, &state(true));
    assert_eq!(school.heard_one(siti)["code"], "rate_limited");
    assert!(school.heard(guru).is_empty());
    school.pass(1_000);
    school.send(siti, &state(true));
    assert_eq!(school.heard_one(guru)["participant"]["media"]["hand"], true);
}

#[test]
fn nobody_can_fill_the_queue_of_another_with_signals() {
    let mut school = School::new();
    let (budi, budi_id) = school.enter(2, Role::Student);
    let (tuti, tuti_id) = school.enter(3, Role::Student);
    let devices = [40, 41].map(|page| {
        let device = school.connect(4, Role::Student);
        school.join(device, page);
        device
    });
    school.all_read();
    let offer = |to: &str| json!({"type": "signal", "to": to, "description": {"type": "offer", "sdp": "x".repeat(20_000)}});
    let mut bytes = 0;
    for round in 0..limits::STALL_TIMEOUT_MS / 100 {
        school.send(devices[usize::from(round % 2 == 0)], &offer(&budi_id));
        bytes += school.texts(budi).iter().map(String::len).sum::<usize>();
        school.pass(100);
    }
    assert!(bytes > 200_000 && bytes < limits::OUTGOING_BYTES, "{bytes}");
    let told = devices.map(|device| school.heard(device)).concat();
    assert!(told.iter().any(|message| message["code"] == "rate_limited"));
    school.all_read();
    school.send(devices[0], &offer(&tuti_id));
    school.send(tuti, &offer(&budi_id));
    assert_eq!((school.heard(tuti).len(), school.heard(budi).len()), (1, 1), "others are as free as before");
}

#[test]
fn signals_to_somebody_who_just_left_close_nobody() {
    let mut school = School::new();
    let (siti, _) = school.enter(2, Role::Student);
    for _ in 0..2 * limits::REFUSAL_BURST {
        school.send(siti, &json!({"type": "signal", "to": "gone", "candidate": null}));
    }
    assert_eq!(school.heard(siti).len(), 2 * limits::REFUSAL_BURST as usize);
    assert!(!school.closed.contains(&siti));
}

#[test]
fn a_room_and_a_lobby_hold_so_many_and_no_more() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    for number in 2..=limits::ROOM_PARTICIPANTS {
        let connection = school.connect(i64::try_from(number).expect("small"), Role::Student);
        school.join(connection, 0);
    }
    school.all_read();
    let late = school.connect(9_000, Role::Student);
    school.join(late, 0);
    assert_eq!(school.heard_one(late)["code"], "room_full");

    school.send(guru, &moderate("lobby", &json!({"lobby": "everyone"})));
    school.all_read();
    school.join(late, 0);
    assert_eq!(school.heard_one(late)["type"], "waiting");
    for number in 1..limits::LOBBY_PARTICIPANTS {
        let connection = school.connect(9_000 + i64::try_from(number).expect("small"), Role::Student);
        school.join(connection, 0);
        assert_eq!(school.heard_one(connection)["type"], "waiting");
    }
    let later = school.connect(9_900, Role::Student);
    school.join(later, 0);
    assert_eq!(school.heard_one(later)["code"], "lobby_full");

    school.all_read();
    school.send(guru, &moderate("admit_all", &json!({})));
    assert_eq!(school.heard_one(guru)["code"], "room_full");
    assert_eq!(school.hub.counts().waiting, limits::LOBBY_PARTICIPANTS);
    school.send(guru, &moderate("lobby", &json!({"lobby": "off"})));
    assert_eq!(school.heard_one(guru)["action"], "lobby", "nobody fits, nobody is lost");
    assert_eq!(school.hub.counts().waiting, limits::LOBBY_PARTICIPANTS);
}

#[test]
fn so_many_rooms_are_open_and_no_more() {
    let mut school = School::with_lobby(Lobby::Off);
    let mut last = None;
    for number in 1..=i64::try_from(limits::OPEN_ROOMS).expect("small") + 1 {
        let connection = school.connect_to(MeetingId(number), person(number, Role::Student));
        school.join(connection, 0);
        last = Some((connection, school.heard_one(connection)));
    }
    let (connection, told) = last.expect("some");
    assert_eq!(told["code"], "too_many_rooms");
    assert!(!school.closed.contains(&connection));
}

#[test]
fn so_many_questions_wait_for_the_store_and_no_more() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    school.answering = false;
    for _ in 0..limits::OPEN_TICKETS {
        school.pass(10);
        school.send(guru, &moderate("delete_message", &json!({"message": 1})));
    }
    assert!(school.heard(guru).is_empty());
    school.send(guru, &chat("k", "halo"));
    let error = school.heard_one(guru);
    assert_eq!((&error["code"], &error["key"]), (&json!("unavailable"), &json!("k")));
}
