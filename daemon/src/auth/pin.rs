//! PINs: what a student types who has no phone that scans, after having chosen their own name.
//!
//! A PIN is short, so guessing is held back three times: each student's from one device, all from
//! one device (a class may sit behind one), and after [`limits::PIN_FAILURES`] wrong ones without a
//! right one between them the PIN is locked, wherever they came from. The card still works then,
//! and a teacher makes a new PIN in two taps; so a prank costs a minute, and guessing gets nowhere (docs/decisions/0016).

use base::id::PersonId;
use base::random::{Random as _, SystemRandom};
use base::{Code, Result, limits};
use http::HeaderValue;
use store::PasswordHash;

use super::Auth;
use super::throttle::Guess;
use super::visitor::Visitor;
use crate::http::peer::Transport;

/// Longest text that is held against a PIN.
const TYPED_CHARACTERS: usize = 32;

impl Auth {
    /// Signs a student in. `needs_https` over plain HTTP, before the PIN is looked at;
    /// `pin_wrong`, `pin_locked`, `sign_in_throttled`; `not_found` for who has no PIN.
    pub(crate) async fn sign_in_with_pin(
        &self,
        visitor: &Visitor,
        person: PersonId,
        typed: &str,
    ) -> Result<HeaderValue> {
        if visitor.transport == Transport::Plain {
            return Err(Code::NeedsHttps.into());
        }
        let guess = Guess::Pin(person, visitor.address);
        let any = Guess::AnyPin(visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[guess, any])?;
        let holder = self.0.store.pin_holder(person).await?.ok_or(Code::NotFound)?;
        if holder.failures >= limits::PIN_FAILURES {
            return Err(Code::PinLocked.into());
        }
        let typed: String =
            typed.chars().filter(|character| !character.is_whitespace()).take(TYPED_CHARACTERS).collect();
        if !self.0.passwords.verify(&typed, Some(&holder.pin.0)).await? {
            let failures = self.0.store.fail_pin(person).await?;
            let locked = failures >= limits::PIN_FAILURES;
            return Err(if locked { Code::PinLocked } else { Code::PinWrong }.into());
        }
        self.0.throttle.succeeded(guess);
        self.0.throttle.uncount(self.0.clock.monotonic(), any);
        if holder.failures > 0 {
            self.0.store.forgive_pin(person).await?;
        }
        self.begin(visitor, &holder.person).await
    }

    /// Gives each of these students a new PIN; the PINs, which only `pin_sheet` keeps for a while. One is hashed
    /// after the other, so that a class's worth leaves a place for those who sign in meanwhile.
    pub(crate) async fn renew_pins(&self, people: &[PersonId]) -> Result<Vec<(PersonId, String)>> {
        let mut pins = Vec::with_capacity(people.len());
        let mut hashes = Vec::with_capacity(people.len());
        for person in people {
            let pin = SystemRandom.characters(b"0123456789", limits::PIN_DIGITS);
            hashes.push((*person, PasswordHash(self.0.passwords.hash_pin(&pin).await?)));
            pins.push((*person, pin));
        }
        self.0.store.set_pins(hashes).await?;
        self.0.pin_sheets.forget(people);
        Ok(pins)
    }
}
