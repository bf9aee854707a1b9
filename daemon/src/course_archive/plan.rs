//! What `course.json` of a stranger says, checked as if somebody had typed it here: nothing of it is
//! taken over as it stands.

use std::collections::HashSet;

use base::limits::{
    ASSIGNMENT_FILES, ASSIGNMENTS_PER_MEETING, COURSE_MEETINGS, FILE_BYTES, MATERIALS_PER_MEETING, POINTS,
};
use base::{Code, Error, Result, text};
use data_encoding::HEXLOWER;
use store::{LatePolicy, NewCourse, Sha256};

use super::manifest::{self, Claimed, FORMAT, KIND};
use super::read::damaged;

/// A course to be made, whose texts and files still lie in the archive.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) course: NewCourse,
    pub(super) meetings: Vec<MeetingPlan>,
}

#[derive(Debug)]
pub(super) struct MeetingPlan {
    pub(super) title: String,
    pub(super) materials: Vec<(Option<String>, MatterPlan)>,
    pub(super) assignments: Vec<AssignmentPlan>,
}

#[derive(Debug)]
pub(super) enum MatterPlan {
    /// Where it lies.
    Text(String),
    /// As `base::text::link` returned it.
    Link(String),
    File(FilePlan),
}

#[derive(Debug)]
pub(super) struct AssignmentPlan {
    pub(super) title: String,
    /// Where its instructions lie.
    pub(super) path: Option<String>,
    pub(super) late: LatePolicy,
    pub(super) points: i64,
    pub(super) files: Vec<FilePlan>,
}

#[derive(Clone, Debug)]
pub(super) struct FilePlan {
    /// Where it lies.
    pub(super) path: String,
    pub(super) name: String,
    pub(super) size_bytes: u64,
    pub(super) sha256: Sha256,
}

impl Plan {
    /// `course_archive_foreign`, `course_archive_newer`, `course_archive_damaged`.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let foreign = || Error::new(Code::CourseArchiveForeign);
        let claimed: Claimed = serde_json::from_slice(bytes).map_err(|error| foreign().because(error))?;
        if claimed.kind != KIND {
            return Err(foreign());
        }
        if claimed.format > FORMAT {
            return Err(Code::CourseArchiveNewer.into());
        }
        let course: manifest::Course =
            serde_json::from_slice(bytes).map_err(|error| damaged(error.to_string()))?;
        if course.meetings.len() > COURSE_MEETINGS {
            return Err(damaged("more meetings than a course may have"));
        }
        let term = course.term.as_deref().map(text::term).transpose().map_err(wrong)?.flatten();
        let new = NewCourse { title: text::title(&course.title).map_err(wrong)?, term };
        let meetings = course.meetings.into_iter().map(meeting).collect::<Result<Vec<_>>>()?;
        let plan = Self { course: new, meetings };
        let mut seen = HashSet::new();
        // What is named twice is unpacked twice: a small file would become a large one.
        let twice = plan.files().find(|file| !seen.insert(file.path.as_str())).map(|file| file.path.clone());
        match twice {
            Some(path) => Err(damaged(format!("{path:?} is named twice"))),
            None => Ok(plan),
        }
    }

    /// Every file of it.
    pub(super) fn files(&self) -> impl Iterator<Item = &FilePlan> {
        self.meetings.iter().flat_map(|meeting| {
            let materials = meeting.materials.iter().filter_map(|(_, matter)| match matter {
                MatterPlan::File(file) => Some(file),
                MatterPlan::Text(_) | MatterPlan::Link(_) => None,
            });
            materials.chain(meeting.assignments.iter().flat_map(|assignment| &assignment.files))
        })
    }
}

fn meeting(meeting: manifest::Meeting) -> Result<MeetingPlan> {
    if meeting.materials.len() > MATERIALS_PER_MEETING || meeting.assignments.len() > ASSIGNMENTS_PER_MEETING
    {
        return Err(damaged("more in a meeting than there may be"));
    }
    Ok(MeetingPlan {
        title: text::title(&meeting.title).map_err(wrong)?,
        materials: meeting.materials.into_iter().map(material).collect::<Result<_>>()?,
        assignments: meeting.assignments.into_iter().map(assignment).collect::<Result<_>>()?,
    })
}

fn material(material: manifest::Material) -> Result<(Option<String>, MatterPlan)> {
    let title = |title: Option<String>| title.as_deref().map(text::title).transpose().map_err(wrong);
    Ok(match material {
        manifest::Material::Text { title: given, path } => (title(given)?, MatterPlan::Text(path)),
        manifest::Material::Link { title: given, address } => {
            (title(given)?, MatterPlan::Link(text::link(&address).map_err(wrong)?))
        }
        manifest::Material::File { title: given, file: given_file } => {
            (title(given)?, MatterPlan::File(file(given_file)?))
        }
    })
}

fn assignment(assignment: manifest::Assignment) -> Result<AssignmentPlan> {
    if assignment.files.len() > ASSIGNMENT_FILES || !(1..=POINTS).contains(&assignment.points) {
        return Err(damaged("an assignment with more files or points than it may have"));
    }
    let late = LatePolicy::parse(&assignment.late);
    Ok(AssignmentPlan {
        title: text::title(&assignment.title).map_err(wrong)?,
        path: assignment.path,
        late: late.ok_or_else(|| damaged("an assignment that says nothing of late work"))?,
        points: assignment.points,
        files: assignment.files.into_iter().map(file).collect::<Result<_>>()?,
    })
}

fn file(file: manifest::File) -> Result<FilePlan> {
    let sha256 = HEXLOWER.decode(file.sha256.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
    if !(1..=FILE_BYTES).contains(&file.size_bytes) {
        return Err(damaged("a file with nothing in it, or too much"));
    }
    Ok(FilePlan {
        path: file.path,
        name: text::file_name(&file.name),
        size_bytes: file.size_bytes,
        sha256: sha256.map(Sha256).ok_or_else(|| damaged("a file without its hash"))?,
    })
}

/// What a form would have refused.
fn wrong(error: Error) -> Error {
    Error::new(Code::CourseArchiveDamaged).because(error)
}
