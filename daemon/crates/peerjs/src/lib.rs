//! The PeerServer protocol as a pure state machine, so that unmodified PeerJS programs run on
//! the box: events in, effects out.
//!
//! What a client sees is what PeerServer 1.0.2 sends, with these differences, each of them the
//! cure of a defect or of a missing bound:
//!
//! - A client that comes back with its own id and token gets `OPEN` again, and its old socket is
//!   closed. PeerServer says nothing, so the page waits for ever, and the old socket stays.
//! - Only the connection that holds an id can speak under it or give it up. In PeerServer a
//!   client that sent `LEAVE` keeps speaking under an id that may be somebody else's by then,
//!   and takes the id away from its new owner when it closes.
//! - Ids follow the rule that the PeerJS client itself enforces, tokens are bounded, and messages
//!   are limited in number: breaking that is answered with `ERROR` and the end of the connection.
//! - What waits for an id that is not there is bounded; a message that finds no room is answered
//!   with `EXPIRE` at once.
//! - A payload travels as the bytes that came, not parsed and written anew.
//!
//! May use: `base`, serde. Knows no runtime, no socket, no clock. Used by: `live` in the daemon,
//! which owns the one [`Broker`] and carries out its effects.
//!
//! Architecture invariant: the broker shares nothing with the class's own rooms. It is open to
//! everybody on the network, as PeerServer is; the token that a client made up is the only proof
//! that an id is its own.

mod broker;
mod effect;
mod event;
mod identity;
mod message;
mod settings;
mod waiting;

pub use broker::Broker;
pub use effect::Effect;
pub use event::{ConnectionId, Event};
pub use settings::Settings;
