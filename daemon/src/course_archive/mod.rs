//! A course as one file: what its teachers have prepared, and nobody's work. It is a ZIP that people can
//! look into, a folder for each meeting, and comes to another box as a new course of drafts.
//!
//! `course.json` says what belongs where; texts lie beside it as Markdown. What comes from elsewhere is
//! checked as if each part had been typed and uploaded here.
//!
//! To add a part of a meeting, such as a quiz: a field of `manifest::Meeting` and a higher
//! `manifest::FORMAT`; `write` fills it, `read` checks it, `store::NewMeeting` takes it.
//!
//! May use: `base`, `store`, `archive`, `files`, `tasks`. Used by: `site`.

mod manifest;
mod names;
mod plan;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use names::archive_name;
pub(crate) use read::{Brought, read};
pub(crate) use write::send;
