//! A school's list of students as CSV: read as it comes out of Excel, `LibreOffice` or a ministry's
//! register, held against those whom the box knows, and written so that it comes in again the same.
//!
//! May use: `base`, `store` (its types), `auth` (what a sign-in name is), `i18n`,
//! `spreadsheet`. Used by: `site`.
//! Nothing here is written: [`Plan`] says what would be, and the store does it in one step.
//!
//! A cell that a spreadsheet would run or change goes out with an apostrophe in front
//! (`spreadsheet`), and one apostrophe in front is taken off when it comes in.

mod columns;
mod decode;
mod matching;
mod plan;
mod table;
#[cfg(test)]
mod tests;
mod write;

use std::fmt::Display;

use base::Error;

pub(crate) use decode::text as decode;
pub(crate) use plan::{Fate, Plan, plan};
pub(crate) use write::write;

/// What there is to say about a row, by its key in the catalogues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// The text's key.
    pub(crate) key: String,
    /// Values for its placeholders.
    pub(crate) args: Vec<(&'static str, String)>,
}

impl Note {
    fn new(key: &str) -> Self {
        Self { key: key.to_owned(), args: Vec::new() }
    }

    fn with(mut self, name: &'static str, value: impl Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }
}

impl From<Error> for Note {
    fn from(error: Error) -> Self {
        Self { key: format!("error.{}", error.code.name()), args: error.args }
    }
}
