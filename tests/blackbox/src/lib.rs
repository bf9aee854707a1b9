//! Starts the real `kelasd` for a test, on free ports and in a folder of its own, and speaks to
//! it as a stranger would.
//!
//! ```no_run
//! # async fn example() {
//! let kelasd = blackbox::Kelasd::start().await;
//! let answer = kelasd.client().get("/api/health").await;
//! assert_eq!(answer.status, 200);
//! # }
//! ```
//!
//! Knows nothing of the daemon's code: only its command line and what it says on its sockets.

mod client;
mod configuration;
mod daemon;
mod disk;
mod network;
mod onlookers;
mod probe;
mod process;
mod routes;
mod station;
mod trust;
mod visit;

pub use client::{Answer, Client, Method, Socket, Stream};
pub use configuration::{Configuration, binary};
pub use daemon::{Announced, Ended, Kelasd};
pub use disk::Disk;
pub use network::Network;
pub use onlookers::Onlookers;
pub use probe::Probe;
pub use routes::routes;
pub use station::{Line, Station};
pub use trust::trusting;
pub use visit::{End, Visit, join_course, media, student, submit, teacher};
