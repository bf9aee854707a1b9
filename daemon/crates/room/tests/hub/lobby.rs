//! Who waits, who sees them, who lets them in.

use base::id::{MeetingId, PersonId};
use room::message::shared::{Lobby, Role};
use room::{Effect, Event};
use serde_json::{Value, json};

use crate::school::{GURU, ROOM, School, chat, kinds, moderate};

/// A teacher in the room and one person in its lobby.
fn guest(school: &mut School, number: i64, role: Role) -> (room::ConnectionId, Value) {
    let connection = school.connect(number, role);
    school.join(connection, 0);
    assert_eq!(school.heard_one(connection)["type"], "waiting");
    let guru = room::ConnectionId(1);
    let came = school.heard_one(guru);
    assert_eq!(came["event"], "waiting");
    (connection, came["participant"]["id"].clone())
}

#[test]
fn each_setting_makes_those_wait_whom_it_names() {
    for (lobby, teacher, student, guest) in [
        (Lobby::Off, "joined", "joined", "joined"),
        (Lobby::Guests, "joined", "joined", "waiting"),
        (Lobby::Everyone, "joined", "waiting", "waiting"),
    ] {
        let mut school = School::with_lobby(lobby);
        for (number, role, expected) in
            [(3, Role::Guest, guest), (2, Role::Student, student), (1, Role::Teacher, teacher)]
        {
            let connection = school.connect(number, role);
            school.join(connection, 0);
            assert_eq!(school.heard(connection)[0]["type"], expected, "{lobby:?} {role:?}");
        }
    }
}

#[test]
fn in_the_lobby_nothing_of_the_room_is_heard_and_nothing_can_be_said() {
    let mut school = School::with_lobby(Lobby::Guests);
    let (guru, guru_id) = school.enter(GURU, Role::Teacher);
    let (tamu, _) = guest(&mut school, 2, Role::Guest);
    for message in [
        chat("k", "halo"),
        json!({"type": "signal", "to": guru_id, "candidate": null}),
        json!({"type": "state", "media": {"audio": true, "video": true, "screen": true}}),
        moderate("admit_all", &json!({})),
    ] {
        school.send(tamu, &message);
        let error = school.heard_one(tamu);
        assert_eq!(error["code"], "still_waiting");
        assert_eq!(error.get("key"), message.get("key"));
    }
    school.send(tamu, &json!({"type": "ping", "seq": 0}));
    assert_eq!(school.heard_one(tamu), json!({"type": "pong", "seq": 0}));
    school.send(guru, &chat("k", "rahasia guru"));
    school.enter(3, Role::Student);
    assert!(school.heard(tamu).is_empty());
}

#[test]
fn only_teachers_see_who_waits_also_when_they_come_later() {
    let mut school = School::with_lobby(Lobby::Guests);
    let (tamu, siti) = (school.connect(2, Role::Guest), school.connect(3, Role::Student));
    school.join(tamu, 0);
    school.join(siti, 0);
    let joined = school.heard_one(siti);
    assert_eq!(joined["waiting"], json!([]));
    let guru = school.connect(GURU, Role::Teacher);
    school.join(guru, 0);
    let joined = school.heard_one(guru);
    assert_eq!(joined["waiting"][0]["person"], 2);
    school.all_read();
    school.send(tamu, &json!({"type": "leave"}));
    assert_eq!(school.heard_one(tamu)["reason"], "left");
    assert_eq!(school.heard_one(guru)["event"], "left_lobby");
    assert!(school.heard(siti).is_empty());
}

#[test]
fn an_admitted_guest_is_a_student_and_need_not_wait_again() {
    let mut school = School::with_lobby(Lobby::Guests);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (tamu, id) = guest(&mut school, 2, Role::Guest);
    school.send(guru, &moderate("admit", &json!({"target": id})));
    assert_eq!(
        school.heard(guru).iter().map(|told| told["event"].clone()).collect::<Vec<_>>(),
        [json!("left_lobby"), json!("joined"), Value::Null]
    );
    let joined = school.heard_one(tamu);
    assert_eq!((&joined["type"], &joined["self"]), (&json!("joined"), &id));
    assert_eq!(joined["participants"][1]["role"], "student");
    assert!(matches!(school.asked.pop_front(), Some(Effect::AdmitMember { person, .. }) if person.0 == 2));

    // Its session may not know yet that it is a student's.
    let reloaded = school.connect(2, Role::Guest);
    school.join(reloaded, 1);
    let joined = school.heard_one(reloaded);
    assert_eq!(joined["type"], "joined");
    assert_eq!(joined["participants"][2]["role"], "student");
}

#[test]
fn a_denied_person_is_sent_away_with_all_devices() {
    let mut school = School::with_lobby(Lobby::Everyone);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (phone, id) = guest(&mut school, 2, Role::Student);
    let laptop = school.connect(2, Role::Student);
    school.join(laptop, 1);
    school.heard(laptop);
    school.heard(guru);
    school.send(guru, &moderate("deny", &json!({"target": id})));
    assert_eq!(school.heard_one(phone), json!({"type": "closing", "reason": "denied"}));
    assert_eq!(school.heard_one(laptop)["reason"], "denied");
    assert_eq!(kinds(&school.heard(guru)), ["participant", "participant", "moderated"]);
    assert_eq!(school.hub.counts().waiting, 0);
    school.send(guru, &moderate("deny", &json!({"target": id})));
    assert_eq!(school.heard_one(guru)["code"], "recipient_unknown");
}

#[test]
fn admit_all_empties_the_lobby() {
    let mut school = School::with_lobby(Lobby::Everyone);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let waiting: Vec<_> = (2..6).map(|number| guest(&mut school, number, Role::Student).0).collect();
    school.send(guru, &moderate("admit_all", &json!({})));
    for connection in waiting {
        assert_eq!(school.heard(connection)[0]["type"], "joined");
    }
    assert_eq!((school.hub.counts().waiting, school.hub.counts().participants), (0, 5));
    assert!(school.asked.is_empty(), "students are members already");
}

#[test]
fn opening_the_lobby_lets_in_who_need_not_wait_any_more() {
    let mut school = School::with_lobby(Lobby::Everyone);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, _) = guest(&mut school, 2, Role::Student);
    let (tamu, _) = guest(&mut school, 3, Role::Guest);
    school.send(guru, &moderate("lobby", &json!({"lobby": "guests"})));
    assert_eq!(school.heard(siti)[0]["meeting"]["lobby"], "guests");
    assert!(school.heard(tamu).is_empty());
    assert!(matches!(school.asked.pop_front(), Some(Effect::StoreLobby { lobby: Lobby::Guests, .. })));
    school.heard(guru);
    school.send(guru, &moderate("lobby", &json!({"lobby": "off"})));
    let joined = school.heard_one(tamu);
    assert_eq!(joined["participants"][2]["role"], "guest");
    let told = school.heard(siti);
    assert_eq!(kinds(&told), ["moderated", "participant"]);
    assert_eq!((&told[0]["action"], &told[0]["lobby"]), (&json!("lobby"), &json!("off")));
    assert!(matches!(school.asked.make_contiguous(), [Effect::StoreLobby { .. }]));
}

#[test]
fn somebody_admitted_while_away_is_in_the_room_for_the_rest_of_the_grace() {
    let mut school = School::with_lobby(Lobby::Everyone);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (siti, id) = guest(&mut school, 2, Role::Student);
    school.disconnect(siti);
    school.pass(100_000);
    school.send(guru, &moderate("admit", &json!({"target": id})));
    school.heard(guru);
    school.pass(19_999);
    assert!(school.heard(guru).is_empty());
    school.pass(1);
    assert_eq!(school.heard_one(guru)["reason"], "lost");
}

#[test]
fn who_became_a_member_while_away_comes_in() {
    let mut school = School::with_lobby(Lobby::Guests);
    school.enter(GURU, Role::Teacher);
    let (tamu, _) = guest(&mut school, 2, Role::Guest);
    school.disconnect(tamu);
    let back = school.connect(2, Role::Student);
    school.join(back, 0);
    assert_eq!(school.heard_one(back)["type"], "joined");
    assert_eq!(school.hub.counts().waiting, 0);
}

#[test]
fn a_guest_whom_the_course_page_admits_comes_in_as_a_student() {
    let mut school = School::with_lobby(Lobby::Guests);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (tamu, other) = (school.connect(3, Role::Guest), school.connect(4, Role::Guest));
    school.join(tamu, 0);
    school.join(other, 0);
    school.all_read();
    school.event(Event::MemberAdmitted { meetings: vec![ROOM, MeetingId(9)], person: PersonId(3) });
    let joined = school.heard_one(tamu);
    assert_eq!(joined["type"], "joined");
    let own = joined["participants"].as_array().expect("a list").iter().find(|one| one["person"] == 3);
    assert_eq!(own.expect("oneself")["role"], "student");
    let told = school.heard(guru);
    let events: Vec<_> = told.iter().map(|told| told["event"].as_str().expect("an event")).collect();
    assert_eq!(events, ["left_lobby", "joined"]);
    assert!(school.heard(other).is_empty(), "the other guest still waits");

    school.disconnect(tamu);
    let back = school.connect(3, Role::Student);
    school.join(back, 0);
    assert_eq!(school.heard_one(back)["type"], "joined");
}

#[test]
fn where_everybody_must_wait_an_admitted_guest_waits_as_a_student() {
    let mut school = School::with_lobby(Lobby::Everyone);
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let tamu = school.connect(3, Role::Guest);
    school.join(tamu, 0);
    school.all_read();
    school.event(Event::MemberAdmitted { meetings: vec![ROOM], person: PersonId(3) });
    assert!(school.heard(tamu).is_empty() && school.heard(guru).is_empty());
    assert_eq!(school.hub.counts().waiting, 1);
}

#[test]
fn a_guest_in_the_room_is_seen_as_a_student_once_admitted_to_the_course() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    school.enter(2, Role::Guest);
    school.event(Event::MemberAdmitted { meetings: vec![ROOM], person: PersonId(2) });
    let updated = school.heard_one(guru);
    assert_eq!((&updated["event"], &updated["participant"]["role"]), (&json!("updated"), &json!("student")));
}
