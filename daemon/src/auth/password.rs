//! Passwords as argon2id hashes, made and checked where they cannot hold up anything else.
//!
//! One hash takes 19 MiB and, on a small Pi, a tenth of a second of a core. Two at a time is what
//! a board with 512 MB can carry beside a lesson; the others wait, and more than
//! [`WAITING`] are told to come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
use base::random::{Random as _, SystemRandom};
use base::{Code, Error, Result, limits};
use tokio::sync::Semaphore;

use crate::tasks;

/// Hashes computed at once.
const AT_ONCE: usize = 2;
/// Attempts that may wait for their turn: a few seconds' worth.
const WAITING: usize = 64;
/// OWASP's second choice of argon2id parameters, the one with the least memory per speed.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Address space reserved for one hash: over glibc's largest threshold.
const RESERVED_BYTES: usize = 33 << 20;

/// Makes and checks password hashes. Clones share the same two places.
#[derive(Clone, Debug)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// Checked when there is no such login, so that both answers take as long.
    nobody: Arc<str>,
}

/// Counts somebody as waiting until dropped.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Passwords {
    /// Prepares hashing; takes as long as one hash.
    pub(crate) fn new() -> Result<Self> {
        let nobody = hash("nobody has this password")?.into();
        Ok(Self { places: Arc::new(Semaphore::new(AT_ONCE)), waiting: Arc::default(), nobody })
    }

    /// The hash to store for `password`, which is checked against the limits first.
    pub(crate) async fn hash(&self, password: &str) -> Result<String> {
        check(password)?;
        let password = password.to_owned();
        self.in_turn(move || hash(&password)).await?
    }

    /// The hash to store for a PIN of ours, which no limit of a password is held against.
    pub(crate) async fn hash_pin(&self, pin: &str) -> Result<String> {
        let pin = pin.to_owned();
        self.in_turn(move || hash(&pin)).await?
    }

    /// Whether `password` is the one that `stored` was made from. Without a stored hash the
    /// answer is no, after the same work.
    pub(crate) async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool> {
        if password.chars().count() > limits::PASSWORD_CHARACTERS_MAX {
            return Ok(false);
        }
        let password = password.to_owned();
        let known = stored.is_some();
        let stored = stored.unwrap_or(&self.nobody).to_owned();
        self.in_turn(move || verify(&password, &stored)).await?.map(|matches| matches && known)
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        let _place = Place(Arc::clone(&self.waiting));
        if before >= WAITING {
            return Err(Code::Unavailable.into());
        }
        let _permit =
            self.places.acquire().await.map_err(|error| Error::new(Code::Unavailable).because(error))?;
        tasks::blocking(work).await.map_err(|error| Error::new(Code::Internal).because(error))
    }
}

/// Checks a new password against the limits. Length is all that is asked (NIST SP 800-63B).
pub(crate) fn check(password: &str) -> Result<()> {
    let count = password.chars().count();
    if count < limits::PASSWORD_CHARACTERS_MIN {
        return Err(Error::new(Code::PasswordTooShort).with("least", limits::PASSWORD_CHARACTERS_MIN));
    }
    if count > limits::PASSWORD_CHARACTERS_MAX {
        return Err(Error::new(Code::PasswordTooLong).with("most", limits::PASSWORD_CHARACTERS_MAX));
    }
    Ok(())
}

fn hash(password: &str) -> Result<String> {
    let params =
        Params::new(MEMORY_KIB, PASSES, LANES, Some(Params::DEFAULT_OUTPUT_LEN)).map_err(internal)?;
    let mut salt = [0; 16];
    SystemRandom.fill(&mut salt);
    let output = compute(password, &salt, &params)?;
    let stored = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params).map_err(internal)?,
        salt: Some(Salt::new(&salt).map_err(internal)?),
        hash: Some(output),
    };
    Ok(stored.to_string())
}

fn verify(password: &str, stored: &str) -> Result<bool> {
    let stored = PasswordHash::new(stored).map_err(internal)?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else {
        return Err(internal("a stored hash without salt or digest"));
    };
    if stored.algorithm != Algorithm::Argon2id.ident() {
        return Err(internal("a stored hash that is not argon2id"));
    }
    let params = Params::try_from(&stored).map_err(internal)?;
    // Outputs are compared in constant time.
    Ok(compute(password, salt, &params)? == *expected)
}

/// The digest, computed in memory that goes back to the system at once.
///
/// glibc keeps blocks of up to 32 MiB for the thread that freed them, and the runtime has many
/// threads: 19 MiB each would stay behind. A larger reservation is always a mapping of its own
/// (mallopt(3), `M_MMAP_THRESHOLD`), of which only the pages in use become real.
fn compute(password: &str, salt: &[u8], params: &Params) -> Result<Output> {
    let mut memory = Vec::with_capacity(params.block_count().max(RESERVED_BYTES / Block::SIZE));
    memory.resize(params.block_count(), Block::new());
    let mut digest = [0; Params::DEFAULT_OUTPUT_LEN];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    argon2
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut digest, &mut memory)
        .map_err(internal)?;
    Output::new(&digest).map_err(internal)
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(Code::Internal).because(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_matches_its_own_hash_alone() {
        let passwords = Passwords::new().expect("hashing works");
        let stored = passwords.hash("rahasia kelas").await.expect("long enough");
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify("rahasia kelas", Some(&stored)).await.expect("a hash"));
        assert!(!passwords.verify("rahasia kelaz", Some(&stored)).await.expect("a hash"));
        assert!(!passwords.verify("nobody has this password", None).await.expect("a hash"));
        assert!(passwords.verify("x", Some("not a hash")).await.is_err());
    }

    #[tokio::test]
    async fn length_is_all_that_is_asked_of_a_new_password() {
        let passwords = Passwords::new().expect("hashing works");
        assert_eq!(passwords.hash("1234567").await.expect_err("short").code, Code::PasswordTooShort);
        assert_eq!(passwords.hash(&"ä".repeat(201)).await.expect_err("long").code, Code::PasswordTooLong);
        assert!(!passwords.verify(&"ä".repeat(100_000), None).await.expect("refused without work"));
    }

    #[tokio::test]
    async fn a_rush_beyond_the_queue_is_told_to_come_back() {
        let passwords = Passwords::new().expect("hashing works");
        let held = passwords.places.acquire_many(2).await.expect("both places");
        let waiting: Vec<_> = (0..WAITING).map(|_| Box::pin(passwords.verify("x", None))).collect();
        let mut waiting: Vec<_> = waiting;
        for attempt in &mut waiting {
            assert!(futures_util::poll!(attempt.as_mut()).is_pending());
        }
        assert_eq!(passwords.verify("x", None).await.expect_err("full").code, Code::Unavailable);
        drop(waiting);
        drop(held);
        assert!(!passwords.verify("x", None).await.expect("room again"));
    }
}
