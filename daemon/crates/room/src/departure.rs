//! Every way of going: saying goodbye, breaking off, not coming back, being put out.

use base::id::{MeetingId, ParticipantId, PersonId, SessionId};
use base::limits;

use crate::connections::Stage;
use crate::context::Context;
use crate::effect::Departure;
use crate::event::ConnectionId;
use crate::hub::Hub;
use crate::message::server::{ClosingReason, LeftReason};
use crate::message::shared::Role;
use crate::participant::{Link, Presence};
use crate::room::{Place, Seat};
use crate::timers::Timer;

impl Hub {
    /// A client said `leave`.
    pub(crate) fn goodbye(&mut self, connection: ConnectionId, context: &mut Context<'_>) {
        self.dismiss(connection, ClosingReason::Left, context);
    }

    /// Closes a connection for good: whoever is behind it is gone from the room or the lobby.
    pub(crate) fn dismiss(
        &mut self,
        connection: ConnectionId,
        reason: ClosingReason,
        context: &mut Context<'_>,
    ) {
        let Some(known) = self.connections.close(connection, reason, context, &mut self.timers) else {
            return;
        };
        let left = match reason {
            ClosingReason::Removed => LeftReason::Removed,
            _ => LeftReason::Left,
        };
        match known.stage {
            Stage::New { .. } => {}
            Stage::Opening => self.no_longer_pending(known.meeting, connection),
            Stage::Waiting(seat) | Stage::Joined(seat) => self.vacate(known.meeting, seat, left, context),
        }
    }

    /// A connection broke: its participant, or its place in the lobby, is kept for a while. A bot's
    /// is not, because bots do not come back.
    pub(crate) fn disconnected(&mut self, connection: ConnectionId, context: &mut Context<'_>) {
        let Some(known) = self.connections.forget(connection, context.now, &mut self.timers) else { return };
        match known.stage {
            Stage::New { .. } => {}
            Stage::Opening => self.no_longer_pending(known.meeting, connection),
            Stage::Joined(seat) if known.identity.role == Role::Bot => {
                self.vacate(known.meeting, seat, LeftReason::Left, context);
            }
            Stage::Waiting(seat) | Stage::Joined(seat) => {
                let until = context.now.plus(limits::GRACE_MS);
                let Some(room) = self.room(known.meeting) else { return };
                let Some(presence) = room.presence(seat) else { return };
                presence.link = Link::Broken { until };
                self.timers.start(until, Timer::Grace(known.meeting, seat));
            }
        }
    }

    /// Somebody did not come back in time.
    pub(crate) fn give_up(&mut self, meeting: MeetingId, seat: Seat, context: &mut Context<'_>) {
        self.vacate(meeting, seat, LeftReason::Lost, context);
    }

    /// Before a new page of a person comes in: seats that wait for lost pages count as theirs, and
    /// the longest empty one is given up when there are too many. Else a single person could fill
    /// the room for everybody by coming and breaking off again and again.
    pub(crate) fn make_room_for(
        &mut self,
        connection: ConnectionId,
        page: &ParticipantId,
        context: &mut Context<'_>,
    ) {
        let Some(known) = self.connections.get(connection) else { return };
        let (meeting, person) = (known.meeting, known.identity.person);
        let Some(room) = self.room(meeting) else { return };
        if room.seat(page).is_some() {
            return;
        }
        let seats = room.seats_of(|presence| presence.shown().person == person);
        if seats.len() < limits::PERSON_CONNECTIONS {
            return;
        }
        let empty = seats.into_iter().filter_map(|seat| match room.presence(seat)?.link {
            Link::Broken { until } => Some((until, seat)),
            Link::Connected(_) => None,
        });
        if let Some((_, seat)) = empty.min() {
            self.give_up(meeting, seat, context);
        }
    }

    /// A session is no longer signed in: its pages are gone from every room.
    pub(crate) fn signed_out(&mut self, session: SessionId, context: &mut Context<'_>) {
        for connection in self.connections.which(|known| known.identity.session == session) {
            self.dismiss(connection, ClosingReason::SignedOut, context);
        }
        let meetings: Vec<MeetingId> = self.rooms.keys().copied().collect();
        for meeting in meetings {
            self.vacate_all(meeting, LeftReason::Left, context, |presence| presence.session == session);
        }
    }

    /// A person is no longer a member of a meeting's course.
    pub(crate) fn expel(&mut self, meeting: MeetingId, person: PersonId, context: &mut Context<'_>) {
        if let Some(room) = self.room(meeting) {
            room.unadmit(person);
        }
        let theirs =
            self.connections.which(|known| known.meeting == meeting && known.identity.person == person);
        for connection in theirs {
            self.dismiss(connection, ClosingReason::Removed, context);
        }
        self.vacate_all(meeting, LeftReason::Removed, context, |presence| presence.shown().person == person);
    }

    /// Students do not see the meeting any more: to them its room has ended.
    pub(crate) fn shut_to_students(&mut self, meeting: MeetingId, context: &mut Context<'_>) {
        let stays = |role: Role| matches!(role, Role::Teacher | Role::Bot);
        let theirs = self.connections.which(|known| known.meeting == meeting && !stays(known.identity.role));
        for connection in theirs {
            self.dismiss(connection, ClosingReason::Ended, context);
        }
        self.vacate_all(meeting, LeftReason::Left, context, |presence| !stays(presence.shown().role));
    }

    /// A teacher ended the live room.
    pub(crate) fn end(&mut self, meeting: MeetingId, context: &mut Context<'_>) {
        let Some(Place::Open(room)) = self.rooms.remove(&meeting) else { return };
        room.all_depart(Departure::Ended, context);
        let inside = room.participants.into_iter().map(|(seat, participant)| (seat, participant.presence));
        for (seat, presence) in inside.chain(room.lobby) {
            match presence.link {
                Link::Connected(connection) => {
                    self.connections.close(connection, ClosingReason::Ended, context, &mut self.timers);
                }
                Link::Broken { until } => self.timers.cancel(until, Timer::Grace(meeting, seat)),
            }
        }
    }

    /// Forgets a room without people.
    pub(crate) fn drop_if_empty(&mut self, meeting: MeetingId) {
        if matches!(self.rooms.get(&meeting), Some(Place::Open(room)) if room.is_empty()) {
            self.rooms.remove(&meeting);
        }
    }

    fn vacate_all(
        &mut self,
        meeting: MeetingId,
        reason: LeftReason,
        context: &mut Context<'_>,
        chosen: impl Fn(&Presence) -> bool,
    ) {
        let Some(room) = self.room(meeting) else { return };
        for seat in room.seats_of(chosen) {
            self.vacate(meeting, seat, reason, context);
        }
    }

    /// Takes whoever is at `seat` out of the room or the lobby. A room without people is gone.
    fn vacate(&mut self, meeting: MeetingId, seat: Seat, reason: LeftReason, context: &mut Context<'_>) {
        let Some(room) = self.room(meeting) else { return };
        let gone = match room.leave(seat, reason, context) {
            Some(presence) => Some(presence),
            None => room.leave_lobby(seat, context),
        };
        if let Some(Presence { link: Link::Broken { until }, .. }) = gone {
            self.timers.cancel(until, Timer::Grace(meeting, seat));
        }
        self.drop_if_empty(meeting);
    }

    fn no_longer_pending(&mut self, meeting: MeetingId, connection: ConnectionId) {
        if let Some(Place::Opening(opening)) = self.rooms.get_mut(&meeting) {
            opening.pending.remove(&connection);
        }
    }
}
