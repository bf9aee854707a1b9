//! Messages to a client as the JSON that goes out.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::message::server::{Closing, ClosingReason, ConnectionMessage, RoomMessage};

/// Beside what is relayed: what most messages take, the rest of a signal in particular.
const USUAL_BYTES: usize = 256;

impl RoomMessage<'_> {
    /// The JSON object.
    pub fn body(&self) -> Arc<str> {
        let relayed = match self {
            Self::Signal(signal) => [signal.description, signal.candidate],
            _ => [None, None],
        };
        let relayed: usize = relayed.into_iter().flatten().map(|raw| raw.get().len()).sum();
        json(self, USUAL_BYTES + relayed)
    }
}

impl ConnectionMessage<'_> {
    /// The JSON object.
    pub fn body(&self) -> Arc<str> {
        json(self, USUAL_BYTES)
    }
}

/// `closing` with `reason`, for whoever closes a connection.
pub fn closing(reason: ClosingReason, retry_after: Option<u32>) -> Arc<str> {
    ConnectionMessage::Closing(Closing { reason, retry_after }).body()
}

/// `value` as JSON that can be put into several messages.
pub fn raw(value: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(value).expect("our message types have string keys and cannot fail")
}

/// Begins with room for `bytes`, which grows where they are too few.
fn json(message: &impl Serialize, bytes: usize) -> Arc<str> {
    let mut text = Vec::with_capacity(bytes);
    serde_json::to_writer(&mut text, message).expect("our message types have string keys and cannot fail");
    String::from_utf8(text).expect("JSON is UTF-8").into()
}

/// `raw` without line breaks: one message is one line, also where a relayed object was written
/// over several. JSON allows line breaks between tokens alone, so the object stays the same.
pub fn one_line(raw: &RawValue) -> Cow<'_, RawValue> {
    let bytes = raw.get().as_bytes();
    // Two searches for one byte each are several times as fast as one for either.
    if !bytes.contains(&b'\n') && !bytes.contains(&b'\r') {
        return Cow::Borrowed(raw);
    }
    let line = raw.get().replace(['\n', '\r'], " ");
    Cow::Owned(RawValue::from_string(line).expect("white space for white space"))
}
