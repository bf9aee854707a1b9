//! Whatever text a client sends, the hub answers on one line and nobody else is disturbed.

use proptest::prelude::*;
use room::message::client::ClientMessage;
use room::message::shared::Role;

use crate::school::{GURU, School};

const MESSAGES: [&str; 8] = [
    r#"{"type":"join","key":"0123456789abcdefghijkl","media":{"audio":true,"video":true,"screen":false}}"#,
    r#"{"type":"signal","to":"x","description":{"type":"offer","sdp":"v=0\r\n"},"candidate":null}"#,
    r#"{"type":"signal","to":"x","candidate":{"candidate":"a","sdpMid":null,"sdpMLineIndex":0}}"#,
    r#"{"type":"chat","key":"k-1","text":"Halo \ud83d\ude00","to":3}"#,
    r#"{"type":"state","media":{"audio":true,"video":false,"screen":false,"hand":true}}"#,
    r#"{"type":"moderate","action":"lobby","lobby":"guests"}"#,
    r#"{"type":"ping","seq":18446744073709551615}"#,
    r#"{"type":"unknown","deep":[[[[[[[[{}]]]]]]]]}"#,
];

/// A message with some of it replaced by something else that JSON is made of.
fn nearly_a_message() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\n"),
        Just("\r"),
        Just("\""),
        Just("\\ud800"),
        Just("{"),
        Just("}"),
        Just("[["),
        Just("null"),
        Just("1e999"),
        Just("-1"),
        Just(","),
        Just(""),
        Just("\u{2028}"),
        Just("\"type\":\"signal\","),
    ];
    let place = any::<prop::sample::Index>();
    (prop::sample::select(&MESSAGES[..]), prop::collection::vec((place, 0_usize..4, piece), 0..4)).prop_map(
        |(message, changes)| {
            let mut characters: Vec<char> = message.chars().collect();
            for (place, length, piece) in changes {
                let start = place.index(characters.len() + 1);
                let end = characters.len().min(start + length);
                characters.splice(start..end, piece.chars());
            }
            characters.into_iter().collect()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn text_of_any_kind_is_taken_or_refused_and_nobody_else_is_disturbed(
        texts in prop::collection::vec(prop_oneof![4 => nearly_a_message(), 1 => any::<String>()], 1..5),
    ) {
        let mut school = School::new();
        let (guru, _) = school.enter(GURU, Role::Teacher);
        let (siti, siti_id) = school.enter(2, Role::Student);
        for text in texts {
            let text = text.replace(r#""to":"x""#, &format!(r#""to":"{siti_id}""#));
            school.send_text(guru, &text);
            let to_sender = school.texts(guru);
            prop_assert!(ClientMessage::parse(&text).is_ok() || to_sender.len() == 1, "{text}");
            for told in to_sender.iter().chain(&school.texts(siti)) {
                prop_assert!(!told.contains(['\n', '\r']), "{told}");
            }
        }
        prop_assert_eq!(school.hub.counts().participants, 2);
    }
}
