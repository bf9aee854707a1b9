//! A card that is full, failing, read-only or damaged: the daemon says so by name, goes on with
//! what needs no disk, and loses nothing that it has acknowledged.

mod cut_short;
mod failing;
mod full;
mod room;
mod unusable;
