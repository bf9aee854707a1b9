//! The live room over the wire, `docs/PROTOCOL.md` line by line: the real daemon over TLS, and
//! clients that know nothing of its code.

mod bots;
mod chat;
mod fallback;
mod hostile;
mod meeting;
mod moderation;
mod restart;
mod resume;
