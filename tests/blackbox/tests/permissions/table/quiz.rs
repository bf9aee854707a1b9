//! Quizzes of a meeting, and attempts at them.

use super::Rule::{Members, Pupils, Teachers, TeachersOfDraft};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/meetings/{meeting}/quizzes", Teachers),
    get("/meetings/{meeting}/quizzes", TeachersOfDraft),
    post("/meetings/{meeting}/quizzes", Teachers, &[("title", "")]).answers("400"),
    get("/quizzes/{quiz}", Members),
    get("/quizzes/{quiz}", TeachersOfDraft),
    get("/quizzes/{quiz}/edit", Teachers),
    post("/quizzes/{quiz}/edit", Teachers, &[("title", "")]).answers("400"),
    post("/quizzes/{quiz}/publish", Teachers, &[]),
    post("/quizzes/{quiz}/hide", TeachersOfDraft, &[]),
    get("/quizzes/{quiz}/questions", Teachers),
    post("/quizzes/{quiz}/questions", Teachers, &[("text", "")]).answers("400"),
    get("/quizzes/{quiz}/questions/{question}", Teachers),
    get("/quizzes/{quiz}/questions/{question}", TeachersOfDraft),
    post("/quizzes/{quiz}/questions/{question}", Teachers, &[("text", "")]).answers("400"),
    // It is the only one, and stays.
    post("/quizzes/{quiz}/questions/{question}/move", Teachers, &[("direction", "up")]),
    post("/quizzes/{quiz}/start", Pupils, &[]),
    get("/quizzes/{quiz}/attempt", Pupils),
    post("/quizzes/{quiz}/answers", Pupils, &[("attempt", "x")]).answers("400"),
    // Since somebody has begun, questions stay.
    post("/quizzes/{quiz}/questions/{question}/delete", Teachers, &[]).answers("quiz_begun"),
    post("/quizzes/{quiz}/questions/{question}/accept", Teachers, &[("spelling", "")]).answers("400"),
    get("/quizzes/{quiz}/results", Teachers),
    get("/quizzes/{quiz}/results", TeachersOfDraft),
    get("/quizzes/{quiz}/results/{person}", Teachers),
    get("/quizzes/{quiz}/results/{person}", TeachersOfDraft),
    // This student has handed in nothing.
    post("/quizzes/{quiz}/results/{person}/again", Teachers, &[]).answers("404"),
    get("/quizzes/{quiz}/scores.csv", Teachers),
    get("/quizzes/{quiz}/scores.csv", TeachersOfDraft),
    get("/quizzes/{quiz}/statistics", Teachers),
    get("/quizzes/{quiz}/statistics", TeachersOfDraft),
    post("/quizzes/{quiz}/release", Teachers, &[]),
    post("/quizzes/{quiz}/delete", Teachers, &[]).that_uses_up(),
];
