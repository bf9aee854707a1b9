//! Messages: what is read from a client's, and exactly what is written.

use std::borrow::Cow;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::identity::Refusal;

/// Types of messages that clients pass to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Relayed {
    Offer,
    Answer,
    Candidate,
    Leave,
    Expire,
}

impl Relayed {
    const fn name(self) -> &'static str {
        match self {
            Self::Offer => "OFFER",
            Self::Answer => "ANSWER",
            Self::Candidate => "CANDIDATE",
            Self::Leave => "LEAVE",
            Self::Expire => "EXPIRE",
        }
    }

    /// Whether it is kept for a peer that is not there yet.
    pub(crate) const fn waits(self) -> bool {
        !matches!(self, Self::Leave | Self::Expire)
    }
}

/// What a client sent, as far as anybody looks at it.
#[derive(Debug)]
pub(crate) enum Incoming<'a> {
    /// "I am here."
    Heartbeat,
    /// For another client.
    Relay {
        /// Which sort.
        kind: Relayed,
        /// For whom; absent, null and empty are one.
        to: Option<Cow<'a, str>>,
        /// The payload's JSON as it came, if there is one.
        payload: Option<&'a RawValue>,
    },
    /// Not JSON, not an object, of another type, or with a `dst` that is not text.
    Nothing,
}

/// Reads a client's message. Bad ones are dropped without an answer, as PeerServer does.
pub(crate) fn parse(text: &str) -> Incoming<'_> {
    serde_json::from_str::<Fields<'_>>(text).map_or(Incoming::Nothing, Fields::read)
}

/// The fields that count. Of a repeated one the last holds, as in JavaScript.
#[derive(Default)]
struct Fields<'a> {
    kind: Option<&'a RawValue>,
    to: Option<&'a RawValue>,
    payload: Option<&'a RawValue>,
}

impl<'a> Fields<'a> {
    fn read(self) -> Incoming<'a> {
        let kind = match self.kind.and_then(text_of).as_deref() {
            Some("HEARTBEAT") => return Incoming::Heartbeat,
            Some("OFFER") => Relayed::Offer,
            Some("ANSWER") => Relayed::Answer,
            Some("CANDIDATE") => Relayed::Candidate,
            Some("LEAVE") => Relayed::Leave,
            Some("EXPIRE") => Relayed::Expire,
            _ => return Incoming::Nothing,
        };
        let to = match self.to {
            None => None,
            Some(raw) if raw.get() == "null" => None,
            Some(raw) => match text_of(raw) {
                None => return Incoming::Nothing,
                Some(text) => Some(text).filter(|text| !text.is_empty()),
            },
        };
        Incoming::Relay { kind, to, payload: self.payload }
    }
}

fn text_of(raw: &RawValue) -> Option<Cow<'_, str>> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    serde_json::from_str::<Text<'_>>(raw.get()).ok().map(|text| text.0)
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a message")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
        let mut fields = Fields::default();
        while let Some(name) = map.next_key::<Cow<'de, str>>()? {
            match &*name {
                "type" => fields.kind = Some(map.next_value()?),
                "dst" => fields.to = Some(map.next_value()?),
                "payload" => fields.payload = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(fields)
    }
}

/// `OPEN`: the id is yours.
pub(crate) fn open() -> String {
    r#"{"type":"OPEN"}"#.to_owned()
}

/// `ID-TAKEN`: somebody else's token holds the id.
pub(crate) fn id_taken() -> String {
    r#"{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}"#.to_owned()
}

/// `ERROR` with its reason.
pub(crate) fn error(refusal: Refusal) -> String {
    format!(r#"{{"type":"ERROR","payload":{{"msg":{}}}}}"#, quoted(refusal.text()))
}

/// A client's message as its peer gets it: rebuilt from the four fields, so that nothing else
/// passes and `from` is never the client's own claim.
pub(crate) fn relay(kind: Relayed, from: &str, to: &str, payload: Option<&RawValue>) -> String {
    let kind = kind.name();
    let (from, to) = (quoted(from), quoted(to));
    match payload {
        None => format!(r#"{{"type":"{kind}","src":{from},"dst":{to}}}"#),
        Some(payload) => format!(r#"{{"type":"{kind}","src":{from},"dst":{to},"payload":{payload}}}"#),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed_on(text: &str) -> Option<String> {
        match parse(text) {
            Incoming::Relay { kind, to, payload } => Some(relay(kind, "me", to.as_deref()?, payload)),
            _ => None,
        }
    }

    #[test]
    fn a_relayed_message_has_four_fields_and_the_true_source() {
        assert_eq!(
            passed_on(
                r#"{"payload":{"a":[1,"ü\n"]},"src":"liar","dst":"you","x":{"type":"ANSWER"},"type":"OFFER"}"#
            )
            .as_deref(),
            Some(r#"{"type":"OFFER","src":"me","dst":"you","payload":{"a":[1,"ü\n"]}}"#)
        );
        assert_eq!(
            passed_on(r#"{"type":"LEAVE","dst":"y\u006fu"}"#).as_deref(),
            Some(r#"{"type":"LEAVE","src":"me","dst":"you"}"#)
        );
    }

    #[test]
    fn null_is_a_payload_and_the_last_of_a_repeated_field_holds() {
        assert_eq!(
            passed_on(r#"{"type":"OFFER","type":"ANSWER","dst":"a","dst":"b","payload":1,"payload":null}"#)
                .as_deref(),
            Some(r#"{"type":"ANSWER","src":"me","dst":"b","payload":null}"#)
        );
    }

    #[test]
    fn what_is_no_message_is_nothing() {
        let deep = format!(r#"{{"type":"OFFER","dst":"a","payload":{}"#, "[".repeat(60_000));
        for text in [
            "",
            "null",
            "5",
            "[]",
            "\"OFFER\"",
            "{",
            r#"{"type":"OFFER","dst":"a""#,
            r#"{"type":"OPEN"}"#,
            r#"{"type":["OFFER"],"dst":"a"}"#,
            r#"{"dst":"a"}"#,
            r#"{"type":"OFFER","dst":5}"#,
            &deep,
        ] {
            assert!(matches!(parse(text), Incoming::Nothing), "{text:.60}");
        }
        assert!(matches!(parse(r#" {"type":"HEARTBEAT","dst":5} "#), Incoming::Heartbeat));
        for absent in
            [r#"{"type":"LEAVE"}"#, r#"{"type":"LEAVE","dst":null}"#, r#"{"type":"LEAVE","dst":""}"#]
        {
            assert!(
                matches!(parse(absent), Incoming::Relay { kind: Relayed::Leave, to: None, .. }),
                "{absent}"
            );
        }
    }

    #[test]
    fn a_deep_payload_passes_without_recursion() {
        let payload = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
        let text = format!(r#"{{"type":"OFFER","dst":"a","payload":{payload}}}"#);
        assert!(passed_on(&text).expect("relayed").ends_with(&format!("\"payload\":{payload}}}")));
    }
}
