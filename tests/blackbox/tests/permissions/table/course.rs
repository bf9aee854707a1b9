//! Courses and their meetings.

use super::Rule::{Everybody, Members, Secret, Staff, Teachers, TeachersOfDraft};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/", Everybody),
    post("/courses", Staff, &[("title", "")]).answers("400"),
    get("/courses/{course}", Members),
    get("/courses/{course}/show", Teachers),
    post("/courses/{course}/meetings", Teachers, &[("title", "")]).answers("400"),
    post("/courses/{course}/guests", Teachers, &[("policy", "ask")]),
    post("/courses/{course}/members/{person}/admit", Teachers, &[]),
    get("/meetings/{meeting}", Members),
    get("/meetings/{meeting}", TeachersOfDraft),
    get("/meetings/{meeting}/edit", Teachers),
    post("/meetings/{meeting}/edit", Teachers, &[("title", "")]).answers("400"),
    post("/meetings/{meeting}/publish", Teachers, &[]),
    post("/meetings/{meeting}/hide", TeachersOfDraft, &[]),
    get("/rooms/{meeting}", Members),
    get("/rooms/{meeting}", TeachersOfDraft),
    get("/join/{code}", Secret).answers("404"),
    post("/join", Everybody, &[("code", "ZZZZZZ"), ("name", "Eka")]).answers("404"),
    post("/courses/{course}/members/{person}/remove", Teachers, &[]),
    post("/courses/{course}/join-code", Teachers, &[]),
];
