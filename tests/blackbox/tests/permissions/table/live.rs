//! Live rooms, and what devices and programs ask.

use super::Rule::{Admitted, Everybody, Members, Moderators, Secret, SignedIn, TeachersOfDraft};
use super::{ANY, Row, get, post, row};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/api/rooms/{meeting}/live", Members).answers("400"),
    get("/api/rooms/{meeting}/live", TeachersOfDraft).answers("400"),
    get("/api/rooms/{meeting}/events", Members),
    get("/api/rooms/{meeting}/events", TeachersOfDraft),
    post("/api/rooms/{meeting}/events/{connection}", SignedIn, &[]).as_json().answers("connection_unknown"),
    get("/api/rooms/{meeting}/messages", Admitted),
    get("/api/rooms/{meeting}/messages", TeachersOfDraft),
    get("/api/rooms/{meeting}/bots", Moderators),
    post("/api/rooms/{meeting}/bots", Moderators, &[]).as_json().answers("bots_wanted"),
    row("DELETE", "/api/rooms/{meeting}/bots", Moderators).answers("202"),
    // A bot's pass decides, and nobody has one.
    get("/api/rooms/{meeting}/bots/{number}", Secret).answers("not_allowed"),
    row(ANY, "/peerjs", Everybody),
    row(ANY, "/peerjs/", Everybody),
    row(ANY, "/peerjs/{*rest}", Everybody),
    get("/api/health", Everybody),
    get("/metrics", Everybody),
    get("/ca.crt", Everybody),
    get("/ca.mobileconfig", Everybody),
    get("/assets/{file}", Everybody).answers("not_found"),
];
