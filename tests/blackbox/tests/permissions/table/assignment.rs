//! Assignments of a meeting, and what is handed in.

use super::Rule::{Adders, Everybody, Members, Pupils, Teachers, TeachersOfDraft};
use super::{Row, get, post, row, tus};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/meetings/{meeting}/assignments", Teachers),
    get("/meetings/{meeting}/assignments", TeachersOfDraft),
    post("/meetings/{meeting}/assignments", Teachers, &[("title", "")]).answers("400"),
    get("/assignments/{assignment}", Members),
    get("/assignments/{assignment}", TeachersOfDraft),
    get("/assignments/{assignment}/edit", Teachers),
    post("/assignments/{assignment}/edit", Teachers, &[("title", "")]).answers("400"),
    post("/assignments/{assignment}/publish", Teachers, &[]),
    post("/assignments/{assignment}/hide", TeachersOfDraft, &[]),
    post("/assignments/{assignment}/files", Teachers, &[]).with_files().answers("400"),
    // The file is of another thing, and stays.
    post("/assignments/{assignment}/files/{file}/remove", Teachers, &[]),
    row("OPTIONS", "/assignments/{assignment}/uploads", Everybody).answers("204"),
    tus("POST", "/assignments/{assignment}/uploads", Adders).answers("201"),
    tus("POST", "/assignments/{assignment}/uploads", TeachersOfDraft).answers("201"),
    post("/assignments/{assignment}/submission", Pupils, &[]).with_files().answers("400"),
    post("/assignments/{assignment}/submission/{file}/remove", Pupils, &[]),
    get("/assignments/{assignment}/submissions/{person}", Teachers),
    get("/assignments/{assignment}/submissions/{person}", TeachersOfDraft),
    post("/assignments/{assignment}/submissions/{person}", Teachers, &[("score", "x")]).answers("400"),
    post("/assignments/{assignment}/submissions/{person}/reopen", Teachers, &[]),
    get("/assignments/{assignment}/scores.csv", Teachers),
    get("/assignments/{assignment}/scores.csv", TeachersOfDraft),
    post("/assignments/{assignment}/return", Teachers, &[]),
    post("/assignments/{assignment}/delete", Teachers, &[]).that_uses_up(),
];
