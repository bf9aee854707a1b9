//! Signing in and out. The last row signs everybody out, so these are tried last.

use super::Rule::{Everybody, Residents, Secret, SignedIn};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/trust", Everybody),
    get("/portal", Everybody),
    post("/portal", Everybody, &[]),
    get("/sign-in", Everybody).answers("200|303"),
    post("/sign-in", Everybody, &[]).answers("401|429"),
    get("/link/{token}", Secret).answers("404"),
    post("/link/{token}", Secret, &[]).answers("404"),
    post("/language", Everybody, &[("language", "id")]),
    post("/handover", Everybody, &[]),
    get("/account", SignedIn),
    get("/account/password", Residents),
    post("/account/password", Residents, &[("password", "x")]).answers("400"),
    post("/account/sessions/{session}/end", SignedIn, &[]).answers("not_found"),
    post("/account/sign-out-everywhere", SignedIn, &[]),
    post("/account/sign-out", Everybody, &[]),
];
