//! The fields that say what a course is called and when it is taught.

use base::{Code, Error, text};
use store::NewCourse;

use crate::site::form::{Field, Form};
use crate::site::page::Page;

/// Title and term, as they stand in a form.
#[derive(Default)]
pub(super) struct CourseFields {
    pub(super) title: Field,
    pub(super) term: Field,
}

impl CourseFields {
    /// What the course says now.
    pub(super) fn holding(title: &str, term: Option<&str>) -> Self {
        Self { title: Field::holding(title), term: Field::holding(term.unwrap_or_default()) }
    }

    /// What was sent.
    pub(super) fn sent(form: &Form) -> Self {
        Self::holding(form.get("title"), Some(form.get("term")))
    }

    /// Whether something has to be put right.
    pub(super) fn has_problem(&self) -> bool {
        self.title.error.is_some() || self.term.error.is_some()
    }

    /// Puts the error beside the field that it is about. False if it is about neither.
    pub(super) fn refuse(&mut self, page: &Page, error: &Error) -> bool {
        match error.code {
            Code::TitleEmpty | Code::TitleTooLong => self.title.refuse(page.language, error),
            Code::TermTooLong => self.term.refuse(page.language, error),
            _ => return false,
        }
        true
    }
}

/// What a form says about a course.
pub(super) fn read(form: &Form) -> Result<NewCourse, Error> {
    Ok(NewCourse { title: text::title(form.get("title"))?, term: text::term(form.get("term"))? })
}
