//! Coming in: through `join`, back after a lost connection, and out of the lobby.

use base::id::{MeetingId, ParticipantId, PersonId};
use base::secret::{TokenHash, participant_id};
use base::{Code, Error, Result, limits};

use crate::connections::Stage;
use crate::context::Context;
use crate::effect::Effect;
use crate::event::ConnectionId;
use crate::hub::{Hub, Refused};
use crate::message::client::Join;
use crate::message::shared::{ChatMessage, Media, Meeting};
use crate::room::{Opening, Place, Room};
use crate::seating::Seating;

/// A `join`, as far as the hub must remember it.
#[derive(Debug)]
pub(crate) struct Request {
    /// Who the page is.
    pub(crate) id: ParticipantId,
    /// What it sends.
    pub(crate) media: Media,
    /// Its token and the last number it has seen, if it wants to go on where it was.
    pub(crate) resume: Option<(TokenHash, u64)>,
}

impl Hub {
    /// Takes a `join`; the room is opened if it is not.
    pub(crate) fn join(
        &mut self,
        connection: ConnectionId,
        join: &Join<'_>,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        let Some(known) = self.connections.get(connection) else { return Ok(()) };
        if !matches!(known.stage, Stage::New { .. }) {
            return Err(Code::AlreadyJoined.into());
        }
        let meeting = known.meeting;
        let request = Request {
            id: participant_id(known.identity.session, &join.key),
            media: join.media,
            resume: join.resume.as_ref().map(|resume| (TokenHash::of(&resume.token), resume.seq)),
        };
        let is_space = self.rooms.len() < limits::OPEN_ROOMS;
        match self.rooms.get_mut(&meeting) {
            Some(Place::Open(_)) => return self.enter(connection, meeting, request, context),
            // Nobody is in a room that is not open: there is nothing to go on with.
            _ if request.resume.is_some() => return Err(Code::ResumeUnknown.into()),
            Some(Place::Opening(opening)) => {
                opening.pending.insert(connection, request);
            }
            None if !is_space => return Err(Code::TooManyRooms.into()),
            None => {
                let pending = [(connection, request)].into();
                let opening = Opening { pending, ..Opening::default() };
                self.rooms.insert(meeting, Place::Opening(opening));
                context.effects.push(Effect::OpenRoom { meeting });
            }
        }
        self.connections.set_stage(connection, Stage::Opening, &mut self.timers);
        Ok(())
    }

    /// The store has looked a meeting up: lets in those who wait for it, or says why not.
    pub(crate) fn room_opened(
        &mut self,
        meeting: MeetingId,
        opened: Result<(Meeting, Vec<ChatMessage>)>,
        context: &mut Context<'_>,
    ) {
        if !matches!(self.rooms.get(&meeting), Some(Place::Opening(_))) {
            return;
        }
        let Some(Place::Opening(opening)) = self.rooms.remove(&meeting) else { return };
        let until = context.now.plus(limits::JOIN_TIMEOUT_MS);
        for connection in opening.pending.keys() {
            self.connections.set_stage(*connection, Stage::New { until }, &mut self.timers);
        }
        match opened {
            Ok((about, chat)) => {
                let mut room = Room::new(about, chat);
                opening.stored.into_iter().for_each(|message| room.recent.push(message));
                opening.deleted.into_iter().for_each(|message| room.recent.delete(message));
                self.rooms.insert(meeting, Place::Open(room));
                for (connection, request) in opening.pending {
                    if let Err(refused) = self.enter(connection, meeting, request, context) {
                        context.refuse(Some(connection), refused.error, None);
                    }
                }
                self.drop_if_empty(meeting);
            }
            Err(error) => {
                let code = error.code;
                let mut pending = opening.pending.into_keys();
                // The cause is written down once, under the first one's reference.
                context.refuse(pending.next(), error, None);
                pending.for_each(|connection| context.refuse(Some(connection), Error::new(code), None));
            }
        }
    }

    /// A guest has become a student of the meeting's course: they are shown so, and come in if only
    /// guests must wait.
    pub(crate) fn admitted(&mut self, meeting: MeetingId, person: PersonId, context: &mut Context<'_>) {
        self.connections.promote(meeting, person);
        let Some(Place::Open(room)) = self.rooms.get_mut(&meeting) else { return };
        room.promote(person, context);
        let mut seating = Seating { room, connections: &mut self.connections, timers: &mut self.timers };
        seating.let_in_who_need_not_wait(context);
    }

    /// Lets a connection into an open room: back, anew, or into the lobby.
    fn enter(
        &mut self,
        connection: ConnectionId,
        meeting: MeetingId,
        request: Request,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        if request.resume.is_none() {
            self.make_room_for(connection, &request.id, context);
        }
        let Some(Place::Open(room)) = self.rooms.get_mut(&meeting) else { return Ok(()) };
        let mut seating = Seating { room, connections: &mut self.connections, timers: &mut self.timers };
        match (seating.room.seat(&request.id), request.resume) {
            (Some(seat), Some((token, seen))) => {
                seating.resume(connection, seat, (token, seen), request.media, context)
            }
            (Some(seat), None) => {
                seating.come_back(connection, seat, request.media, context);
                Ok(())
            }
            (None, Some(_)) => Err(Code::ResumeUnknown.into()),
            (None, None) => seating.come_in(connection, request, context),
        }
    }
}
