//! How safe the connection is, and the certificate.

pub(super) mod trust_show;
