//! The hub, driven as the transport drives it.

mod school;

mod any_text;
mod bots;
mod chatting;
mod class_of_a_thousand;
mod coming_in;
mod going;
mod histories;
mod limits;
mod lobby;
mod model;
mod moderating;
mod resuming;
mod signalling;
