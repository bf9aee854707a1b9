//! Tests against real files.

mod messages;
mod support;
