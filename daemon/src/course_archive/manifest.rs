//! `course.json`: what is in a course, and where in the archive. Nothing in it depends on the box or on
//! the day, so that the same course makes the same file everywhere.

use serde::{Deserialize, Serialize};

/// By which our archives are told from others.
pub(super) const KIND: &str = "kelas-course";
/// A program that knows a lower one only does not touch it.
pub(super) const FORMAT: u32 = 1;
/// Its name in the archive.
pub(super) const MANIFEST: &str = "course.json";

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Course {
    /// [`KIND`].
    pub(super) kind: String,
    /// [`FORMAT`].
    pub(super) format: u32,
    pub(super) title: String,
    pub(super) term: Option<String>,
    pub(super) meetings: Vec<Meeting>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Meeting {
    pub(super) title: String,
    pub(super) materials: Vec<Material>,
    pub(super) assignments: Vec<Assignment>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(super) enum Material {
    /// Markdown, in a file of its own.
    Text {
        title: Option<String>,
        path: String,
    },
    Link {
        title: Option<String>,
        address: String,
    },
    File {
        title: Option<String>,
        file: File,
    },
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Assignment {
    pub(super) title: String,
    /// Where its instructions are, in Markdown.
    pub(super) path: Option<String>,
    /// `accept` or `refuse`.
    pub(super) late: String,
    pub(super) points: i64,
    pub(super) files: Vec<File>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct File {
    /// Where it is in the archive.
    pub(super) path: String,
    /// As it is offered for download.
    pub(super) name: String,
    pub(super) size_bytes: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

/// Of which only this is known before everything else is understood.
#[derive(Deserialize)]
pub(super) struct Claimed {
    pub(super) kind: String,
    pub(super) format: u32,
}
