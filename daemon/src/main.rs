//! `kelasd`, the classroom server: one process that serves the class site, introduces browsers
//! to each other, keeps what they write, and tells what that costs.
//!
//! `run` composes the parts; `tasks` starts every task there is. ARCHITECTURE.md has the map.

mod auth;
mod http;
mod i18n;
mod tasks;

fn main() {}
