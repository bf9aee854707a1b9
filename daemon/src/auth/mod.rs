//! Who somebody is: sessions in cookies, passwords, one-time links, and how often one may guess.
//!
//! May use: `base`, `store`, `http::peer`, `tasks`. Used by: `site`, `live`, `run`.
//!
//! Architecture invariant: what is stored of a password, a link or a session is a hash.
//!
//! Architecture invariant: a session that began over plain http is never a teacher's.

mod card;
mod claim;
mod cookie;
pub(crate) mod form_token;
mod link;
mod password;
mod pin;
mod pin_sheet;
mod session;
mod sign_in;
mod stranger;
mod throttle;
mod visitor;

use std::sync::Arc;

use base::clock::Clock;
use base::id::SessionId;
use base::{Result, limits};
use store::Store;

pub(crate) use claim::{Claim, checked_login};
pub(crate) use link::Offer;
pub(crate) use password::check as check_password;
pub(crate) use pin_sheet::{Along, PinWish};
pub(crate) use stranger::Stranger;
pub(crate) use visitor::{SignedIn, Visitor};

/// Called with each session that ends, so that its live connections end too.
pub(crate) type SessionEnded = Arc<dyn Fn(SessionId) + Send + Sync>;

/// What every check of identity needs. Clones share everything.
#[derive(Clone)]
pub(crate) struct Auth(Arc<Parts>);

struct Parts {
    store: Store,
    clock: Arc<dyn Clock>,
    passwords: password::Passwords,
    throttle: throttle::Throttle,
    session_ended: SessionEnded,
    pin_sheets: pin_sheet::PinSheets,
}

impl Auth {
    /// Prepares hashing, which takes as long as one hash.
    pub(crate) fn new(store: Store, clock: Arc<dyn Clock>, session_ended: SessionEnded) -> Result<Self> {
        let passwords = password::Passwords::new()?;
        Ok(Self(Arc::new(Parts {
            store,
            clock,
            passwords,
            throttle: throttle::Throttle::default(),
            session_ended,
            pin_sheets: pin_sheet::PinSheets::default(),
        })))
    }

    /// The hash to store for a new password.
    pub(crate) async fn hash_password(&self, password: &str) -> Result<String> {
        self.0.passwords.hash(password).await
    }
}

/// A sign-in name as it is stored and looked up: trimmed, lower case.
pub(crate) fn login(raw: &str) -> String {
    raw.trim().chars().take(limits::LOGIN_CHARACTERS + 1).flat_map(char::to_lowercase).collect()
}
