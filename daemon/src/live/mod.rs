//! The live room's transport: who carries `kelas.v1` (`docs/PROTOCOL.md`) between clients and
//! the hub.
//!
//! `peerjs` is another protocol beside it, on the same plumbing.
//!
//! May use: `base`, `room`, `store`, `auth`, `bots`, `http`, `tasks`. Used by: `run`.
//!
//! A tour: [`Handle::start`] starts the one `hub_task`, which owns all rooms; `archive` keeps for
//! it what is said, and `presence` who was inside. [`router`] serves the clients: `socket` (over
//! `websocket`), `events` for those whose WebSockets fail, `bots`, and `history`. `entrance` decides
//! who may come in as what. What waits
//! for one client stands in its `outgoing` queue.

mod archive;
mod bots;
mod entrance;
mod events;
mod handle;
mod history;
mod hub_task;
mod ice;
pub(crate) mod outgoing;
pub(crate) mod peerjs;
mod presence;
mod routes;
mod socket;
pub(crate) mod websocket;
mod words;

pub(crate) use handle::Handle;
pub(crate) use hub_task::Activity;
pub(crate) use presence::{Direction, RoomChange};
pub(crate) use routes::{Needs, PATHS, router};
