//! Notices of a course: everybody in it reads them, its teachers write them.

use super::Rule::{Members, Teachers};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/courses/{course}/notices", Members),
    get("/courses/{course}/notices/new", Teachers),
    post("/courses/{course}/notices", Teachers, &[("title", "")]).answers("400"),
    get("/notices/{notice}", Teachers),
    post("/notices/{notice}", Teachers, &[("title", "")]).answers("400"),
    post("/notices/{notice}/delete", Teachers, &[]).that_uses_up(),
];
