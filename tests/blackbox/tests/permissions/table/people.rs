//! The school's people, and the two ways in that they get on paper.
//!
//! `{person}` is a student. The forms about one of the staff are in the tests of `site`.

use super::Rule::{Everybody, Secret, Staff, Technicians};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/people", Staff),
    get("/people/new", Staff),
    post("/people/new", Staff, &[("name", "")]).answers("400"),
    get("/people/import", Staff),
    post("/people/import", Staff, &[]).with_files().answers("400"),
    post("/people/import/apply", Staff, &[("roster", "")]).answers("400"),
    get("/people/export.csv", Staff),
    get("/people/cards", Staff),
    post("/people/cards", Staff, &[("group", "nobody")]).answers("404"),
    get("/people/{person}", Staff),
    post("/people/{person}", Staff, &[("name", "")]).answers("400"),
    post("/people/{person}/card", Staff, &[]),
    post("/people/{person}/pin", Staff, &[]),
    // Students get cards, not links.
    post("/people/{person}/link", Technicians, &[]).answers("not_found"),
    // Whoever has been in a course is not deleted.
    post("/people/{person}/delete", Technicians, &[]).answers("409"),
    post("/people/{person}/deactivate", Technicians, &[]),
    post("/people/{person}/reactivate", Technicians, &[]),
    get("/sign-in/name", Everybody).answers("200|303"),
    get("/sign-in/name/{person}", Everybody).answers("200|303"),
    post("/sign-in/name/{person}", Everybody, &[("pin", "1")]).answers("401|429"),
    get("/card/{token}", Secret).answers("404"),
    post("/card/{token}", Secret, &[]).answers("404"),
];
