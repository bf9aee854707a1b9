//! Identifiers as types, so that a course can never be passed where a person is meant.

use std::fmt;
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! row_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = ParseIntError;
            fn from_str(text: &str) -> Result<Self, ParseIntError> {
                text.parse().map(Self)
            }
        }
    };
}

row_id!(
    /// A person: technician, teacher, student or guest.
    PersonId
);
row_id!(
    /// A course.
    CourseId
);
row_id!(
    /// One gathering of a course; its live room has the same number.
    MeetingId
);
row_id!(
    /// A chat message. Within a meeting, a larger id was committed later.
    MessageId
);
row_id!(
    /// What a teacher says to a whole course.
    NoticeId
);
row_id!(
    /// A signed-in browser.
    SessionId
);
row_id!(
    /// A file as somebody put it somewhere; what is in it may be kept for other files too.
    FileId
);
row_id!(
    /// A file that is on its way to the box.
    UploadId
);
row_id!(
    /// A text, link or file of a meeting.
    MaterialId
);

row_id!(
    /// An assignment of a meeting.
    AssignmentId
);

row_id!(
    /// A quiz of a meeting.
    QuizId
);

row_id!(
    /// A question of a quiz.
    QuestionId
);

row_id!(
    /// One time that a student takes a quiz.
    AttemptId
);

row_id!(
    /// A measurement run.
    RunId
);

impl PersonId {
    /// Whether this is a bot of the box: their numbers are below zero, where the store knows nobody.
    pub const fn is_bot(self) -> bool {
        self.0 < 0
    }
}

/// A participant of a live room, which is also its peer: one browser page's WebRTC endpoint.
/// Derived from the session and a key that the page made, so it survives a restart of the
/// daemon and nobody else can take it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ParticipantId(pub Arc<str>);

impl fmt::Display for ParticipantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_and_write_as_plain_numbers_and_text() {
        assert_eq!("42".parse(), Ok(CourseId(42)));
        assert!("4x".parse::<CourseId>().is_err());
        assert_eq!(serde_json::to_string(&MessageId(7)).expect("a number"), "7");
        let participant = ParticipantId("abc".into());
        assert_eq!(serde_json::to_string(&participant).expect("a string"), "\"abc\"");
    }
}
