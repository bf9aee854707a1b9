//! The page that a phone opens by itself when it joins the Wi-Fi, and what keeps the class out of
//! the small browser that it opens it in.

pub(crate) mod portal_show;
pub(crate) mod small_browser;
pub(crate) mod station_continue;
