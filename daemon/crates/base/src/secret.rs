//! Digests of secrets: what is stored is never what was handed out.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::id::{ParticipantId, SessionId};
use crate::random::URL_SAFE;

/// SHA-256 of a random token. The tokens carry 128 bits or more, so they need no salt.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl TokenHash {
    /// The digest of `token`.
    pub fn of(token: &str) -> Self {
        Self(Sha256::digest(token.as_bytes()).into())
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenHash(…)")
    }
}

/// The participant that `session` is with the page that made `key`: 96 bits of a digest, as 16
/// URL-safe characters. It says nothing about either, and nobody without the session has it.
pub fn participant_id(session: SessionId, key: &str) -> ParticipantId {
    let mut digest = Sha256::new();
    digest.update(b"kelas participant\0");
    digest.update(session.0.to_be_bytes());
    digest.update(key.as_bytes());
    ParticipantId(URL_SAFE.encode(&digest.finalize()[..12]).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_participant_id_belongs_to_one_session_and_one_page() {
        let id = participant_id(SessionId(1), "page");
        assert_eq!(id.0.len(), 16);
        assert_eq!(id, participant_id(SessionId(1), "page"));
        assert_ne!(id, participant_id(SessionId(2), "page"));
        assert_ne!(id, participant_id(SessionId(1), "other"));
    }

    #[test]
    fn a_hash_is_stable_and_never_printed() {
        assert_eq!(TokenHash::of("a"), TokenHash::of("a"));
        assert_ne!(TokenHash::of("a"), TokenHash::of("b"));
        assert_eq!(format!("{:?}", TokenHash::of("a")), "TokenHash(…)");
    }
}
