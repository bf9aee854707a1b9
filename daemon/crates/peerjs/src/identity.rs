//! Who a client says it is: the query of its socket, checked once.

use std::sync::Arc;

use base::limits::{PEERJS_ID_CHARACTERS, PEERJS_TOKEN_BYTES};
use base::secret::TokenHash;

/// The id that a client wants and the digest of the token that makes it the client's own.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) id: Arc<str>,
    pub(crate) token: TokenHash,
}

/// Why a client is refused or sent away; the text is what `ERROR` carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    ParametersMissing,
    KeyWrong,
    IdInvalid,
    TokenInvalid,
    Full,
    TooManyMessages,
    TooSlow,
}

impl Refusal {
    /// PeerServer's sentence where it has one. Programs look at these, so they are not translated.
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::ParametersMissing => "No id, token, or key supplied to websocket server",
            Self::KeyWrong => "Invalid key provided",
            Self::IdInvalid => "Invalid id provided",
            Self::TokenInvalid => "Invalid token provided",
            Self::Full => "Server has reached its concurrent user limit",
            Self::TooManyMessages => "Too many messages",
            Self::TooSlow => "Messages are read too slowly",
        }
    }
}

/// Checks in PeerServer's order, so that a client that breaks two rules hears of the same one.
pub(crate) fn check(expected_key: &str, key: &str, id: &str, token: &str) -> Result<Identity, Refusal> {
    if id.is_empty() || token.is_empty() || key.is_empty() {
        return Err(Refusal::ParametersMissing);
    }
    if key != expected_key {
        return Err(Refusal::KeyWrong);
    }
    if !is_id(id) {
        return Err(Refusal::IdInvalid);
    }
    if token.len() > PEERJS_TOKEN_BYTES {
        return Err(Refusal::TokenInvalid);
    }
    Ok(Identity { id: id.into(), token: TokenHash::of(token) })
}

/// The PeerJS client's own rule, `^[A-Za-z0-9]+(?:[ _-][A-Za-z0-9]+)*$`, and a length.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() <= PEERJS_ID_CHARACTERS
        && text
            .split([' ', '_', '-'])
            .all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_follow_the_clients_rule() {
        for good in ["a", "Siti-1", "a_b c", "5f0c1c8e-6c3f-4a44-9a1e-2f0e6d0c1b2a", &"x".repeat(64)] {
            assert!(is_id(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "ä", "a\n", "a.b", "a\"b", &"x".repeat(65)] {
            assert!(!is_id(bad), "{bad}");
        }
    }

    #[test]
    fn a_client_hears_of_the_first_rule_that_it_breaks() {
        let refusal = |key, id, token| check("peerjs", key, id, token).expect_err("refused");
        assert_eq!(refusal("wrong", "a", ""), Refusal::ParametersMissing);
        assert_eq!(refusal("wrong", "-", "t"), Refusal::KeyWrong);
        assert_eq!(refusal("peerjs", "-", "t"), Refusal::IdInvalid);
        assert_eq!(refusal("peerjs", "a", &"t".repeat(65)), Refusal::TokenInvalid);
        assert_eq!(&*check("peerjs", "peerjs", "a", "t").expect("accepted").id, "a");
    }
}
