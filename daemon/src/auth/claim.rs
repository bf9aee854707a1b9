//! Claiming a box that belongs to nobody: its first technician, decided by the store.

use base::{Code, Error, Result, limits};
use http::HeaderValue;
use store::{NewPerson, PasswordHash, Person, PersonKind};
use subtle::ConstantTimeEq as _;

use super::throttle::Guess;
use super::visitor::Visitor;
use super::{Auth, cookie, login};
use crate::http::peer::Transport;

/// What somebody who claims the box has typed.
pub(crate) struct Claim<'a> {
    /// The name that others see.
    pub(crate) name: &'a str,
    /// The sign-in name.
    pub(crate) login: &'a str,
    /// The password.
    pub(crate) password: &'a str,
    /// The code from the card, if one is asked for.
    pub(crate) code: &'a str,
}

impl Auth {
    /// Makes the visitor the box's first technician, and signs them in. `needs_https` before
    /// anything is looked at; `already_claimed`; `claim_code_wrong` and, after a few of those from
    /// this address, `sign_in_throttled`; those of names and passwords.
    pub(crate) async fn claim(
        &self,
        visitor: &Visitor,
        claim: &Claim<'_>,
        claim_code: Option<&str>,
    ) -> Result<(Person, HeaderValue)> {
        if visitor.transport == Transport::Plain {
            return Err(Code::NeedsHttps.into());
        }
        if self.0.store.knows_anybody().await? {
            return Err(Code::AlreadyClaimed.into());
        }
        if let Some(expected) = claim_code {
            self.check_claim_code(visitor, claim.code, expected)?;
        }
        let name = base::text::name(claim.name)?;
        let login = checked_login(claim.login)?;
        let password = Some(PasswordHash(self.hash_password(claim.password).await?));
        let first = NewPerson { kind: PersonKind::Technician, name, login: Some(login), password };
        let (token, new) = visitor.new_session();
        let (person, _) = self.0.store.claim(first, new).await?;
        Ok((person, cookie::set(&token.0, visitor.transport)))
    }

    /// Compares the code that somebody has typed with that of the card. `claim_code_wrong`;
    /// `sign_in_throttled` after a few of those from this address.
    pub(crate) fn check_claim_code(&self, visitor: &Visitor, typed: &str, expected: &str) -> Result<()> {
        let guess = Guess::ClaimCode(visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[guess])?;
        if !bool::from(typed.trim().as_bytes().ct_eq(expected.as_bytes())) {
            return Err(Code::ClaimCodeWrong.into());
        }
        self.0.throttle.succeeded(guess);
        Ok(())
    }
}

/// A sign-in name as typed: `login_empty`, also with a space in it; `login_too_long`.
pub(crate) fn checked_login(typed: &str) -> Result<String> {
    let login = login(typed);
    if login.is_empty() || login.chars().any(|character| character.is_whitespace() || character.is_control())
    {
        return Err(Code::LoginEmpty.into());
    }
    if login.chars().count() > limits::LOGIN_CHARACTERS {
        return Err(Error::new(Code::LoginTooLong).with("most", limits::LOGIN_CHARACTERS));
    }
    Ok(login)
}
