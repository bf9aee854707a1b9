//! Chat messages.

use base::clock::Timestamp;
use base::id::{MeetingId, MessageId, PersonId};
use base::{Code, Result};
use rusqlite::{Connection, OptionalExtension, Row, named_params};

use crate::failure::{Failure, Outcome, is_dangling};
use crate::statement::statements;
use crate::store::Store;

/// A chat message, as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The number; larger ones were stored later.
    pub id: MessageId,
    /// The meeting that it was written in.
    pub meeting: MeetingId,
    /// Who wrote it.
    pub author: PersonId,
    /// The author's name when it was written.
    pub author_name: String,
    /// What it says; `None` after a teacher deleted it.
    pub text: Option<String>,
    /// The person it was written to alone.
    pub to: Option<PersonId>,
    /// When it was stored.
    pub at: Timestamp,
}

/// A chat message to be stored.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The meeting.
    pub meeting: MeetingId,
    /// Who writes.
    pub author: PersonId,
    /// The author's name now.
    pub author_name: String,
    /// Made by the author's page; sent again, the message is stored once.
    pub key: String,
    /// As `base::text::chat` returned it.
    pub text: String,
    /// The person it is written to alone; `None` for everybody.
    pub to: Option<PersonId>,
}

/// The answer to [`Store::append_message`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appended {
    /// As stored, now or the first time.
    pub message: Message,
    /// It was stored before: the page sent it again because it missed the answer.
    pub duplicate: bool,
}

/// A page of history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// Oldest first.
    pub messages: Vec<Message>,
    /// There are older ones.
    pub more: bool,
}

statements! {
    INSERT_MESSAGE = "
        INSERT INTO message (meeting, author, author_name, key, text, recipient, created_at)
        VALUES (:meeting, :author, :author_name, :key, :text, :to, :now)
        RETURNING id, meeting, author, author_name, text, recipient, created_at";
    MESSAGE_BY_KEY = "
        SELECT id, meeting, author, author_name, text, recipient, created_at FROM message
        WHERE meeting = :meeting AND author = :author AND key = :key";
    RECENT_MESSAGES = "
        SELECT id, meeting, author, author_name, text, recipient, created_at FROM message
        WHERE meeting = :meeting ORDER BY id DESC LIMIT :limit";
    MESSAGES_BEFORE = "
        SELECT id, meeting, author, author_name, text, recipient, created_at FROM message
        WHERE meeting = :meeting AND id < :before
          AND (recipient IS NULL OR recipient = :viewer OR author = :viewer)
        ORDER BY id DESC LIMIT :limit";
    DELETE_MESSAGE = "
        UPDATE message SET text = NULL, deleted_at = :now, deleted_by = :by
        WHERE id = :message AND meeting = :meeting AND text IS NOT NULL";
    MESSAGE_EXISTS = "SELECT 1 FROM message WHERE id = :message AND meeting = :meeting";
    MEETING_HAS_MESSAGES = "SELECT 1 FROM message WHERE meeting = :meeting LIMIT 1";
    MEETING_EXISTS = "SELECT 1 FROM meeting WHERE id = :meeting";
    PERSON_EXISTS = "SELECT 1 FROM person WHERE id = :person";
}

impl Store {
    /// Stores a chat message; when this answers, it is on the card and may be shown. The same
    /// author and key again return what was stored the first time; with another text or
    /// recipient that is `chat_key_reused`. `recipient_unknown` if there is no such recipient,
    /// `not_found` if there is no such meeting or author.
    pub async fn append_message(&self, new: NewMessage) -> Result<Appended> {
        let now = self.now();
        self.write(move |connection| append(connection, &new, now)).await
    }

    /// The newest `limit` messages of a meeting, private ones included, oldest first: for the
    /// live room, which knows who may see what.
    pub async fn recent_messages(&self, meeting: MeetingId, limit: usize) -> Result<Vec<Message>> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(RECENT_MESSAGES)?;
            let parameters = named_params! {":meeting": meeting.0, ":limit": whole(limit)};
            let mut messages =
                statement.query_map(parameters, from_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
            messages.reverse();
            Ok(messages)
        })
        .await
    }

    /// Up to `limit` messages of a meeting that came before message `before` (the newest, if
    /// `None`) and that `viewer` may see: those to everybody, by them and to them.
    pub async fn messages_before(
        &self,
        meeting: MeetingId,
        viewer: PersonId,
        before: Option<MessageId>,
        limit: usize,
    ) -> Result<History> {
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(MESSAGES_BEFORE)?;
            let parameters = named_params! {
                ":meeting": meeting.0, ":viewer": viewer.0,
                ":before": before.map_or(i64::MAX, |message| message.0),
                // One more than wanted shows whether there are older ones.
                ":limit": whole(limit.saturating_add(1)),
            };
            let mut messages =
                statement.query_map(parameters, from_row)?.collect::<rusqlite::Result<Vec<_>>>()?;
            let more = messages.len() > limit;
            messages.truncate(limit);
            messages.reverse();
            Ok(History { messages, more })
        })
        .await
    }

    /// Deletes a message's text for everybody; that there was a message stays. Again is
    /// harmless. `chat_message_unknown` if the meeting has no such message.
    pub async fn delete_message(
        &self,
        meeting: MeetingId,
        message: MessageId,
        by: PersonId,
    ) -> Result<MessageId> {
        let now = self.now();
        self.write(move |connection| {
            let changed = connection.prepare_cached(DELETE_MESSAGE)?.execute(named_params! {
                ":message": message.0, ":meeting": meeting.0, ":by": by.0, ":now": now.0,
            })?;
            let place = named_params! {":message": message.0, ":meeting": meeting.0};
            if changed == 0 && !connection.prepare_cached(MESSAGE_EXISTS)?.exists(place)? {
                return Err(Code::ChatMessageUnknown.into());
            }
            Ok(message)
        })
        .await
    }
}

fn append(connection: &Connection, new: &NewMessage, now: Timestamp) -> Outcome<Appended> {
    let known = connection
        .prepare_cached(MESSAGE_BY_KEY)?
        .query_row(
            named_params! {":meeting": new.meeting.0, ":author": new.author.0, ":key": new.key},
            from_row,
        )
        .optional()?;
    if let Some(message) = known {
        // Of a deleted message nothing is left to compare.
        let same = message.text.as_ref().is_none_or(|text| *text == new.text) && message.to == new.to;
        return if same {
            Ok(Appended { message, duplicate: true })
        } else {
            Err(Code::ChatKeyReused.into())
        };
    }
    let inserted = connection.prepare_cached(INSERT_MESSAGE)?.query_row(
        named_params! {
            ":meeting": new.meeting.0, ":author": new.author.0, ":author_name": new.author_name,
            ":key": new.key, ":text": new.text, ":to": new.to.map(|person| person.0), ":now": now.0,
        },
        from_row,
    );
    match inserted {
        Ok(message) => Ok(Appended { message, duplicate: false }),
        Err(error) if is_dangling(&error) => Err(missing(connection, new)?),
        Err(error) => Err(error.into()),
    }
}

/// Which of the rows that a message names does not exist; `SQLite` does not say.
fn missing(connection: &Connection, new: &NewMessage) -> Outcome<Failure> {
    let meeting =
        connection.prepare_cached(MEETING_EXISTS)?.exists(named_params! {":meeting": new.meeting.0})?;
    let author = connection.prepare_cached(PERSON_EXISTS)?.exists(named_params! {":person": new.author.0})?;
    Ok(if meeting && author { Code::RecipientUnknown.into() } else { Code::NotFound.into() })
}

/// Whether anything was said in a meeting, also what was deleted since.
pub(crate) fn any_in(connection: &Connection, meeting: MeetingId) -> Outcome<bool> {
    Ok(connection.prepare_cached(MEETING_HAS_MESSAGES)?.exists(named_params! {":meeting": meeting.0})?)
}

fn whole(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Message> {
    let to: Option<i64> = row.get("recipient")?;
    Ok(Message {
        id: MessageId(row.get("id")?),
        meeting: MeetingId(row.get("meeting")?),
        author: PersonId(row.get("author")?),
        author_name: row.get("author_name")?,
        text: row.get("text")?,
        to: to.map(PersonId),
        at: Timestamp(row.get("created_at")?),
    })
}
