//! Whether somebody may enter a meeting's room, and as what.

use base::id::MeetingId;
use base::{Code, Result};
use room::message::shared::Role;
use store::{CourseRole, Lobby, Meeting, MemberState, Membership, PersonKind, Store};

use crate::auth::SignedIn;

/// A meeting, and what somebody is in it.
#[derive(Debug)]
pub(super) struct Entrance {
    meeting: Meeting,
    /// What the person may do in the room.
    pub(super) role: Role,
}

impl Entrance {
    /// Whether a teacher must admit the person first, who then sees nothing of the room before.
    pub(super) fn must_wait(&self) -> bool {
        match self.meeting.lobby {
            Lobby::Off => false,
            Lobby::Guests => self.role == Role::Guest,
            Lobby::Everyone => self.role != Role::Teacher,
        }
    }
}

/// Where `signed_in` may enter.
///
/// # Errors
/// `not_found` if there is no such meeting, `member_removed` for those whom a teacher removed
/// from the course, `not_allowed` for those who never joined it.
pub(super) async fn of(store: &Store, meeting: MeetingId, signed_in: &SignedIn) -> Result<Entrance> {
    let meeting = store.meeting(meeting).await?.ok_or(Code::NotFound)?;
    let person = &signed_in.person;
    let membership = store.membership(meeting.course.id, person.id).await?;
    let role = role(person.kind, membership)?;
    Ok(Entrance { meeting, role })
}

fn role(kind: PersonKind, membership: Option<Membership>) -> Result<Role> {
    match (kind, membership) {
        (PersonKind::Technician, _) => Ok(Role::Teacher),
        (_, None) => Err(Code::NotAllowed.into()),
        (_, Some(Membership { state: MemberState::Removed, .. })) => Err(Code::MemberRemoved.into()),
        (_, Some(Membership { role, state: MemberState::Active })) => Ok(match role {
            CourseRole::Teacher => Role::Teacher,
            CourseRole::Student => Role::Student,
            CourseRole::Guest => Role::Guest,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_membership_decides_and_a_technician_is_a_teacher_everywhere() {
        let active = |role| Some(Membership { role, state: MemberState::Active });
        let removed = Some(Membership { role: CourseRole::Student, state: MemberState::Removed });
        let allowed = |kind, membership| role(kind, membership).map_err(|error| error.code);
        assert_eq!(allowed(PersonKind::Technician, None), Ok(Role::Teacher));
        assert_eq!(allowed(PersonKind::Technician, active(CourseRole::Student)), Ok(Role::Teacher));
        assert_eq!(allowed(PersonKind::Teacher, active(CourseRole::Teacher)), Ok(Role::Teacher));
        assert_eq!(allowed(PersonKind::Teacher, active(CourseRole::Student)), Ok(Role::Student));
        assert_eq!(allowed(PersonKind::Student, active(CourseRole::Guest)), Ok(Role::Guest));
        assert_eq!(allowed(PersonKind::Teacher, None), Err(Code::NotAllowed));
        assert_eq!(allowed(PersonKind::Student, removed), Err(Code::MemberRemoved));
    }
}
