//! The hub, driven as the transport drives it.

mod school;

mod coming_in;
mod signalling;
