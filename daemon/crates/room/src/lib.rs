//! The live room as a pure state machine: events in, effects out.
//!
//! May use: `base`, serde. Knows no runtime, no SQL, no socket, no clock. Used by: `live` in
//! the daemon, which owns the one [`Hub`] and carries out its effects.
//!
//! A tour: [`hub`] takes each [`event`] apart. `entry` lets people in and `seating` gives them
//! their places in the room or in its lobby, `relay` carries signals and media states, `chat` and `moderation` do what they say, and
//! `departure` is every way of going. They work on `room`s of `participant`s, who keep what they
//! were told in a `replay` until they have seen it, and on `connections`, which carry the
//! limits. What is wanted from the outside is an [`effect`].
//!
//! Architecture invariant: the hub never waits. What needs the disk is an effect, whose outcome
//! comes back as an event. What goes to many is made into JSON once and shared.

pub mod effect;
pub mod event;
pub mod hub;
mod inflow;
pub mod message;

mod chat;
mod connections;
mod context;
mod counts;
mod departure;
mod entry;
mod moderation;
mod participant;
mod recent;
mod relay;
mod replay;
mod room;
mod seating;
mod tickets;
mod timers;

pub use counts::{Counts, Flows, RoomCount};
pub use effect::{Departure, Effect, Frame};
pub use event::{ConnectionId, Disconnect, Event, Identity, Shut, Ticket};
pub use hub::Hub;
