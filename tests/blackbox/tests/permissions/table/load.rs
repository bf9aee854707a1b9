//! The load log and its measurement runs.

use super::Rule::{Staff, StaffWhoTeach};
use super::{Row, get, post};

pub(crate) const ROWS: &[Row<'static>] = &[
    get("/load", Staff),
    get("/load/events", Staff),
    get("/load/history", Staff),
    get("/load/history.csv", Staff),
    get("/load/presence.csv", Staff),
    get("/load/seconds.csv", Staff),
    get("/load/runs", Staff),
    post("/load/runs", Staff, &[("name", "")]).answers("400"),
    get("/load/runs/compare", Staff).answers("bad_request"),
    get("/load/runs/{run}", Staff),
    get("/load/runs/{run}/table.csv", Staff),
    get("/load/runs/{run}/seconds.csv", Staff),
    post("/load/runs/{run}/bots", StaffWhoTeach, &[("count", "0")]).answers("400"),
    post("/load/runs/{run}/bots/stop", StaffWhoTeach, &[]),
    post("/load/runs/{run}/stop", Staff, &[]),
    post("/load/runs/{run}/delete", StaffWhoTeach, &[]).that_uses_up(),
];
