//! `GET /api/rooms/{meeting}/messages?before=`: older chat, page by page.

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use base::id::MessageId;
use base::limits::CHAT_PAGE;
use base::{Code, Error};
use http::header;
use room::message::shared::ChatMessage;
use serde::{Deserialize, Serialize};

use super::routes::{Live, Room};
use super::{entrance, words};
use crate::auth::SignedIn;
use crate::http::problem::Problem;

/// Which page.
#[derive(Debug, Deserialize)]
pub(super) struct Before {
    /// The messages before this one; the newest, if absent.
    before: Option<MessageId>,
}

#[derive(Serialize)]
struct Page {
    messages: Vec<ChatMessage>,
    more: bool,
}

/// The messages that the asking person may see, oldest first.
pub(super) async fn page(
    State(live): State<Live>,
    Room(meeting): Room,
    signed_in: SignedIn,
    query: Result<Query<Before>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(Before { before }) = query.map_err(|error| Error::new(Code::BadRequest).because(error))?;
    let entrance = entrance::of(&live.store, meeting, &signed_in).await?;
    let person = signed_in.person.id;
    if entrance.must_wait() && !live.handle.is_inside(meeting, person).await? {
        return Err(Error::new(Code::StillWaiting).into());
    }
    let history = live.store.messages_before(meeting, person, before, CHAT_PAGE).await?;
    let messages = history.messages.into_iter().map(words::chat).collect();
    let page = Json(Page { messages, more: history.more });
    Ok(([(header::CACHE_CONTROL, "no-store")], page).into_response())
}
