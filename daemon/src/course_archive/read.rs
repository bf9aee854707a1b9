//! Reads a course that somebody has uploaded: first what it says, then every text and file of it, each
//! held against its size and hash. Nothing is kept before all of it was seen.

use std::fs::File;

use base::id::PersonId;
use base::limits::{COURSE_ARCHIVE_FILES, COURSE_MANIFEST_BYTES, MATERIAL_CHARACTERS};
use base::{Code, Error, Result, text};
use store::{AssignmentDraft, NewCourse, NewFile, NewMaterial, NewMatter, NewMeeting};

use super::manifest::MANIFEST;
use super::plan::{FilePlan, MatterPlan, MeetingPlan, Plan};
use crate::archive::{Broken, Reader};
use crate::files::{Arrived, Files, kind, megabytes};
use crate::tasks;

/// A course that has come, and its files, which are on the card but nobody's yet.
pub(crate) struct Brought {
    pub(crate) course: NewCourse,
    pub(crate) meetings: Vec<NewMeeting>,
    pub(crate) files: Vec<Arrived>,
}

/// Reads the course in `archive`, whose files will be `person`'s. `course_archive_foreign`,
/// `course_archive_damaged`, `course_archive_newer`, `files_full`.
pub(crate) async fn read(files: &Files, archive: &Arrived, person: PersonId) -> Result<Brought> {
    let file = archive.open().await?;
    let (reader, plan) = blocking(move || open(file)).await?;
    let needed: u64 = plan.files().map(|file| file.size_bytes).fold(0, u64::saturating_add);
    let room = files.room().await?;
    if needed > room {
        return Err(Error::new(Code::FilesFull)
            .with("free", megabytes(room))
            .with("needed", megabytes(needed).max(1)));
    }
    let mut taking = Taking { files, reader: Some(reader), person, arrived: Vec::new() };
    let mut meetings = Vec::new();
    for meeting in plan.meetings {
        meetings.push(taking.meeting(meeting).await?);
    }
    Ok(Brought { course: plan.course, meetings, files: taking.arrived })
}

fn open(file: File) -> Result<(Reader, Plan)> {
    let mut reader = Reader::open(file, COURSE_ARCHIVE_FILES).map_err(refused)?;
    let entry = reader.find(MANIFEST).ok_or(Code::CourseArchiveForeign)?;
    let plan = Plan::read(&reader.bytes(entry, COURSE_MANIFEST_BYTES).map_err(refused)?)?;
    for file in plan.files() {
        if reader.find(&file.path).is_none_or(|entry| entry.size_bytes != file.size_bytes) {
            return Err(damaged(format!("{:?} is missing, or has another size", file.path)));
        }
    }
    Ok((reader, plan))
}

/// What is taken out of the archive.
struct Taking<'a> {
    files: &'a Files,
    /// Lent to the thread that reads, and given back.
    reader: Option<Reader>,
    person: PersonId,
    arrived: Vec<Arrived>,
}

impl Taking<'_> {
    async fn meeting(&mut self, plan: MeetingPlan) -> Result<NewMeeting> {
        let mut materials = Vec::new();
        for (title, matter) in plan.materials {
            let matter = match matter {
                MatterPlan::Text(path) => {
                    NewMatter::Text(text::material(&self.text(path).await?).map_err(wrong)?)
                }
                MatterPlan::Link(address) => NewMatter::Link(address),
                MatterPlan::File(file) => NewMatter::File(self.file(file).await?),
            };
            materials.push(NewMaterial { title, matter });
        }
        let mut assignments = Vec::new();
        for plan in plan.assignments {
            let text = match plan.path {
                Some(path) => text::instructions(&self.text(path).await?).map_err(wrong)?,
                None => None,
            };
            let mut files = Vec::new();
            for file in plan.files {
                files.push(self.file(file).await?);
            }
            let draft = AssignmentDraft {
                title: plan.title,
                text,
                due_at: None,
                late: plan.late,
                points: plan.points,
            };
            assignments.push((draft, files));
        }
        Ok(NewMeeting { title: plan.title, materials, assignments })
    }

    async fn text(&mut self, path: String) -> Result<String> {
        let bytes = self
            .with_reader(move |reader| {
                let entry = reader.find(&path).ok_or_else(|| damaged(format!("{path:?} is missing")))?;
                // Four bytes are the most that a character has.
                reader.bytes(entry, 4 * MATERIAL_CHARACTERS as u64).map_err(refused)
            })
            .await?;
        String::from_utf8(bytes).map_err(|error| damaged(error.to_string()))
    }

    async fn file(&mut self, plan: FilePlan) -> Result<NewFile> {
        let path = self.files.path_to_take();
        let (size_bytes, sha256) = (plan.size_bytes, plan.sha256);
        let arrived = self
            .with_reader(move |reader| {
                let entry =
                    reader.find(&plan.path).ok_or_else(|| damaged(format!("{:?} is missing", plan.path)))?;
                let arrived = Arrived::write(path, |to| reader.copy(entry, to).map_err(refused))?;
                Ok((arrived, plan.name))
            })
            .await?;
        let (arrived, name) = arrived;
        if (arrived.size_bytes, arrived.sha256) != (size_bytes, sha256) {
            return Err(damaged(format!("{name:?} is not what it was")));
        }
        let new = NewFile {
            sha256,
            size_bytes,
            media_type: kind::of(&arrived.beginning, &name),
            name,
            person: self.person,
        };
        self.arrived.push(arrived);
        Ok(new)
    }

    async fn with_reader<T: Send + 'static>(
        &mut self,
        work: impl FnOnce(&mut Reader) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let mut reader = self.reader.take().ok_or_else(|| damaged("it could not be read before"))?;
        let (reader, done) = blocking(move || {
            let done = work(&mut reader)?;
            Ok((reader, done))
        })
        .await?;
        self.reader = Some(reader);
        Ok(done)
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tasks::blocking(work).await {
        Ok(done) => done,
        Err(panicked) => Err(Error::new(Code::Internal).because(panicked)),
    }
}

pub(super) fn damaged(detail: impl Into<String>) -> Error {
    Error::new(Code::CourseArchiveDamaged).because(detail.into())
}

fn wrong(error: Error) -> Error {
    Error::new(Code::CourseArchiveDamaged).because(error)
}

/// What a broken archive means.
fn refused(broken: Broken) -> Error {
    match broken {
        Broken::Io(error) => crate::files::failed(error),
        Broken::NotAnArchive(_) => Error::new(Code::CourseArchiveForeign).because(broken),
        other => Error::new(Code::CourseArchiveDamaged).because(other),
    }
}
