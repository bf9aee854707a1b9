//! One browser page in a room or in its lobby.

use std::sync::Arc;

use base::clock::Monotonic;
use base::id::{ParticipantId, SessionId};
use base::limits;
use base::secret::TokenHash;
use serde_json::value::RawValue;

use crate::context::Context;
use crate::event::{ConnectionId, Identity};
use crate::inflow::Inflow;
use crate::message::encode::raw;
use crate::message::shared::{Media, Participant as Shown, Role};
use crate::replay::Replay;

/// How a page can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Through an open connection.
    Connected(ConnectionId),
    /// Not now; it may come back until then.
    Broken {
        /// The end of its grace.
        until: Monotonic,
    },
}

impl Link {
    /// The open connection.
    pub(crate) fn connection(self) -> Option<ConnectionId> {
        match self {
            Self::Connected(connection) => Some(connection),
            Self::Broken { .. } => None,
        }
    }
}

/// A page, in a room or in its lobby.
#[derive(Debug)]
pub(crate) struct Presence {
    /// Its signed-in browser.
    pub(crate) session: SessionId,
    /// How to reach it.
    pub(crate) link: Link,
    shown: Shown,
    json: Box<RawValue>,
}

impl Presence {
    /// A page that was reached through `connection`.
    pub(crate) fn new(
        id: ParticipantId,
        identity: &Identity,
        media: Media,
        connection: ConnectionId,
    ) -> Self {
        let Identity { person, ref name, role, session } = *identity;
        let shown = Shown { id, person, name: Arc::clone(name), role, media };
        Self { session, link: Link::Connected(connection), json: raw(&shown), shown }
    }

    /// What others see of it.
    pub(crate) fn shown(&self) -> &Shown {
        &self.shown
    }

    /// The same as JSON.
    pub(crate) fn json(&self) -> &RawValue {
        &self.json
    }

    /// Changes what others see of it; false if it was so before.
    pub(crate) fn show(&mut self, name: &Arc<str>, role: Role, media: Media) -> bool {
        let shown = &mut self.shown;
        if shown.name == *name && shown.role == role && shown.media == media {
            return false;
        }
        shown.name = Arc::clone(name);
        (shown.role, shown.media) = (role, media);
        self.json = raw(&self.shown);
        true
    }

    /// Changes what it sends; false if it was so before.
    pub(crate) fn show_media(&mut self, media: Media) -> bool {
        let name = Arc::clone(&self.shown.name);
        self.show(&name, self.shown.role, media)
    }

    /// Changes what it may do; false if it was so before.
    pub(crate) fn show_role(&mut self, role: Role) -> bool {
        let name = Arc::clone(&self.shown.name);
        self.show(&name, role, self.shown.media)
    }

    /// Whether it is no person's.
    pub(crate) fn is_bot(&self) -> bool {
        self.shown.role == Role::Bot
    }

    /// When it was last connected.
    pub(crate) fn last_connected(&self, now: Monotonic) -> Monotonic {
        match self.link {
            Link::Connected(_) => now,
            Link::Broken { until } => Monotonic(until.0.saturating_sub(limits::GRACE_MS)),
        }
    }

    /// Whether it moderates.
    pub(crate) fn is_teacher(&self) -> bool {
        self.shown.role == Role::Teacher
    }
}

/// A page in the room.
#[derive(Debug)]
pub(crate) struct Participant {
    /// Who and where.
    pub(crate) presence: Presence,
    /// Of the token for resuming.
    pub(crate) token: TokenHash,
    /// What it was told.
    pub(crate) replay: Replay,
    /// How much others may still signal to it.
    pub(crate) inflow: Inflow,
}

impl Participant {
    /// Tells it a message of the story, now or when it comes back.
    pub(crate) fn tell(&mut self, body: &Arc<str>, context: &mut Context<'_>) {
        let seq = self.replay.push(body);
        if let Link::Connected(connection) = self.presence.link {
            context.send_numbered(connection, seq, Arc::clone(body));
        }
    }
}
