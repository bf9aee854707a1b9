//! Materials of a meeting, and their files.

use super::Rule::{Everybody, Members, Teachers, TeachersOfDraft, Uploader};
use super::{Row, get, post, row, tus};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/meetings/{meeting}/materials", Teachers),
    get("/meetings/{meeting}/materials", TeachersOfDraft),
    post("/meetings/{meeting}/materials/text", Teachers, &[("text", "")]).answers("400"),
    post("/meetings/{meeting}/materials/link", Teachers, &[("link", "")]).answers("400"),
    post("/meetings/{meeting}/materials/files", Teachers, &[]).with_files().answers("400"),
    get("/materials/{material}", Teachers),
    get("/materials/{material}", TeachersOfDraft),
    post("/materials/{material}", Teachers, &[("title", "")]),
    post("/materials/{material}/move", Teachers, &[("direction", "up")]),
    post("/materials/{material}/delete", Teachers, &[]).that_uses_up(),
    get("/files/{file}/{name}", Members),
    get("/files/{file}/{name}", TeachersOfDraft),
    row("OPTIONS", "/meetings/{meeting}/uploads", Everybody).answers("204"),
    tus("POST", "/meetings/{meeting}/uploads", Teachers).answers("201"),
    tus("HEAD", "/uploads/{upload}", Uploader).answers("200"),
    tus("PATCH", "/uploads/{upload}", Uploader),
    tus("DELETE", "/uploads/{upload}", Uploader),
];
