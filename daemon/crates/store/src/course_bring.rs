//! A course that comes from elsewhere, such as out of a file of another box.

use base::id::PersonId;
use base::random::Random;
use base::{Code, Result};

use crate::assignment::{self, AssignmentDraft};
use crate::assignment_file;
use crate::course::{self, Course, NewCourse};
use crate::file::NewFile;
use crate::material::{self, NewMaterial};
use crate::meeting::{self, MeetingDraft};
use crate::store::Store;
use crate::words::Visibility;

/// A meeting with what a teacher has prepared for it. What is to come along in future has its place
/// here, as it has one in `copy`.
#[derive(Clone, Debug)]
pub struct NewMeeting {
    /// As `base::text::title` returned it.
    pub title: String,
    /// In their order.
    pub materials: Vec<NewMaterial>,
    /// In their order, each with its files.
    pub assignments: Vec<(AssignmentDraft, Vec<NewFile>)>,
}

impl Store {
    /// Makes a course with everything in it; meetings and assignments are drafts, and `teacher` is its
    /// only member. In one transaction: a power cut leaves all of it or nothing. `not_found` if there
    /// is no such teacher; `meetings_full`, `materials_too_many`, `assignments_too_many`,
    /// `files_too_many`.
    pub async fn bring_course(
        &self,
        new: NewCourse,
        meetings: Vec<NewMeeting>,
        teacher: PersonId,
        random: &mut dyn Random,
    ) -> Result<Course> {
        let now = self.now();
        let codes = course::draw(random);
        self.write(move |connection| {
            let course = course::insert(connection, &new, teacher, &codes, now)?;
            for new in &meetings {
                let draft = MeetingDraft { title: new.title.clone(), starts_at: None };
                let made = meeting::insert(connection, course.id, &draft, Visibility::Draft, now)?;
                for material in &new.materials {
                    material::insert(connection, made, material, now)?;
                }
                for (draft, files) in &new.assignments {
                    let assignment = assignment::insert(connection, made, draft, now)?;
                    assignment_file::give(connection, assignment, files, now)?;
                }
            }
            course::find(connection, course.id)?.ok_or_else(|| Code::NotFound.into())
        })
        .await
    }
}
