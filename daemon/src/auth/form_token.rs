//! The token in every form of a signed-in page, against requests forged from elsewhere.
//!
//! It is a digest of the session's secret: only a page that this session was given can hold it,
//! nothing has to be stored, and it outlives a restart. The check of `Origin` (`http`) stands
//! before it; old browsers that send neither `Origin` nor `Sec-Fetch-Site` are held by this one.

use base::random::URL_SAFE;
use base::secret::TokenHash;
use subtle::ConstantTimeEq;

/// The form field's name.
pub(crate) const FIELD: &str = "form_token";

/// The form token that belongs to a session token.
pub(crate) fn of(session_token: &str) -> String {
    URL_SAFE.encode(&TokenHash::of(&format!("form token of {session_token}")).0)
}

/// Whether a form carried the token that it should, compared in constant time.
pub(crate) fn same(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_belongs_to_one_session_and_is_not_its_secret() {
        assert!(same(&of("one"), &of("one")));
        assert!(!same(&of("two"), &of("one")));
        assert!(!same(&of("one"), ""));
        assert_ne!(of("one"), URL_SAFE.encode(&TokenHash::of("one").0));
    }
}
