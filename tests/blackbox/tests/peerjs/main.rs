//! The PeerJS dialect from outside. `agreed` is what every PeerServer does, run against kelasd
//! and against the real one from npm; `ours` is what kelasd does better; `bounds` is what it
//! refuses.

mod agreed;
mod bounds;
mod ours;
mod peer;
mod target;
