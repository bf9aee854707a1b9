//! Messages to a client.
