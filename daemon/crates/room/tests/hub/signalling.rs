//! Signals and media states.

use base::id::MeetingId;
use base::limits;
use room::message::shared::Role;
use serde_json::{Value, json};

use crate::school::{School, kinds, person};

#[test]
fn a_signal_reaches_its_recipient_alone_and_byte_for_byte() {
    let mut school = School::new();
    let (siti, siti_id) = school.enter(1, Role::Student);
    let (budi, budi_id) = school.enter(2, Role::Student);
    let (other, _) = school.enter(3, Role::Student);
    let description = r#"{"sdp": "v=0\r\n\u00e4",  "type":"offer", "more": [1.0, 1e2]}"#;
    school.send_text(siti, &format!(r#"{{"to":"{budi_id}","type":"signal","description":{description}}}"#));
    let expected = format!(r#"{{"seq":2,"type":"signal","from":"{siti_id}","description":{description}}}"#);
    assert_eq!(school.texts(budi), [expected]);
    assert!(school.heard(siti).is_empty() && school.heard(other).is_empty());
}

#[test]
fn the_end_of_candidates_is_not_the_same_as_no_candidate() {
    let mut school = School::new();
    let (siti, _) = school.enter(1, Role::Student);
    let (budi, budi_id) = school.enter(2, Role::Student);
    school.send(siti, &json!({"type": "signal", "to": budi_id, "candidate": null}));
    let signal = school.heard_one(budi);
    assert_eq!(signal.as_object().expect("an object").get("candidate"), Some(&Value::Null));
    let candidate = json!({"candidate": "candidate:1 1 udp 1 10.0.0.2 5000 typ host", "sdpMid": "0",
        "sdpMLineIndex": 0, "usernameFragment": null, "foreign": {"kept": true}});
    school.send(siti, &json!({"type": "signal", "to": budi_id, "candidate": candidate}));
    assert_eq!(school.heard_one(budi)["candidate"], candidate);
}

#[test]
fn a_signal_of_another_form_is_refused() {
    let mut school = School::new();
    let (siti, _) = school.enter(1, Role::Student);
    let (budi, budi_id) = school.enter(2, Role::Student);
    for (field, value) in [
        ("nothing", json!(1)),
        ("description", json!({"type": "bid", "sdp": ""})),
        ("description", json!({"type": "offer"})),
        ("description", json!({"type": "offer", "sdp": 7})),
        ("description", json!("offer")),
        ("candidate", json!("candidate:1")),
        ("candidate", json!({"candidate": 7})),
        ("candidate", json!({"sdpMLineIndex": -1})),
        ("candidate", json!({"candidate": "x".repeat(5_000)})),
        ("description", json!({"type": "offer", "sdp": "x".repeat(limits::DESCRIPTION_BYTES)})),
    ] {
        let mut message = json!({"type": "signal", "to": budi_id});
        message[field] = value;
        school.send(siti, &message);
        assert_eq!(school.heard_one(siti)["code"], "signal_invalid", "{message}");
    }
    assert!(school.heard(budi).is_empty());
}

#[test]
fn an_object_written_over_several_lines_arrives_on_one() {
    let mut school = School::new();
    let (siti, _) = school.enter(1, Role::Student);
    let (budi, budi_id) = school.enter(2, Role::Student);
    let text = format!(
        "{{\"type\":\"signal\",\"to\":\"{budi_id}\",\"description\":{{\r\n\n\"type\":\"offer\",\n\"sdp\":\"a\\nb\"}}}}"
    );
    school.event(room::Event::Received { connection: siti, text });
    assert_eq!(school.heard_one(budi)["description"], json!({"type": "offer", "sdp": "a\nb"}));
}

#[test]
fn nobody_outside_the_room_can_be_reached() {
    let mut school = School::new();
    let (siti, siti_id) = school.enter(1, Role::Student);
    let there = school.connect_to(MeetingId(2), person(2, Role::Student));
    school.join(there, 0);
    let outside = school.heard_one(there)["self"].clone();
    for to in [outside, json!("nobody"), json!(siti_id)] {
        school.send(siti, &json!({"type": "signal", "to": to, "candidate": null}));
        assert_eq!(school.heard_one(siti)["code"], "recipient_unknown");
    }
    assert!(school.heard(there).is_empty());
}

#[test]
fn a_state_is_told_to_the_others_when_it_changed() {
    let mut school = School::new();
    let (siti, siti_id) = school.enter(1, Role::Student);
    let (budi, _) = school.enter(2, Role::Student);
    let state =
        json!({"type": "state", "media": {"audio": false, "video": true, "screen": false, "hand": true}});
    school.send(siti, &state);
    school.send(siti, &state);
    let updated = school.heard_one(budi);
    assert_eq!((&updated["event"], &updated["participant"]["id"]), (&json!("updated"), &json!(siti_id)));
    assert_eq!(updated["participant"]["media"], state["media"]);
    assert!(school.heard(siti).is_empty());
}

#[test]
fn unknown_types_and_malformed_messages_are_told_apart_and_the_connection_stays() {
    let mut school = School::new();
    let (siti, _) = school.enter(1, Role::Student);
    for (text, code) in [
        ("", "message_malformed"),
        ("hello", "message_malformed"),
        ("[]", "message_malformed"),
        ("{}", "message_malformed"),
        (r#"{"type":7}"#, "message_malformed"),
        (r#"{"type":"ping"}"#, "message_malformed"),
        (r#"{"type":"ping","seq":-1}"#, "message_malformed"),
        (r#"{"type":"state","media":{"audio":"yes"}}"#, "message_malformed"),
        (r#"{"type":"moderate","action":"dance"}"#, "message_malformed"),
        (r#"{"type":"leave","type":"leave"}"#, "message_malformed"),
        (r#"{"type":"dance"}"#, "message_type_unknown"),
        (r#"{"type":"Join"}"#, "message_type_unknown"),
    ] {
        school.send_text(siti, text);
        assert_eq!(school.heard_one(siti)["code"], code, "{text}");
    }
    school.send_text(siti, &format!(r#"{{"type":"leave","pad":"{}"}}"#, "x".repeat(64 * 1024)));
    assert_eq!(school.heard_one(siti)["code"], "message_too_large");
    school.event(room::Event::ReceivedBinary { connection: siti });
    assert_eq!(school.heard_one(siti)["code"], "message_malformed");
    school.send_text(siti, r#"{"type":"p\u0069ng","seq":0,"unknown":{"ignored":[]}}"#);
    assert_eq!(school.heard_one(siti)["type"], "pong");
    assert!(kinds(&school.heard(siti)).is_empty());
}
