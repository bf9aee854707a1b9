//! The architecture's rules as tests: what ARCHITECTURE.md and CONTRIBUTING.md ask for and a
//! machine can check.
//!
//! Each rule is a function from sources to findings, with an example that it must catch beside
//! it; `tests/rules.rs` applies all of them to this repository. Each finding says what to do.
//!
//! May use: `base` for the list of error codes, git or a walk for the list of files. Used by:
//! `cargo test`.

pub mod repository;
pub mod rules;
pub mod rust;
