//! The load log for people: what the box and its class cost now and over time, and measurement
//! runs.
//!
//! Technicians and teachers alone see it. Teachers read the names of those whom they teach; in
//! every export, and for everybody else's courses, people are numbered instead. Every page works
//! without a script, which only draws what the exports say and keeps numbers fresh.
//!
//! May use: all of `site`, `load`, `measurement`, `hotspot`, `bots`. Used by: `site`.

mod export;
mod figures;
mod history_export;
mod history_show;
mod names;
mod now_follow;
mod now_show;
mod period;
mod presence_export;
mod run_bots;
mod run_export;
mod run_show;
mod run_start;
mod run_stop;
mod runs_compare;
mod runs_show;
mod seconds_export;
mod staff;
mod table;
mod verdict;

use axum::routing::{get, post};

use crate::http::routes::routes;
use crate::site::Site;

routes!(Site {
    "/load" => get(now_show::show),
    "/load/events" => get(now_follow::follow),
    "/load/history" => get(history_show::show),
    "/load/history.csv" => get(history_export::export),
    "/load/presence.csv" => get(presence_export::export),
    "/load/seconds.csv" => get(seconds_export::export),
    "/load/runs" => get(runs_show::show).post(run_start::start),
    "/load/runs/compare" => get(runs_compare::show),
    "/load/runs/{run}" => get(run_show::show),
    "/load/runs/{run}/table.csv" => get(run_export::table),
    "/load/runs/{run}/seconds.csv" => get(run_export::seconds),
    "/load/runs/{run}/stop" => post(run_stop::stop),
    "/load/runs/{run}/delete" => post(run_stop::delete),
    "/load/runs/{run}/bots" => post(run_bots::send),
    "/load/runs/{run}/bots/stop" => post(run_bots::dismiss),
});
