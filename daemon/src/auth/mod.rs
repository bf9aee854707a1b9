//! Who somebody is.
//!
//! May use: `base`, `store`, `http::peer`, `tasks`. Used by: `site`, `live`, `run`.

mod cookie;
pub(crate) mod form_token;
mod password;
mod throttle;
