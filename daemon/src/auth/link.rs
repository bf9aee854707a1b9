//! One-time links: a random secret of 128 bits that signs one person in, once.

use base::id::PersonId;
use base::random::{Random as _, SystemRandom};
use base::secret::TokenHash;
use base::{Code, Result};
use http::HeaderValue;
use store::{LinkState, Person};

use super::Auth;
use super::session::allow_transport;
use super::throttle::Guess;
use super::visitor::Visitor;

/// How long a link lasts, in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Offer {
    /// Handed to a teacher on paper or by message: a day.
    Invitation,
    /// From the plain to the secure address of the same browser: ten minutes.
    Handover,
}

impl Offer {
    const fn lasts_ms(self) -> i64 {
        match self {
            Self::Invitation => 24 * 60 * 60 * 1_000,
            Self::Handover => 10 * 60 * 1_000,
        }
    }
}

impl Auth {
    /// Makes a link and returns its secret; the page is `/link/{secret}`.
    pub(crate) async fn offer_link(&self, person: PersonId, offer: Offer) -> Result<String> {
        let token = SystemRandom.token();
        let expires_at = self.0.clock.now().plus(offer.lasts_ms());
        self.0.store.create_sign_in_link(person, TokenHash::of(&token), expires_at).await?;
        Ok(token)
    }

    /// Makes a link that takes the visitor, who is signed in as `person`, along to the secure
    /// address. `sign_in_throttled` after many from this address.
    pub(crate) async fn offer_handover(&self, visitor: &Visitor, person: PersonId) -> Result<String> {
        self.0.throttle.attempt(self.0.clock.monotonic(), &[Guess::Handover(visitor.address)])?;
        self.offer_link(person, Offer::Handover).await
    }

    /// Whom a link would sign in, without using it up: messengers open links for a preview.
    /// `link_unknown`, `link_used`, `link_expired`, `sign_in_throttled`.
    pub(crate) async fn link(&self, visitor: &Visitor, token: &str) -> Result<Person> {
        let guess = Guess::Link(visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[guess])?;
        let person = match self.0.store.sign_in_link(TokenHash::of(token)).await? {
            LinkState::Usable { person, .. } => person,
            LinkState::Used => return Err(Code::LinkUsed.into()),
            LinkState::Expired => return Err(Code::LinkExpired.into()),
            LinkState::Unknown => return Err(Code::LinkUnknown.into()),
        };
        self.0.throttle.uncount(self.0.clock.monotonic(), guess);
        Ok(person)
    }

    /// Uses a link up and signs its person in. `needs_https` for teachers and technicians over
    /// plain HTTP, and then the link stays usable.
    pub(crate) async fn redeem_link(&self, visitor: &Visitor, token: &str) -> Result<(Person, HeaderValue)> {
        let person = self.link(visitor, token).await?;
        allow_transport(visitor, &person)?;
        self.begin_by_link(visitor, TokenHash::of(token)).await
    }
}
