//! The live room as a pure state machine: events in, effects out.
//!
//! May use: `base`, serde. Knows no runtime, no SQL, no socket, no clock. Used by: `live` in
//! the daemon, which owns the one [`Hub`](hub::Hub) and carries out its effects.
//!
//! Architecture invariant: the hub never waits. What needs the disk is an effect, whose outcome
//! comes back as an event.

pub mod effect;
pub mod event;
pub mod message;
