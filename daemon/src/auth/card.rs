//! Cards: a QR code on paper that signs one student in, as often as it is scanned, until another card
//! is made (docs/decisions/0016).
//!
//! A card's secret is stored nowhere: it is a keyed digest of the person and of which of their cards
//! it is, so a lost sheet can be printed again and still be the same. The key is a setting of the
//! box, which goes along with its database.

use base::id::PersonId;
use base::random::{Random as _, SystemRandom, URL_SAFE};
use base::{Code, Error, Result};
use http::HeaderValue;
use ring::hmac;
use store::{Person, PersonKind};
use subtle::ConstantTimeEq as _;

use super::Auth;
use super::throttle::Guess;
use super::visitor::Visitor;

/// Where the store keeps the key.
const KEY: &str = "card_key";
/// Bytes of the digest that are on a card: 128 bits, and a QR code that an old camera reads.
const BYTES: usize = 16;

/// Makes the secrets of cards.
pub(crate) struct Cards(hmac::Key);

impl Cards {
    /// What stands in the address on a card.
    pub(crate) fn token(&self, person: PersonId, card: i64) -> String {
        let message = [&b"kelas card"[..], &person.0.to_be_bytes(), &card.to_be_bytes()].concat();
        let digest = hmac::sign(&self.0, &message);
        format!("{person}-{}", URL_SAFE.encode(&digest.as_ref()[..BYTES]))
    }
}

impl Auth {
    /// Prepares the making of cards.
    pub(crate) async fn cards(&self) -> Result<Cards> {
        let key = match self.0.store.setting(KEY).await? {
            Some(key) => key,
            None => self.0.store.change_setting(KEY, |before| Ok(before.unwrap_or_else(new_key))).await?,
        };
        let key = URL_SAFE.decode(key.as_bytes());
        let key = key.map_err(|error| Error::new(Code::Internal).because(error))?;
        Ok(Cards(hmac::Key::new(hmac::HMAC_SHA256, &key)))
    }

    /// Whom a card would sign in. `card_unknown`, also for one that another has replaced;
    /// `account_inactive`, `sign_in_throttled`.
    pub(crate) async fn card(&self, visitor: &Visitor, token: &str) -> Result<Person> {
        let guess = Guess::Card(visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[guess])?;
        let person = token.split_once('-').and_then(|(person, _)| person.parse().ok());
        let account = match person {
            Some(person) => self.0.store.account(person).await?,
            None => None,
        };
        let account = account.filter(|account| account.person.kind == PersonKind::Student);
        let account = account.ok_or(Code::CardUnknown)?;
        let expected = self.cards().await?.token(account.person.id, account.card);
        if !bool::from(expected.as_bytes().ct_eq(token.as_bytes())) {
            return Err(Code::CardUnknown.into());
        }
        self.0.throttle.uncount(self.0.clock.monotonic(), guess);
        if account.deactivated_at.is_some() {
            return Err(Code::AccountInactive.into());
        }
        Ok(account.person)
    }

    /// Signs in whose card it is.
    pub(crate) async fn redeem_card(&self, visitor: &Visitor, token: &str) -> Result<HeaderValue> {
        let person = self.card(visitor, token).await?;
        self.begin(visitor, &person).await
    }

    /// Makes a student's cards void and signs them out everywhere.
    pub(crate) async fn renew_card(&self, person: PersonId) -> Result<()> {
        self.ended(self.0.store.renew_card(person).await?);
        Ok(())
    }
}

fn new_key() -> String {
    let mut key = [0; 32];
    SystemRandom.fill(&mut key);
    URL_SAFE.encode(&key)
}
