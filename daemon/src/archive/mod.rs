//! ZIP archives that are written while they are sent, and archives of strangers that are read without
//! believing them: backups and courses as files.
//!
//! Nothing is compressed: films and photos are already, and a browser is not kept waiting for a small
//! processor. What others have compressed is read all the same, up to the size that it says it has.
//!
//! May use: `base`, `tasks`, zip. Used by: `backup`, `site`.
//!
//! Architecture invariant: memory for an archive does not grow with the size of what is in it, only
//! with the number of its files, which is bounded.

mod read;
mod send;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::{Broken, Entry, Reader};
pub(crate) use send::send;
pub(crate) use write::Writer;
