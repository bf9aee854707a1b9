//! Messages from a client.
