//! The messages of `kelas.v1` as documented in `docs/PROTOCOL.md`. The types of
//! `web/src/protocol/` are generated from these by this crate's tests.

pub mod client;
pub mod encode;
pub mod server;
pub mod shared;
pub mod signal;

#[cfg(test)]
mod typescript;
