//! The live room's transport: who carries `kelas.v1` (`docs/PROTOCOL.md`) between clients and
//! the hub.
//!
//! May use: `base`, `room`, `store`, `auth`, `http`, `tasks`. Used by: `run`.

#![allow(dead_code, reason = "the parts that use it land one by one")]

pub(crate) mod outgoing;
pub(crate) mod websocket;
