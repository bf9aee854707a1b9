//! The box's own certificate authority and the one certificate that it serves with.
//!
//! The authority is made on the first start, is different on every box, and can sign for the
//! box's own names, for names below `.internal` and `.local` and for private addresses only, so that a stolen card endangers nobody who
//! installed it. The leaf follows the box's names, addresses and clock; its key stays.
//!
//! May use: `base`, rcgen, x509-parser, rustls, the file system; no runtime, no SQL, no clock of
//! its own. Used by: `run`, `http` and `site` in the daemon.
//!
//! Architecture invariant: an authority is made only where there is none. A damaged one is an
//! error that names the file, because a new one would silently end the trust of every device
//! that installed the old.

mod authority;
mod constraint;
mod file;
mod leaf;
mod profile;
mod renewal;
mod resolver;
mod school;
mod validity;

pub use authority::Authority;
pub use leaf::Leaf;
pub use profile::ProfileText;
pub use renewal::Issued;
pub use resolver::{LeafResolver, server_config};
pub use school::SchoolCertificate;
pub use validity::Times;
