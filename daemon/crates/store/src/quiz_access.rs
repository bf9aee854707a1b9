//! Who may see a quiz, and decide in it: as they may with its meeting.

use base::id::QuizId;
use base::{Code, Result};

use crate::access::{MeetingAccess, see_meeting};
use crate::meeting::Meeting;
use crate::person::Person;
use crate::quiz::{self, Quiz};
use crate::store::Store;
use crate::words::CourseRole;

/// A quiz, and what somebody is in its course.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuizAccess {
    /// The quiz.
    pub quiz: Quiz,
    /// Its meeting.
    pub meeting: Meeting,
    /// What the person may do in it.
    pub role: CourseRole,
}

impl Store {
    /// A quiz as `person` may see it, which is as they see its meeting; a draft exists for teachers
    /// alone.
    pub async fn quiz_access(&self, quiz: QuizId, person: &Person) -> Result<QuizAccess> {
        let person = person.clone();
        self.read(move |connection| {
            let quiz = quiz::find(connection, quiz)?.ok_or(Code::NotFound)?;
            let MeetingAccess { meeting, role } = see_meeting(connection, quiz.meeting, &person)?;
            if role != CourseRole::Teacher && quiz.published_at.is_none() {
                return Err(Code::NotFound.into());
            }
            Ok(QuizAccess { quiz, meeting, role })
        })
        .await
    }
}

impl QuizAccess {
    /// Whether the person decides here, or at least did.
    pub fn teaches(&self) -> bool {
        self.role == CourseRole::Teacher
    }

    /// For those who look at what was answered, even when the course was put away; `not_allowed` for
    /// others than its teachers.
    pub fn taught(self) -> Result<Self> {
        if self.teaches() { Ok(self) } else { Err(Code::NotAllowed.into()) }
    }

    /// For those who change something in it. `not_allowed` for others than its teachers,
    /// `course_archived` if the course was put away.
    pub fn changed_by_teacher(self) -> Result<Self> {
        self.taught()?.in_use()
    }

    /// For those who take it. `not_allowed` for others than the course's students, `course_archived`
    /// if it was put away.
    pub fn taken_by_student(self) -> Result<Self> {
        if self.role == CourseRole::Student { self.in_use() } else { Err(Code::NotAllowed.into()) }
    }

    fn in_use(self) -> Result<Self> {
        if self.meeting.course.archived_at.is_some() { Err(Code::CourseArchived.into()) } else { Ok(self) }
    }
}
