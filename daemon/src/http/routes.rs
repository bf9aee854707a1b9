//! Routes as lists: an address is bound to its handlers in a list that can also be read, so that
//! `kelasd routes` names every address there is, and the table of permissions can be held against
//! it.
//!
//! Used by: every module that answers requests.

/// Makes `PATHS`, the addresses of a module, and `routes()`, the router that answers them:
/// `routes!(State { "/path" => get(handler), … })`.
macro_rules! routes {
    ($state:ty { $($path:expr => $methods:expr,)* }) => {
        /// Every address of this module.
        pub(crate) const PATHS: &[&str] = &[$($path,)*];

        /// What answers them.
        pub(crate) fn routes() -> ::axum::Router<$state> {
            let router = ::axum::Router::new();
            $(let router = router.route($path, $methods);)*
            router
        }
    };
}

pub(crate) use routes;
