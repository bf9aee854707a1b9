//! The log as a whole: against the truth, on the trees of other machines, and over time.

mod support;
mod time;
mod trees;
mod truth;
