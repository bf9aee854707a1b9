//! What the hub wants kept: questions to the store whose answers come back as events.
//!
//! Many writes are under way at once, so that the store can commit them together; they are
//! handed over in the order in which the hub wanted them, and their answers come in the same
//! order. So chat is shown in the order in which it was committed.

use std::future::{Future, ready};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use base::id::{MeetingId, PersonId};
use base::limits::CHAT_PAGE;
use base::{Code, Error, Result};
use futures_util::StreamExt as _;
use futures_util::stream::{FuturesOrdered, FuturesUnordered};
use room::message::shared::{ChatMessage, Meeting};
use room::{Effect, Event};
use store::{NewMessage, Store};

use super::words;

/// A question under way. Its answer is an event, if anybody waits for one.
type Question = Pin<Box<dyn Future<Output = Option<Event>> + Send>>;

/// The questions under way.
pub(crate) struct Archive {
    store: Store,
    writes: FuturesOrdered<Question>,
    reads: FuturesUnordered<Question>,
}

impl Archive {
    /// Asks `store`.
    pub(crate) fn new(store: Store) -> Self {
        Self { store, writes: FuturesOrdered::new(), reads: FuturesUnordered::new() }
    }

    /// Whether every answer was handed out.
    pub(crate) fn is_idle(&self) -> bool {
        self.writes.is_empty() && self.reads.is_empty()
    }

    /// Begins what `effect` wants; effects that are none of the store's are ignored.
    pub(crate) fn submit(&mut self, effect: Effect) {
        let store = self.store.clone();
        match effect {
            Effect::OpenRoom { meeting } => self.reads.push(Box::pin(async move {
                Some(Event::RoomOpened { meeting, opened: open_room(&store, meeting).await })
            })),
            Effect::StoreChat { ticket, meeting, author, name, key, text, to } => {
                let author_name = name.to_string();
                let new = NewMessage { meeting, author, author_name, key, text, to };
                self.write(async move {
                    let stored = store.append_message(new).await;
                    let stored = stored.map(|appended| (words::chat(appended.message), appended.duplicate));
                    Some(Event::ChatStored { ticket, stored })
                });
            }
            Effect::DeleteChat { ticket, meeting, message, by } => self.write(async move {
                let deleted = store.delete_message(meeting, message, by).await;
                Some(Event::ChatDeleted { ticket, deleted })
            }),
            Effect::AdmitMember { meeting, person } => self.write(async move {
                report("admit a member", admit(&store, meeting, person).await);
                None
            }),
            Effect::RemoveMember { meeting, person, by } => self.write(async move {
                let removed = remove(&store, meeting, person, by).await;
                report("remove a member", removed)
            }),
            Effect::StoreLobby { meeting, lobby } => self.write(async move {
                report("keep who must wait", store.set_lobby(meeting, words::stored_lobby(lobby)).await);
                None
            }),
            Effect::Send { .. }
            | Effect::Close { .. }
            | Effect::Entered { .. }
            | Effect::Departed { .. }
            | Effect::Report { .. } => {}
        }
    }

    /// The next answer; waits for ever while nothing is under way.
    pub(crate) async fn next(&mut self) -> Event {
        loop {
            let answer = tokio::select! {
                Some(answer) = self.writes.next() => answer,
                Some(answer) = self.reads.next() => answer,
                else => std::future::pending().await,
            };
            if let Some(event) = answer {
                return event;
            }
        }
    }

    /// Hands a write over at once, so that the store gets writes in the order of this call.
    fn write(&mut self, question: impl Future<Output = Option<Event>> + Send + 'static) {
        // The task's budget must not put it off either: a later one would overtake it.
        let mut question: Question = Box::pin(tokio::task::unconstrained(question));
        match question.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => self.writes.push_back(Box::pin(ready(answer))),
            Poll::Pending => self.writes.push_back(question),
        }
    }
}

async fn open_room(store: &Store, meeting: MeetingId) -> Result<(Meeting, Vec<ChatMessage>)> {
    let found = store.meeting(meeting).await?.ok_or(Code::NotFound)?;
    let recent = store.recent_messages(meeting, CHAT_PAGE).await?;
    Ok((words::meeting(found), recent.into_iter().map(words::chat).collect()))
}

async fn admit(store: &Store, meeting: MeetingId, person: PersonId) -> Result<()> {
    let course = store.meeting(meeting).await?.ok_or(Code::NotFound)?.course.id;
    store.admit_member(course, person).await
}

/// Removes the person, and lets the hub know in which other rooms they may not be any more.
async fn remove(store: &Store, meeting: MeetingId, person: PersonId, by: PersonId) -> Result<Event> {
    let course = store.meeting(meeting).await?.ok_or(Code::NotFound)?.course.id;
    store.remove_member(course, person, by).await?;
    Ok(Event::MemberRemoved { meetings: store.meeting_ids_of(course).await?, person })
}

/// Nobody waits for these answers: the room has acted already. A failure goes to the journal.
fn report<T>(what: &str, outcome: Result<T, Error>) -> Option<T> {
    outcome.map_err(|error| tracing::error!(code = error.code.name(), "could not {what}: {error}")).ok()
}
