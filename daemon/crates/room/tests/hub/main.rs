//! The hub, driven as the transport drives it.

mod school;

mod chatting;
mod coming_in;
mod going;
mod limits;
mod lobby;
mod moderating;
mod resuming;
mod signalling;
