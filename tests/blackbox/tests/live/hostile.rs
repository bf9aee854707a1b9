//! What must not work, and must not harm anybody else.

use blackbox::{Kelasd, Onlookers, Visit, student, teacher};
use futures_util::SinkExt as _;
use http::{HeaderMap, header};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

#[tokio::test]
async fn malformed_messages_are_answered_and_the_connection_stays() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let client = student(&kelasd, "Siti").await;
    let mut visit = Visit::open(&client, meeting).await;
    visit.chat("k", "before joining").await;
    assert_eq!(visit.hear().await["code"], "join_first");
    visit.enter("siti-page").await;
    let table = [
        ("{", "message_malformed"),
        ("", "message_malformed"),
        ("[]", "message_malformed"),
        ("{\"type\":\"chat\"}", "message_malformed"),
        ("{\"type\":\"dance\"}", "message_type_unknown"),
        ("{\"type\":\"chat\",\"key\":\"with space\",\"text\":\"x\"}", "key_invalid"),
        ("{\"type\":\"chat\",\"key\":\"k\",\"text\":\" \"}", "chat_empty"),
        ("{\"type\":\"signal\",\"to\":\"x\"}", "signal_invalid"),
        ("{\"type\":\"signal\",\"to\":\"nobody\",\"candidate\":null}", "recipient_unknown"),
        ("{\"type\":\"moderate\",\"action\":\"end\"}", "not_moderator"),
        (
            "{\"type\":\"join\",\"key\":\"abcdefghijklmnopqrstuv\",\"media\":{\"audio\":false,\"video\":false,\"screen\":false}}",
            "already_joined",
        ),
    ];
    for (text, code) in table {
        visit.say_text(text.to_owned()).await;
        let answer = visit.hear().await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!(code)), "{text}");
    }
    visit.chat("long", &"a".repeat(4_001)).await;
    let refused = visit.hear().await;
    assert_eq!((&refused["code"], &refused["key"]), (&json!("chat_too_long"), &json!("long")));
    visit.socket().send(Message::binary(vec![1, 2, 3])).await.expect("sent");
    assert_eq!(visit.hear().await["code"], "message_malformed");
    visit.chat("fine", "masih di sini").await;
    assert_eq!(visit.hear().await["text"], "masih di sini");
}

#[tokio::test]
async fn frames_against_the_websocket_rules_close_that_connection_alone() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let client = student(&kelasd, "Siti").await;
    let mut others = Onlookers::gather(&kelasd).await;
    let (first, rest) = (OpCode::Data(Data::Text), OpCode::Data(Data::Continue));
    let half = |opcode, is_last| Message::Frame(Frame::message(vec![b'x'; 40_000], opcode, is_last));
    let short =
        |bytes: &[u8], opcode, is_last| Message::Frame(Frame::message(bytes.to_vec(), opcode, is_last));
    let table = [
        ("over the limit", vec![Message::text("x".repeat(64 * 1024 + 1))], 1009),
        ("over the limit in two frames", vec![half(first, false), half(rest, true)], 1009),
        ("not UTF-8", vec![short(&[0xff, 0xfe], first, true)], 1007),
        ("a character cut by the end", vec![short(&[0xe2, 0x82], first, true)], 1007),
        ("the rest of nothing", vec![short(b"x", rest, true)], 1002),
        ("two beginnings", vec![short(b"x", first, false), short(b"x", first, true)], 1002),
    ];
    for (what, frames, code) in table {
        let mut visit = Visit::open(&client, meeting).await;
        for frame in frames {
            visit.socket().send(frame).await.expect("sent");
        }
        assert_eq!(visit.end().await.code, Some(code), "{what}");
        others.notice_nothing().await;
    }
    // The client library masks all it sends and knows no reserved bits.
    for (what, bytes) in [
        ("not masked", &b"\x81\x02{}"[..]),
        ("a long ping", b"\x89\xfe\x00\x7eabcd"),
        ("an unknown opcode", b"\x83\x80abcd"),
        ("reserved bits", b"\xc1\x80abcd"),
        ("a length of half of all", b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xffabcd"),
    ] {
        let mut visit = Visit::open(&client, meeting).await;
        let whole = [bytes, &[0; 126]].concat();
        visit.socket().get_mut().write_all(&whole).await.expect("sent");
        visit.socket().get_mut().flush().await.expect("sent");
        assert!(matches!(visit.end().await.code, Some(1002 | 1009)), "{what}");
        others.notice_nothing().await;
    }
}

#[tokio::test]
async fn a_signal_into_another_room_reaches_nobody() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let guru_client = teacher(&kelasd).await;
    let page = guru_client.get("/").await.text();
    let course = page.split("/courses/").nth(1).expect("a course");
    let course: String = course.chars().take_while(char::is_ascii_digit).collect();
    let page = guru_client.get(&format!("/courses/{course}")).await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).expect("a form");
    let token = token.split('"').next().expect("its value");
    let path = format!("/courses/{course}/meetings");
    let made = guru_client.post_form(&path, &[("form_token", token), ("title", "Pertemuan lain")]).await;
    assert_eq!(made.status, 303, "{}", made.text());
    let other = meeting + 1;

    let (mut guru, elsewhere) = Visit::join(&guru_client, other, "guru-page").await;
    let (mut siti, _) = Visit::join(&student(&kelasd, "Siti").await, meeting, "siti-page").await;
    siti.say(json!({"type": "signal", "to": elsewhere["self"], "candidate": null})).await;
    assert_eq!(siti.hear().await["code"], "recipient_unknown");
    siti.chat("k", "di ruang sendiri").await;
    siti.hear_type("chat").await;
    assert_eq!(guru.catch_up().await, Vec::<Value>::new());
}

#[tokio::test]
async fn another_sites_page_opens_nothing() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let client = student(&kelasd, "Siti").await;
    let path = format!("/api/rooms/{meeting}/live");
    for origin in [Some("https://evil.example"), Some("null"), Some("http://127.0.0.1"), None] {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().expect("an origin"));
        }
        headers.insert(header::SEC_WEBSOCKET_PROTOCOL, "kelas.v1".parse().expect("a name"));
        let Err(refused) = client.socket_with(&path, headers).await else { panic!("{origin:?} was let in") };
        assert_eq!((refused.status, refused.code().as_str()), (403, "origin_refused"), "{origin:?}");
    }
    let mut headers = HeaderMap::new();
    headers.insert(header::ORIGIN, client.origin().parse().expect("an origin"));
    let Err(refused) = client.socket_with(&path, headers).await else { panic!("no subprotocol, but let in") };
    assert_eq!((refused.status, refused.code().as_str()), (400, "bad_request"));
}
