//! What every other part stands on: errors with stable codes, time, randomness, ids, bounded
//! text, token buckets and the table of limits.
//!
//! May use: nothing of ours, no runtime, no SQL, no network. Used by: everything.
//!
//! Architecture invariant: nothing here reads the clock or the system's randomness except
//! through [`clock::Clock`] and [`random::Random`], so that every decision can be replayed.

pub mod bucket;
pub mod clock;
pub mod code;
pub mod decimal;
pub mod error;
pub mod id;
pub mod kind;
pub mod limits;
pub mod marking;
pub mod random;
pub mod score;
pub mod secret;
pub mod text;

pub use code::Code;
pub use error::{Error, Result};
pub use kind::Kind;
