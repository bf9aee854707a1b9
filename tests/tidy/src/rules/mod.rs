//! The rules. Each takes what it reads and returns a line for everything it found.

pub mod catalogues;
pub mod dependencies;
pub mod hosts;
pub mod imports;
pub mod leftovers;
pub mod restricted;
pub mod shape;
