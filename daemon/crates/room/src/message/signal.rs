//! What one page tells another for their peer connection: checked for its form and otherwise kept as
//! the bytes that came.

use std::borrow::Cow;

use base::id::ParticipantId;
use base::{Code, Error, Result, limits};
use serde::Deserialize;
use serde_json::value::RawValue;

/// Tells one participant something for its peer connection.
#[derive(Debug)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Signal<'a> {
    /// Whom.
    #[cfg_attr(test, ts(type = "string"))]
    pub to: ParticipantId,
    /// A session description, as it came.
    #[cfg_attr(test, ts(as = "Option<Description>", optional))]
    pub description: Option<&'a RawValue>,
    /// A candidate, or `null` for the end of candidates, as it came.
    #[cfg_attr(test, ts(as = "Option<Option<Candidate>>", optional))]
    pub candidate: Option<&'a RawValue>,
}

/// The form of a session description (W3C WebRTC, `RTCSessionDescriptionInit`).
#[derive(Debug, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Description<'a> {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: DescriptionKind,
    /// A JSON string; not unescaped, because nobody here reads it.
    #[serde(borrow)]
    #[cfg_attr(test, ts(type = "string"))]
    pub sdp: &'a RawValue,
}

/// The type of a session description (W3C WebRTC, `RTCSdpType`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub enum DescriptionKind {
    /// Proposes a session.
    Offer,
    /// Accepts a proposal.
    Answer,
    /// Accepts a proposal for now.
    Pranswer,
    /// Takes a proposal back.
    Rollback,
}

/// The form of a candidate (W3C WebRTC, `RTCIceCandidateInit`).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(test, derive(ts_rs::TS))]
pub struct Candidate<'a> {
    /// The candidate line (RFC 8839, 5.1); empty at the end of a generation.
    #[serde(borrow, default)]
    #[cfg_attr(test, ts(optional))]
    pub candidate: Option<Cow<'a, str>>,
    /// The media description it belongs to, by name.
    #[serde(borrow, default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub sdp_mid: Option<Cow<'a, str>>,
    /// The media description it belongs to, by position.
    #[serde(default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub sdp_m_line_index: Option<u16>,
    /// The ICE user name fragment of its generation.
    #[serde(borrow, default)]
    #[cfg_attr(test, ts(optional = nullable))]
    pub username_fragment: Option<Cow<'a, str>>,
}

impl Signal<'_> {
    /// With something told, and each in its form; else `signal_invalid`.
    pub(crate) fn checked(self) -> Result<Self> {
        let told_something = self.description.is_some() || self.candidate.is_some();
        if told_something
            && self.description.is_none_or(is_description)
            && self.candidate.is_none_or(is_candidate)
        {
            Ok(self)
        } else {
            Err(Error::new(Code::SignalInvalid))
        }
    }
}

fn is_description(raw: &RawValue) -> bool {
    raw.get().len() <= limits::DESCRIPTION_BYTES
        && serde_json::from_str::<Description<'_>>(raw.get())
            .is_ok_and(|description| description.sdp.get().starts_with('"'))
}

fn is_candidate(raw: &RawValue) -> bool {
    raw.get().len() <= limits::CANDIDATE_BYTES
        && serde_json::from_str::<Option<Candidate<'_>>>(raw.get()).is_ok()
}
