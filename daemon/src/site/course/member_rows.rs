//! Members of a course as its pages list them, and what a teacher can do with each.

use base::id::PersonId;
use store::{CourseRole, Member, MemberState};

/// Everybody who belongs or belonged to a course, by what the teacher does about them.
#[derive(Default)]
pub(super) struct Members {
    /// Guests who wait to be admitted.
    pub(super) waiting: Vec<Member>,
    pub(super) teachers: Vec<Member>,
    pub(super) students: Vec<Member>,
    pub(super) removed: Vec<Member>,
    /// How many belong to it.
    pub(super) active: usize,
}

/// A line of a list.
pub(super) struct MemberRow {
    pub(super) id: PersonId,
    pub(super) name: String,
    pub(super) can_admit: bool,
    pub(super) can_remove: bool,
    pub(super) can_restore: bool,
}

impl Members {
    pub(super) fn of(members: Vec<Member>) -> Self {
        let mut sorted = Self::default();
        for member in members {
            let list = match (member.membership.state, member.membership.role) {
                (MemberState::Active, CourseRole::Guest) => &mut sorted.waiting,
                (MemberState::Active, CourseRole::Teacher) => &mut sorted.teachers,
                (MemberState::Active, CourseRole::Student) => &mut sorted.students,
                (MemberState::Removed, _) => &mut sorted.removed,
            };
            list.push(member);
        }
        sorted.active = sorted.waiting.len() + sorted.teachers.len() + sorted.students.len();
        sorted
    }
}

/// The lines for `members`, by name.
pub(super) fn rows(mut members: Vec<Member>) -> Vec<MemberRow> {
    members.sort_by_cached_key(|member| member.person.name.to_lowercase());
    members.into_iter().map(row).collect()
}

fn row(member: Member) -> MemberRow {
    let active = member.membership.state == MemberState::Active;
    MemberRow {
        id: member.person.id,
        can_admit: active && member.membership.role == CourseRole::Guest,
        can_remove: active,
        can_restore: !active,
        name: member.person.name,
    }
}
