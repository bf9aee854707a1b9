//! What bots say and understand of `kelas.v1`: as large as what browsers say, and empty inside.

use base::id::ParticipantId;
use room::message::shared::Participant;
use serde::Deserialize;

/// Bytes of what Chromium sends: an offer, an answer, a candidate.
const OFFER_BYTES: usize = 5_000;
const ANSWER_BYTES: usize = 4_800;
const CANDIDATE_BYTES: usize = 300;
/// Candidates each way per pair.
pub(super) const CANDIDATES: usize = 5;

/// What a bot must understand; the rest it reads over.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Heard {
    /// In the room.
    Joined {
        #[serde(rename = "self")]
        own: ParticipantId,
        participants: Vec<Participant>,
    },
    /// Another bot offers, answers or tells a candidate.
    Signal {
        from: ParticipantId,
        #[serde(default)]
        description: Option<Description>,
    },
    /// Something was refused.
    Error { code: String },
    /// The daemon closes.
    Closing { reason: String },
    /// Anything else.
    #[serde(other)]
    Other,
}

/// A session description; what stands in it, no bot reads.
#[derive(Debug, Deserialize)]
pub(super) struct Description {
    #[serde(rename = "type")]
    pub(super) kind: Kind,
}

/// What a description is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Offer,
    Answer,
    #[serde(other)]
    Other,
}

/// The number of a message of the story.
#[derive(Debug, Deserialize)]
pub(super) struct Numbered {
    pub(super) seq: u64,
}

/// What a browser with camera and microphone says first.
pub(super) fn join(key: &str) -> String {
    format!(r#"{{"type":"join","key":"{key}","media":{}}}"#, media(true))
}

/// Switches the microphone.
pub(super) fn state(audio: bool) -> String {
    format!(r#"{{"type":"state","media":{}}}"#, media(audio))
}

fn media(audio: bool) -> String {
    format!(r#"{{"audio":{audio},"video":true,"screen":false,"hand":false}}"#)
}

pub(super) fn ping(seq: u64) -> String {
    format!(r#"{{"type":"ping","seq":{seq}}}"#)
}

pub(super) fn offer(to: &ParticipantId) -> String {
    description(to, "offer", OFFER_BYTES)
}

pub(super) fn answer(to: &ParticipantId) -> String {
    description(to, "answer", ANSWER_BYTES)
}

pub(super) fn candidate(to: &ParticipantId) -> String {
    let line = "x".repeat(CANDIDATE_BYTES);
    format!(r#"{{"type":"signal","to":"{to}","candidate":{{"candidate":"{line}","sdpMid":"0"}}}}"#)
}

fn description(to: &ParticipantId, kind: &str, bytes: usize) -> String {
    let sdp = "x".repeat(bytes);
    format!(r#"{{"type":"signal","to":"{to}","description":{{"type":"{kind}","sdp":"{sdp}"}}}}"#)
}

#[cfg(test)]
mod tests {
    use room::message::client::ClientMessage;

    use super::*;

    #[test]
    fn the_daemon_understands_every_word() {
        let to = ParticipantId("abcdefghijklmnop".into());
        let key = "k".repeat(22);
        for text in [join(&key), state(false), ping(7), offer(&to), answer(&to), candidate(&to)] {
            ClientMessage::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        }
    }

    #[test]
    fn what_a_bot_hears_it_understands_or_reads_over() {
        let heard = |text| serde_json::from_str::<Heard>(text).expect("understood");
        let offer = r#"{"seq":4,"type":"signal","from":"a","description":{"type":"offer","sdp":"x"}}"#;
        let description = Description { kind: Kind::Offer };
        assert!(
            matches!(heard(offer), Heard::Signal { description: Some(found), .. } if found.kind == description.kind)
        );
        assert!(matches!(heard(r#"{"seq":5,"type":"chat","id":1,"text":"a"}"#), Heard::Other));
        assert_eq!(serde_json::from_str::<Numbered>(offer).expect("numbered").seq, 4);
    }
}
