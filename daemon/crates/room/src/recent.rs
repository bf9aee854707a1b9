//! The newest chat messages of a room, for those who join.

use std::collections::VecDeque;

use base::id::{MessageId, PersonId};
use base::limits;
use serde_json::value::RawValue;

use crate::message::encode::raw;
use crate::message::shared::ChatMessage;

/// Bounded by [`limits::CHAT_PAGE`] and [`limits::CHAT_RECENT_BYTES`]. Growing numbers.
#[derive(Debug)]
pub(crate) struct Recent {
    kept: VecDeque<Kept>,
    bytes: usize,
    /// The newest message that is no longer kept. Of older ones nothing is known.
    dropped: MessageId,
}

#[derive(Debug)]
struct Kept {
    message: ChatMessage,
    json: Box<RawValue>,
}

/// Whether `person` may read `message`: everybody an open one, two persons a private one.
pub(crate) fn may_read(message: &ChatMessage, person: PersonId) -> bool {
    message.to.is_none_or(|to| to == person || message.from.person == person)
}

impl Recent {
    /// What the store had when the room was opened, oldest first.
    pub(crate) fn new(messages: Vec<ChatMessage>) -> Self {
        // A full page may have older ones before it.
        let first = messages.first().filter(|_| messages.len() >= limits::CHAT_PAGE);
        let dropped = first.map_or(MessageId(0), |first| MessageId(first.id.0 - 1));
        let mut recent = Self { kept: VecDeque::new(), bytes: 0, dropped };
        for message in messages {
            recent.push(message);
        }
        recent
    }

    /// Whether nobody here was told a message yet. A message that the store had before was
    /// usually told then, but not if the store's answer was lost.
    pub(crate) fn is_news(&self, message: MessageId, known_before: bool) -> bool {
        self.place(message).is_err() && (message > self.dropped || !known_before)
    }

    /// Keeps a message, in the order of their numbers, unless it is too old.
    pub(crate) fn push(&mut self, message: ChatMessage) {
        if message.id <= self.dropped {
            return;
        }
        let Err(place) = self.place(message.id) else { return };
        let json = raw(&message);
        self.bytes += json.get().len();
        self.kept.insert(place, Kept { message, json });
        while self.kept.len() > limits::CHAT_PAGE || self.bytes > limits::CHAT_RECENT_BYTES {
            let Some(oldest) = self.kept.pop_front() else { break };
            self.bytes -= oldest.json.get().len();
            self.dropped = self.dropped.max(oldest.message.id);
        }
    }

    /// Deletes a message's text, if it is still here.
    pub(crate) fn delete(&mut self, message: MessageId) {
        let Ok(place) = self.place(message) else { return };
        let kept = &mut self.kept[place];
        self.bytes -= kept.json.get().len();
        kept.message.text = None;
        kept.json = raw(&kept.message);
        self.bytes += kept.json.get().len();
    }

    /// What `person` may read, oldest first.
    pub(crate) fn readable_by(&self, person: PersonId) -> impl Iterator<Item = &RawValue> {
        self.kept.iter().filter(move |kept| may_read(&kept.message, person)).map(|kept| &*kept.json)
    }

    fn place(&self, message: MessageId) -> Result<usize, usize> {
        self.kept.binary_search_by_key(&message, |kept| kept.message.id)
    }
}

#[cfg(test)]
mod tests {
    use base::clock::Timestamp;

    use super::*;
    use crate::message::shared::Author;

    fn message(id: i64, text: &str, to: Option<i64>) -> ChatMessage {
        ChatMessage {
            id: MessageId(id),
            from: Author { person: PersonId(1), name: "Siti".into() },
            text: Some(text.into()),
            at: Timestamp(0),
            to: to.map(PersonId),
        }
    }

    #[test]
    fn a_long_chat_keeps_its_newest_page_within_its_bytes() {
        let mut recent = Recent::new((1..=80).map(|id| message(id, "halo", None)).collect());
        assert_eq!(recent.readable_by(PersonId(9)).count(), limits::CHAT_PAGE);
        for id in 100..110 {
            recent.push(message(id, &"x".repeat(16_000), None));
        }
        assert!(recent.bytes <= limits::CHAT_RECENT_BYTES);
        let counted: usize = recent.kept.iter().map(|kept| kept.json.get().len()).sum();
        assert_eq!(recent.bytes, counted);
        assert!(!recent.is_news(MessageId(109), false));
        assert!(!recent.is_news(MessageId(50), true) && recent.is_news(MessageId(50), false));
        assert!(recent.is_news(MessageId(110), true));
        let kept = recent.kept.len();
        recent.push(message(50, "lama", None));
        assert_eq!(recent.kept.len(), kept, "it would leave a hole behind it");
    }

    #[test]
    fn a_deleted_text_is_gone_and_a_private_one_is_for_two() {
        let mut recent = Recent::new(vec![message(1, "rahasia", Some(2)), message(2, "kasar", None)]);
        recent.delete(MessageId(2));
        let texts = |person| recent.readable_by(PersonId(person)).map(RawValue::get).collect::<String>();
        assert!(texts(1).contains("rahasia") && texts(2).contains("rahasia"));
        assert!(!texts(3).contains("rahasia"));
        assert!(!texts(3).contains("kasar") && texts(3).contains("\"text\":null"));
    }
}
