//! The wizard without pages.
