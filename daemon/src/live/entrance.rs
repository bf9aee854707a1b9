//! Whether somebody may enter a meeting's room, and as what.

use base::Result;
use base::id::MeetingId;
use room::message::shared::Role;
use store::{CourseRole, Meeting, Store};

use crate::auth::SignedIn;

/// A meeting, and what somebody is in it.
#[derive(Debug)]
pub(super) struct Entrance {
    meeting: Meeting,
    /// What the person may do in the room.
    pub(super) role: Role,
    must_wait: bool,
}

impl Entrance {
    /// Whether a teacher must admit the person first, who then sees nothing of the room before.
    pub(super) fn must_wait(&self) -> bool {
        self.must_wait
    }

    /// Whether the room opens: `course_archived` when the course was put away.
    pub(super) fn open(self) -> Result<Self> {
        Ok(Self { meeting: self.meeting.in_use()?, ..self })
    }
}

/// What `signed_in` may see of a meeting.
///
/// # Errors
/// `not_found` if there is no such meeting for them, `member_removed` for those whom a teacher
/// removed from the course.
pub(super) async fn of(store: &Store, meeting: MeetingId, signed_in: &SignedIn) -> Result<Entrance> {
    let access = store.meeting_access(meeting, &signed_in.person).await?;
    let role = match access.role {
        CourseRole::Teacher => Role::Teacher,
        CourseRole::Student => Role::Student,
        CourseRole::Guest => Role::Guest,
    };
    Ok(Entrance { must_wait: access.meeting.lobby.holds(access.role), meeting: access.meeting, role })
}
