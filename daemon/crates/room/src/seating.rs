//! Gives pages their places in a room and in its lobby, and gives them back.

use base::secret::TokenHash;
use base::{Code, limits};

use crate::connections::{Connection, Connections, Stage};
use crate::context::Context;
use crate::entry::Request;
use crate::event::{ConnectionId, Identity};
use crate::hub::Refused;
use crate::inflow::Inflow;
use crate::message::server::{ClosingReason, ConnectionMessage, Joined};
use crate::message::shared::{Media, Role};
use crate::participant::{Link, Participant, Presence};
use crate::replay::Replay;
use crate::room::{Audience, Room, Seat};
use crate::timers::{Timer, Timers};

/// A room together with the connections and timers that coming in touches.
pub(crate) struct Seating<'a> {
    /// The room.
    pub(crate) room: &'a mut Room,
    /// All connections.
    pub(crate) connections: &'a mut Connections,
    /// All timers.
    pub(crate) timers: &'a mut Timers,
}

impl Seating<'_> {
    /// A page that was not here: into the room or the lobby.
    pub(crate) fn come_in(
        &mut self,
        connection: ConnectionId,
        request: Request,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        let Some(known) = self.connections.get(connection) else { return Ok(()) };
        let role = self.room.role_of(known.identity.person, known.identity.role);
        let identity = Identity { role, ..known.identity.clone() };
        let presence = Presence::new(request.id, &identity, request.media, connection);
        if !self.room.must_wait(identity.person, role) {
            // Bots are bounded by whoever lets them in, and take no person's seat.
            if role != Role::Bot {
                self.check_space(1)?;
            }
            self.seat(presence, context);
            return Ok(());
        }
        if self.room.lobby.len() >= limits::LOBBY_PARTICIPANTS {
            return Err(Code::LobbyFull.into());
        }
        let seat = self.room.wait(presence, context);
        self.connections.set_stage(connection, Stage::Waiting(seat), self.timers);
        context.send(connection, &ConnectionMessage::Waiting { meeting: &self.room.meeting });
        Ok(())
    }

    /// Whether so many more participants fit.
    pub(crate) fn check_space(&self, more: usize) -> Result<(), Code> {
        let people = self.room.participants.len() - self.room.bots();
        let fits = people + more <= limits::ROOM_PARTICIPANTS;
        fits.then_some(()).ok_or(Code::RoomFull)
    }

    /// Gives a page a seat in the room. If its connection is broken, its grace goes on.
    pub(crate) fn seat(&mut self, presence: Presence, context: &mut Context<'_>) {
        let link = presence.link;
        let (token, hash) = new_token(context);
        let participant =
            Participant { presence, token: hash, replay: Replay::default(), inflow: Inflow::default() };
        let seat = self.room.take_seat(participant, context);
        match link {
            Link::Connected(connection) => self.welcome(connection, seat, &token, context),
            Link::Broken { until } => {
                self.timers.start(until, Timer::Grace(self.room.meeting.id, seat));
            }
        }
    }

    /// A page that is here already and lost the story, or is still in the lobby: it starts anew
    /// where it is.
    pub(crate) fn come_back(
        &mut self,
        connection: ConnectionId,
        seat: Seat,
        media: Media,
        context: &mut Context<'_>,
    ) {
        let changed = self.attach(connection, seat, media, context);
        let Some(participant) = self.room.participants.get_mut(&seat) else {
            self.wait_again(connection, seat, context);
            return;
        };
        let (token, hash) = new_token(context);
        participant.token = hash;
        participant.replay = Replay::default();
        self.welcome(connection, seat, &token, context);
        if changed {
            self.room.tell_updated(seat, Audience::Others, context);
        }
    }

    /// A page that is still in the lobby, unless its person has become a member meanwhile.
    fn wait_again(&mut self, connection: ConnectionId, seat: Seat, context: &mut Context<'_>) {
        self.connections.set_stage(connection, Stage::Waiting(seat), self.timers);
        let Some(presence) = self.room.presence(seat) else { return };
        let (person, role) = (presence.shown().person, presence.shown().role);
        if !self.room.must_wait(person, role) && self.check_space(1).is_ok() {
            if let Some(presence) = self.room.leave_lobby(seat, context) {
                self.seat(presence, context);
            }
        } else {
            context.send(connection, &ConnectionMessage::Waiting { meeting: &self.room.meeting });
        }
    }

    /// A page that goes on where it was.
    pub(crate) fn resume(
        &mut self,
        connection: ConnectionId,
        seat: Seat,
        (token, seen): (TokenHash, u64),
        media: Media,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        // The digests are compared, not the tokens: how long that takes says nothing of them.
        let participant = self.room.participants.get(&seat).filter(|known| known.token == token);
        let participant = participant.ok_or(Code::ResumeUnknown)?;
        if seen > participant.replay.last() {
            return Err(Code::ResumeUnknown.into());
        }
        if participant.replay.after(seen).is_none() {
            return Err(Code::ResumeExpired.into());
        }
        let changed = self.attach(connection, seat, media, context);
        self.connections.set_stage(connection, Stage::Joined(seat), self.timers);
        let (token, hash) = new_token(context);
        if let Some(participant) = self.room.participants.get_mut(&seat) {
            participant.token = hash;
            participant.replay.seen(seen);
            context.send(connection, &ConnectionMessage::Resumed { seq: seen, token: &token });
            for (seq, body) in participant.replay.after(seen).into_iter().flatten() {
                context.send_numbered(connection, seq, body.clone());
            }
        }
        if changed {
            self.room.tell_updated(seat, Audience::Everybody, context);
        }
        Ok(())
    }

    /// Lets `seat` be reached through `connection`, whatever it was before. Whether others see
    /// it differently now.
    fn attach(
        &mut self,
        connection: ConnectionId,
        seat: Seat,
        media: Media,
        context: &mut Context<'_>,
    ) -> bool {
        let Some(Connection { identity, .. }) = self.connections.get(connection) else { return false };
        let role = self.room.role_of(identity.person, identity.role);
        let name = identity.name.clone();
        let meeting = self.room.meeting.id;
        let Some(presence) = self.room.presence(seat) else { return false };
        match std::mem::replace(&mut presence.link, Link::Connected(connection)) {
            Link::Broken { until } => self.timers.cancel(until, Timer::Grace(meeting, seat)),
            Link::Connected(old) => {
                self.connections.close(old, ClosingReason::Replaced, context, self.timers);
            }
        }
        presence.show(&name, role, media)
    }

    /// Says `joined`.
    fn welcome(&mut self, connection: ConnectionId, seat: Seat, token: &str, context: &mut Context<'_>) {
        self.connections.set_stage(connection, Stage::Joined(seat), self.timers);
        let Some(known) = self.connections.get(connection) else { return };
        let Some(participant) = self.room.participants.get(&seat) else { return };
        let own = participant.presence.shown();
        let waiting = if participant.presence.is_teacher() {
            self.room.lobby.values().map(Presence::json).collect()
        } else {
            Vec::new()
        };
        let joined = Joined {
            own: &own.id,
            token,
            seq: participant.replay.last(),
            participants: self.room.participants.values().map(|other| other.presence.json()).collect(),
            waiting,
            ice_servers: &known.ice_servers,
            meeting: &self.room.meeting,
            chat: self.room.recent.readable_by(own.person).collect(),
        };
        context.send(connection, &ConnectionMessage::Joined(joined));
    }
}

/// A token that is handed out, and what is kept of it.
fn new_token(context: &mut Context<'_>) -> (String, TokenHash) {
    let token = context.random.token();
    let hash = TokenHash::of(&token);
    (token, hash)
}
