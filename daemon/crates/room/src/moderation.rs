//! What teachers do in their rooms.
//!
//! A teacher can be muted or put out by nobody here, not even by another teacher: a class must
//! not be able to take the room away from whoever holds it.

use base::Code;
use base::id::{MeetingId, ParticipantId, PersonId};

use crate::context::Context;
use crate::effect::Effect;
use crate::hub::{Hub, Refused};
use crate::message::client::Moderation;
use crate::message::server::{Action, ClosingReason, Moderated, RoomMessage};
use crate::message::shared::{Lobby, Media, Role};
use crate::participant::{Link, Presence};
use crate::room::{Audience, Place, Room, Seat};
use crate::seating::Seating;
use crate::timers::Timer;

impl Hub {
    /// Takes a teacher's message.
    pub(crate) fn moderate(
        &mut self,
        meeting: MeetingId,
        by: Seat,
        doing: Moderation,
        context: &mut Context<'_>,
    ) -> Result<(), Refused> {
        let Some(room) = self.room(meeting) else { return Ok(()) };
        let Some(teacher) = room.participants.get(&by) else { return Ok(()) };
        if !teacher.presence.is_teacher() {
            return Err(Code::NotModerator.into());
        }
        let shown = teacher.presence.shown();
        let (by_id, by_person) = (shown.id.clone(), shown.person);
        match doing {
            Moderation::Admit { target } => self.admit(meeting, &by_id, &target, context)?,
            Moderation::Deny { target } => self.deny(meeting, &by_id, &target, context)?,
            Moderation::AdmitAll => self.admit_all(meeting, &by_id, context)?,
            Moderation::Mute { target } => room.mute(&by_id, &target, context)?,
            Moderation::MuteAll => room.tell_all(&done(Moderated::new(Action::MuteAll, &by_id)), context),
            Moderation::LowerHand { target } => room.lower_hand(&by_id, &target, context)?,
            Moderation::Remove { target } => self.remove(meeting, (&by_id, by_person), &target, context)?,
            Moderation::DeleteMessage { message } => self.ask_to_delete(meeting, by, message, context)?,
            Moderation::Lobby { lobby } => self.set_lobby(meeting, &by_id, lobby, context),
            Moderation::End => self.end(meeting, context),
        }
        Ok(())
    }

    fn seating(&mut self, meeting: MeetingId) -> Result<Seating<'_>, Code> {
        match self.rooms.get_mut(&meeting) {
            Some(Place::Open(room)) => {
                Ok(Seating { room, connections: &mut self.connections, timers: &mut self.timers })
            }
            _ => Err(Code::RecipientUnknown),
        }
    }

    fn admit(
        &mut self,
        meeting: MeetingId,
        by: &ParticipantId,
        target: &ParticipantId,
        context: &mut Context<'_>,
    ) -> Result<(), Code> {
        let mut seating = self.seating(meeting)?;
        let person = seating.room.waiting_person(target)?;
        seating.let_in(person, context)?;
        let admitted = Moderated { target: Some(target), ..Moderated::new(Action::Admit, by) };
        seating.room.tell_teachers(&done(admitted), context);
        Ok(())
    }

    fn admit_all(
        &mut self,
        meeting: MeetingId,
        by: &ParticipantId,
        context: &mut Context<'_>,
    ) -> Result<(), Code> {
        let mut seating = self.seating(meeting)?;
        while let Some(presence) = seating.room.lobby.values().next() {
            let person = presence.shown().person;
            seating.let_in(person, context)?;
        }
        seating.room.tell_teachers(&done(Moderated::new(Action::AdmitAll, by)), context);
        Ok(())
    }

    fn deny(
        &mut self,
        meeting: MeetingId,
        by: &ParticipantId,
        target: &ParticipantId,
        context: &mut Context<'_>,
    ) -> Result<(), Code> {
        let seating = self.seating(meeting)?;
        let person = seating.room.waiting_person(target)?;
        for seat in seating.room.waiting_seats(person) {
            let Some(presence) = seating.room.leave_lobby(seat, context) else { continue };
            match presence.link {
                Link::Connected(connection) => {
                    seating.connections.close(connection, ClosingReason::Denied, context, seating.timers);
                }
                Link::Broken { until } => seating.timers.cancel(until, Timer::Grace(meeting, seat)),
            }
        }
        let denied = Moderated { target: Some(target), ..Moderated::new(Action::Deny, by) };
        seating.room.tell_teachers(&done(denied), context);
        Ok(())
    }

    fn remove(
        &mut self,
        meeting: MeetingId,
        (by, by_person): (&ParticipantId, PersonId),
        target: &ParticipantId,
        context: &mut Context<'_>,
    ) -> Result<(), Code> {
        let room = self.seating(meeting)?.room;
        let seat = room.seat(target).ok_or(Code::RecipientUnknown)?;
        let presence = room.presence(seat).ok_or(Code::RecipientUnknown)?;
        // A bot is no member; who let it in sends it away.
        if presence.is_teacher() || presence.is_bot() {
            return Err(Code::NotAllowed);
        }
        let person = presence.shown().person;
        context.effects.push(Effect::RemoveMember { meeting, person, by: by_person });
        self.expel(meeting, person, context);
        if let Some(room) = self.room(meeting) {
            let removed = Moderated { target: Some(target), ..Moderated::new(Action::Remove, by) };
            room.tell_teachers(&done(removed), context);
        }
        Ok(())
    }

    fn set_lobby(&mut self, meeting: MeetingId, by: &ParticipantId, lobby: Lobby, context: &mut Context<'_>) {
        let Ok(mut seating) = self.seating(meeting) else { return };
        if seating.room.meeting.lobby == lobby {
            return;
        }
        seating.room.meeting.lobby = lobby;
        context.effects.push(Effect::StoreLobby { meeting, lobby });
        let changed = Moderated { lobby: Some(lobby), ..Moderated::new(Action::Lobby, by) };
        seating.room.tell_all(&done(changed), context);
        seating.let_in_who_need_not_wait(context);
    }
}

impl Seating<'_> {
    /// Lets all waiting pages of a person in. A guest is a student of the course from now on.
    fn let_in(&mut self, person: PersonId, context: &mut Context<'_>) -> Result<(), Code> {
        let seats = self.room.waiting_seats(person);
        self.check_space(seats.len())?;
        self.room.admit(person);
        let mut was_guest = false;
        for seat in seats {
            let Some(mut presence) = self.leave_lobby(seat, context) else { continue };
            if presence.shown().role == Role::Guest {
                was_guest = true;
                presence.show_role(Role::Student);
            }
            self.seat(presence, context);
        }
        if was_guest {
            context.effects.push(Effect::AdmitMember { meeting: self.room.meeting.id, person });
            self.room.promote(person, context);
        }
        Ok(())
    }

    /// After the rule changed: lets in whom it no longer holds, as far as there is space.
    pub(crate) fn let_in_who_need_not_wait(&mut self, context: &mut Context<'_>) {
        let room = &self.room;
        let free = room.lobby.iter().filter(|(_, presence)| {
            let shown = presence.shown();
            !room.must_wait(shown.person, shown.role)
        });
        let free: Vec<Seat> = free.map(|(seat, _)| *seat).collect();
        for seat in free {
            if self.check_space(1).is_err() {
                return;
            }
            if let Some(presence) = self.leave_lobby(seat, context) {
                self.seat(presence, context);
            }
        }
    }

    fn leave_lobby(&mut self, seat: Seat, context: &mut Context<'_>) -> Option<Presence> {
        let presence = self.room.leave_lobby(seat, context)?;
        if let Link::Broken { until } = presence.link {
            self.timers.cancel(until, Timer::Grace(self.room.meeting.id, seat));
        }
        Some(presence)
    }
}

impl Room {
    /// Whose page in the lobby `id` is.
    fn waiting_person(&self, id: &ParticipantId) -> Result<PersonId, Code> {
        let seat = self.seat(id).ok_or(Code::RecipientUnknown)?;
        let presence = self.lobby.get(&seat).ok_or(Code::RecipientUnknown)?;
        Ok(presence.shown().person)
    }

    fn waiting_seats(&self, person: PersonId) -> Vec<Seat> {
        let theirs = self.lobby.iter().filter(|(_, presence)| presence.shown().person == person);
        theirs.map(|(seat, _)| *seat).collect()
    }

    fn mute(
        &mut self,
        by: &ParticipantId,
        target: &ParticipantId,
        context: &mut Context<'_>,
    ) -> Result<(), Code> {
        let seat = self.participant_seat(target)?;
        if self.presence(seat).is_some_and(|presence| presence.is_teacher()) {
            return Err(Code::NotAllowed);
        }
        let muted = Moderated { target: Some(target), ..Moderated::new(Action::Mute, by) };
        self.tell_target_and_teachers(seat, muted, context);
        Ok(())
    }

    fn lower_hand(
        &mut self,
        by: &ParticipantId,
        target: &ParticipantId,
        context: &mut Context<'_>,
    ) -> Result<(), Code> {
        let seat = self.participant_seat(target)?;
        let lowered = Moderated { target: Some(target), ..Moderated::new(Action::LowerHand, by) };
        self.tell_target_and_teachers(seat, lowered, context);
        let changed = self.presence(seat).is_some_and(|presence| {
            let media = presence.shown().media;
            presence.show_media(Media { hand: false, ..media })
        });
        if changed {
            self.tell_updated(seat, Audience::Everybody, context);
        }
        Ok(())
    }

    /// An admitted guest's pages in the room and in the lobby are a student's from now on.
    pub(crate) fn promote(&mut self, person: PersonId, context: &mut Context<'_>) {
        let theirs = self
            .seats_of(|presence| presence.shown().person == person && presence.shown().role == Role::Guest);
        for seat in theirs {
            if self.presence(seat).is_some_and(|presence| presence.show_role(Role::Student)) {
                // Of those in the lobby nobody hears until they come in.
                self.tell_updated(seat, Audience::Everybody, context);
            }
        }
    }

    fn tell_target_and_teachers(
        &mut self,
        target: Seat,
        moderated: Moderated<'_>,
        context: &mut Context<'_>,
    ) {
        let body = done(moderated);
        self.tell(&body, context, |seat, presence| seat == target || presence.is_teacher());
    }
}

fn done(moderated: Moderated<'_>) -> std::sync::Arc<str> {
    RoomMessage::Moderated(moderated).body()
}
