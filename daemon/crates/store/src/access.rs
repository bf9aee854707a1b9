//! Who may see what of a course, and who decides in it: the one rule that pages, files and live
//! rooms ask.
//!
//! A course exists for its members and for technicians, who are teachers everywhere. Students and
//! guests see alike; a draft exists for teachers alone. A course that was put away is seen as
//! before, but nothing in it changes.

use std::collections::HashMap;

use base::id::{AssignmentId, CourseId, FileId, MeetingId};
use base::{Code, Result};
use rusqlite::Connection;

use crate::assignment::{self, Assignment};
use crate::course::{self, Course};
use crate::failure::Outcome;
use crate::file::{self, Place, StoredFile};
use crate::meeting::{self, Meeting};
use crate::member;
use crate::person::Person;
use crate::store::Store;
use crate::words::{CourseRole, MemberState, PersonKind};

/// A course, and what somebody is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourseAccess {
    /// The course.
    pub course: Course,
    /// What the person may do in it.
    pub role: CourseRole,
}

/// A meeting, and what somebody is in its course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingAccess {
    /// The meeting.
    pub meeting: Meeting,
    /// What the person may do in it.
    pub role: CourseRole,
}

/// An assignment, and what somebody is in its course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignmentAccess {
    /// The assignment.
    pub assignment: Assignment,
    /// Its meeting.
    pub meeting: Meeting,
    /// What the person may do in it.
    pub role: CourseRole,
}

impl Store {
    /// A course as `person` may see it. `not_found` if it does not exist for them,
    /// `member_removed` if a teacher removed them.
    pub async fn course_access(&self, course: CourseId, person: &Person) -> Result<CourseAccess> {
        let person = person.clone();
        self.read(move |connection| {
            let course = course::find(connection, course)?.ok_or(Code::NotFound)?;
            let role = role(connection, course.id, &person)?;
            Ok(CourseAccess { course, role })
        })
        .await
    }

    /// A meeting as `person` may see it. `not_found` if it does not exist for them, as a draft
    /// does not for students; `member_removed` if a teacher removed them.
    pub async fn meeting_access(&self, meeting: MeetingId, person: &Person) -> Result<MeetingAccess> {
        let person = person.clone();
        self.read(move |connection| see_meeting(connection, meeting, &person)).await
    }

    /// An assignment as `person` may see it, which is as they see its meeting; a draft exists for
    /// teachers alone.
    pub async fn assignment_access(
        &self,
        assignment: AssignmentId,
        person: &Person,
    ) -> Result<AssignmentAccess> {
        let person = person.clone();
        self.read(move |connection| see_assignment(connection, assignment, &person)).await
    }

    /// A file that `person` may have: of a meeting or an assignment that they see; of a submission
    /// for who handed it in, and for teachers. To others it does not exist.
    pub async fn file_access(&self, file: FileId, person: &Person) -> Result<StoredFile> {
        let person = person.clone();
        self.read(move |connection| {
            let (file, place) = file::placed(connection, file)?.ok_or(Code::NotFound)?;
            match place {
                Place::Material(meeting) => {
                    see_meeting(connection, meeting, &person)?;
                }
                Place::Assignment(assignment) => {
                    see_assignment(connection, assignment, &person)?;
                }
                Place::Submission(assignment, owner) => {
                    let seen = see_assignment(connection, assignment, &person)?;
                    if !seen.teaches() && owner != person.id {
                        return Err(Code::NotFound.into());
                    }
                }
            }
            Ok(file)
        })
        .await
    }
}

impl CourseAccess {
    /// Whether the person decides here, or at least did.
    pub fn teaches(&self) -> bool {
        self.role == CourseRole::Teacher
    }

    /// The course, for those who decide in it, even when it was put away; `not_allowed` for others.
    pub fn taught(self) -> Result<Course> {
        if self.teaches() { Ok(self.course) } else { Err(Code::NotAllowed.into()) }
    }

    /// The course, for those who change it. `not_allowed` for others than its teachers,
    /// `course_archived` if it was put away.
    pub fn changed_by_teacher(self) -> Result<Course> {
        let course = self.taught()?;
        if course.archived_at.is_some() { Err(Code::CourseArchived.into()) } else { Ok(course) }
    }
}

impl MeetingAccess {
    /// Whether the person decides here, or at least did.
    pub fn teaches(&self) -> bool {
        self.role == CourseRole::Teacher
    }

    /// The meeting, for those who decide in it, even when its course was put away; `not_allowed`
    /// for others.
    pub fn taught(self) -> Result<Meeting> {
        if self.teaches() { Ok(self.meeting) } else { Err(Code::NotAllowed.into()) }
    }

    /// The meeting, for those who change it. `not_allowed` for others than its teachers,
    /// `course_archived` if the course was put away.
    pub fn changed_by_teacher(self) -> Result<Meeting> {
        self.taught()?.in_use()
    }

    /// The meeting, for anybody who sees it and adds something of their own to it;
    /// `course_archived` if the course was put away.
    pub fn in_use(self) -> Result<Meeting> {
        self.meeting.in_use()
    }
}

impl AssignmentAccess {
    /// Whether the person decides here, or at least did.
    pub fn teaches(&self) -> bool {
        self.role == CourseRole::Teacher
    }

    /// For those who grade or look at what was handed in, even when the course was put away;
    /// `not_allowed` for others than its teachers.
    pub fn taught(self) -> Result<Self> {
        if self.teaches() { Ok(self) } else { Err(Code::NotAllowed.into()) }
    }

    /// For those who change something in it. `not_allowed` for others than its teachers,
    /// `course_archived` if the course was put away.
    pub fn changed_by_teacher(self) -> Result<Self> {
        self.taught()?.in_use()
    }

    /// For those who hand something in. `not_allowed` for others than the course's students,
    /// `course_archived` if it was put away.
    pub fn handed_in_by_student(self) -> Result<Self> {
        if self.role == CourseRole::Student { self.in_use() } else { Err(Code::NotAllowed.into()) }
    }

    fn in_use(self) -> Result<Self> {
        if self.meeting.course.archived_at.is_some() { Err(Code::CourseArchived.into()) } else { Ok(self) }
    }
}

pub(crate) fn see_meeting(
    connection: &Connection,
    meeting: MeetingId,
    person: &Person,
) -> Outcome<MeetingAccess> {
    let meeting = meeting::find(connection, meeting)?.ok_or(Code::NotFound)?;
    let role = role(connection, meeting.course.id, person)?;
    if role != CourseRole::Teacher && meeting.published_at.is_none() {
        return Err(Code::NotFound.into());
    }
    Ok(MeetingAccess { meeting, role })
}

fn see_assignment(
    connection: &Connection,
    assignment: AssignmentId,
    person: &Person,
) -> Outcome<AssignmentAccess> {
    let assignment = assignment::find(connection, assignment)?.ok_or(Code::NotFound)?;
    let MeetingAccess { meeting, role } = see_meeting(connection, assignment.meeting, person)?;
    if role != CourseRole::Teacher && assignment.published_at.is_none() {
        return Err(Code::NotFound.into());
    }
    Ok(AssignmentAccess { assignment, meeting, role })
}

/// Which courses exist for somebody, and what they are in each.
#[derive(Clone, Debug)]
pub(crate) enum Sight {
    /// All, as a teacher.
    Everywhere,
    /// These.
    In(HashMap<CourseId, CourseRole>),
}

impl Sight {
    pub(crate) fn of(connection: &Connection, person: &Person) -> Outcome<Self> {
        if person.kind == PersonKind::Technician {
            return Ok(Self::Everywhere);
        }
        Ok(Self::In(member::roles_of(connection, person.id)?))
    }

    /// What the person is in a course; `None` if it does not exist for them.
    pub(crate) fn role(&self, course: CourseId) -> Option<CourseRole> {
        match self {
            Self::Everywhere => Some(CourseRole::Teacher),
            Self::In(roles) => roles.get(&course).copied(),
        }
    }
}

/// What `person` is in the course: `not_found` for who is no member, `member_removed` for who was.
pub(crate) fn role(connection: &Connection, course: CourseId, person: &Person) -> Outcome<CourseRole> {
    if person.kind == PersonKind::Technician {
        return Ok(CourseRole::Teacher);
    }
    match member::find(connection, course, person.id)? {
        None => Err(Code::NotFound.into()),
        Some(membership) if membership.state == MemberState::Removed => Err(Code::MemberRemoved.into()),
        Some(membership) => Ok(membership.role),
    }
}
