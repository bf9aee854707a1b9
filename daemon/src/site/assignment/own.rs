//! What one student has handed in, as the student and the teacher see it.

use base::id::FileId;
use data_encoding::HEXLOWER;
use store::{Assignment, ReceivedFile, Submission};

use crate::i18n::Language;
use crate::site::material::section::{ShownFile, shown_file};

/// A file that was handed in.
pub(super) struct Received {
    pub(super) id: FileId,
    pub(super) file: ShownFile,
    /// When it came.
    pub(super) at: String,
    /// What is in it, so that nobody can say it was something else.
    pub(super) sha256: String,
}

pub(super) fn received(language: Language, file: &ReceivedFile) -> Received {
    Received {
        id: file.file.id,
        file: shown_file(language, &file.file),
        at: language.date(file.received_at),
        sha256: HEXLOWER.encode(&file.file.sha256.0),
    }
}

/// Where somebody's work is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Missing,
    HandedIn,
    Late,
    Graded,
    Returned,
}

impl Stage {
    pub(super) fn of(assignment: &Assignment, submission: Option<&Submission>) -> Self {
        let Some(submission) = submission else { return Self::Missing };
        if submission.returned_at.is_some() {
            Self::Returned
        } else if submission.graded_at.is_some() {
            Self::Graded
        } else if submission.is_late(assignment) {
            Self::Late
        } else if submission.received_at.is_some() {
            Self::HandedIn
        } else {
            Self::Missing
        }
    }

    /// As a student may see it: what was graded but not returned is handed in.
    pub(super) fn for_student(assignment: &Assignment, submission: Option<&Submission>) -> Self {
        match (Self::of(assignment, submission), submission) {
            (Self::Graded, Some(graded)) if graded.is_late(assignment) => Self::Late,
            (Self::Graded, Some(graded)) if graded.received_at.is_some() => Self::HandedIn,
            (Self::Graded, _) => Self::Missing,
            (stage, _) => stage,
        }
    }

    pub(super) fn word(self, language: Language) -> &'static str {
        match self {
            Self::Missing => language.t("submission.missing"),
            Self::HandedIn => language.t("submission.handed_in"),
            Self::Late => language.t("submission.late"),
            Self::Graded => language.t("submission.graded"),
            Self::Returned => language.t("submission.returned"),
        }
    }
}
