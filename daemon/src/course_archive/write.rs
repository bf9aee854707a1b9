//! Writes a course while it is sent, one meeting after the other.

use std::io::{self, Write};

use axum::body::Body;
use base::clock::Timestamp;
use base::id::PersonId;
use base::{Error, Result};
use data_encoding::HEXLOWER;
use store::{Assignment, Course, Material, Matter, Meeting, Store, StoredFile};
use tokio::sync::mpsc;

use super::manifest::{self, FORMAT, KIND, MANIFEST};
use super::names::{markdown, numbered};
use crate::archive::{self, Writer};
use crate::files::{Files, Hold};
use crate::tasks::Tasks;

/// What a text without a title is called.
const TEXT: &str = "Teks";

/// A meeting with all that is in it.
struct Loaded {
    meeting: Meeting,
    materials: Vec<Material>,
    assignments: Vec<(Assignment, Vec<StoredFile>)>,
}

/// Comes from the store, and ends with `Done`; without it the archive must not look whole.
enum Next {
    Meeting(Box<Loaded>),
    Done,
}

/// The archive of `course` as the body of an answer, for `person` who teaches it.
pub(crate) async fn send(
    tasks: &Tasks,
    store: Store,
    files: Files,
    course: Course,
    person: PersonId,
) -> Body {
    let (meetings, received) = mpsc::channel(1);
    // What is deleted meanwhile stays until it is sent.
    let hold = files.hold().await;
    let number = course.id;
    tasks.spawn("course", async move {
        if let Err(error) = load(&store, number, person, &meetings).await {
            tracing::warn!(%error, "a course was not read to its end");
        }
    });
    // The same moment for all: the same course makes the same archive.
    archive::send(tasks, "course archive", Timestamp(0), move |archive| {
        write(archive, &files, &course, received, &hold)
    })
}

async fn load(
    store: &Store,
    course: base::id::CourseId,
    person: PersonId,
    to: &mpsc::Sender<Next>,
) -> Result<()> {
    let gone =
        |error: mpsc::error::SendError<Next>| Error::new(base::Code::Unavailable).because(error.to_string());
    for meeting in store.meetings_of(course).await? {
        let materials = store.materials_of(meeting.id).await?;
        let mut assignments = Vec::new();
        for summary in store.assignments_of(meeting.id, person).await? {
            let files = store.assignment_files(summary.assignment.id).await?;
            assignments.push((summary.assignment, files));
        }
        to.send(Next::Meeting(Box::new(Loaded { meeting, materials, assignments }))).await.map_err(gone)?;
    }
    to.send(Next::Done).await.map_err(gone)
}

fn write<W: Write>(
    archive: &mut Writer<W>,
    files: &Files,
    course: &Course,
    mut received: mpsc::Receiver<Next>,
    _hold: &Hold,
) -> io::Result<()> {
    let mut meetings = Vec::new();
    loop {
        match received.blocking_recv() {
            Some(Next::Meeting(loaded)) => {
                let path = numbered(meetings.len() + 1, &loaded.meeting.title);
                meetings.push(Folder { archive, files, path, count: 0 }.meeting(*loaded)?);
            }
            Some(Next::Done) => break,
            None => return Err(io::Error::other("not all of the course could be read")),
        }
    }
    let course = manifest::Course {
        kind: KIND.to_owned(),
        format: FORMAT,
        title: course.title.clone(),
        term: course.term.clone(),
        meetings,
    };
    archive.add_bytes(MANIFEST, &serde_json::to_vec_pretty(&course)?)
}

/// A meeting's folder while it is filled.
struct Folder<'a, W: Write> {
    archive: &'a mut Writer<W>,
    files: &'a Files,
    path: String,
    /// Files in it.
    count: usize,
}

impl<W: Write> Folder<'_, W> {
    fn meeting(mut self, loaded: Loaded) -> io::Result<manifest::Meeting> {
        let mut materials = Vec::new();
        for material in loaded.materials {
            materials.push(self.material(material)?);
        }
        let mut assignments = Vec::new();
        for (assignment, files) in loaded.assignments {
            assignments.push(self.assignment(assignment, &files)?);
        }
        Ok(manifest::Meeting { title: loaded.meeting.title, materials, assignments })
    }

    fn material(&mut self, material: Material) -> io::Result<manifest::Material> {
        let title = material.title;
        Ok(match material.matter {
            Matter::Text(text) => {
                let path = self.text(title.as_deref().unwrap_or(TEXT), &text)?;
                manifest::Material::Text { title, path }
            }
            Matter::Link(address) => manifest::Material::Link { title, address },
            Matter::File(file) => manifest::Material::File { title, file: self.file(&file)? },
        })
    }

    fn assignment(
        &mut self,
        assignment: Assignment,
        files: &[StoredFile],
    ) -> io::Result<manifest::Assignment> {
        let draft = assignment.draft;
        let path = draft.text.map(|text| self.text(&draft.title, &text)).transpose()?;
        let files = files.iter().map(|file| self.file(file)).collect::<io::Result<_>>()?;
        let late = draft.late.name().to_owned();
        Ok(manifest::Assignment { title: draft.title, path, late, points: draft.points, files })
    }

    fn text(&mut self, title: &str, text: &str) -> io::Result<String> {
        self.count += 1;
        let path = format!("{}/{}", self.path, markdown(self.count, title));
        self.archive.add_bytes(&path, text.as_bytes())?;
        Ok(path)
    }

    fn file(&mut self, file: &StoredFile) -> io::Result<manifest::File> {
        self.count += 1;
        let path = format!("{}/{}", self.path, numbered(self.count, &file.name));
        let mut object = self.files.open_object_now(file.sha256)?;
        let written = self.archive.add(&path, file.size_bytes, &mut object)?;
        if written != file.size_bytes {
            return Err(io::Error::other("a file on the card has another size than it had"));
        }
        let sha256 = HEXLOWER.encode(&file.sha256.0);
        Ok(manifest::File { path, name: file.name.clone(), size_bytes: file.size_bytes, sha256 })
    }
}
