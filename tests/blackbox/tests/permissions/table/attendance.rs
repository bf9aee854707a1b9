//! Attendance: of a meeting for its teachers, of a course for everybody in it, each their own.

use super::Rule::{Members, Teachers, TeachersOfDraft};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/meetings/{meeting}/attendance", Teachers),
    get("/meetings/{meeting}/attendance", TeachersOfDraft),
    post("/meetings/{meeting}/attendance", Teachers, &[]),
    post("/meetings/{meeting}/attendance", TeachersOfDraft, &[]),
    get("/courses/{course}/attendance", Members),
    get("/courses/{course}/attendance.csv", Teachers),
];
