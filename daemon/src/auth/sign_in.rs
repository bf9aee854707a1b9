//! Signing in with a password, and guessing a join code: both held back when they fail often.

use base::{Code, Result};
use http::HeaderValue;
use store::{Course, Person};

use super::throttle::Guess;
use super::visitor::Visitor;
use super::{Auth, login};
use crate::http::peer::Transport;

impl Auth {
    /// Signs in with a password: who it is, and the cookie. `sign_in_wrong` for an unknown login
    /// and for a wrong password alike, after the same work; `sign_in_throttled`;
    /// `needs_https` over plain HTTP, before the password is looked at.
    pub(crate) async fn sign_in(
        &self,
        visitor: &Visitor,
        typed: &str,
        password: &str,
    ) -> Result<(Person, HeaderValue)> {
        if visitor.transport == Transport::Plain {
            return Err(Code::NeedsHttps.into());
        }
        let login = login(typed);
        let guess = Guess::Password(&login, visitor.address);
        let any = Guess::AnyPassword(visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[guess, any])?;
        let found = self.0.store.person_by_login(&login).await?;
        let hash = found.as_ref().and_then(|(_, hash)| hash.as_ref()).map(|hash| hash.0.as_str());
        let right = self.0.passwords.verify(password, hash).await?;
        let Some((person, _)) = found.filter(|_| right) else { return Err(Code::SignInWrong.into()) };
        self.0.throttle.succeeded(guess);
        self.0.throttle.uncount(self.0.clock.monotonic(), any);
        let cookie = self.begin(visitor, &person).await?;
        Ok((person, cookie))
    }

    /// Whether `password` is the person's own, for changes that ask for it again; also if they have
    /// none. Held back as signing in is.
    pub(crate) async fn confirm(&self, visitor: &Visitor, person: &Person, password: &str) -> Result<bool> {
        let Some(login) = person.login.as_deref() else { return Ok(true) };
        let guess = Guess::Password(login, visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[guess])?;
        let found = self.0.store.person_by_login(login).await?;
        let Some(hash) = found.and_then(|(_, hash)| hash) else {
            // A sign-in name from the roster, or a password that was made void: there is none to know.
            self.0.throttle.succeeded(guess);
            return Ok(true);
        };
        let right = self.0.passwords.verify(password, Some(&hash.0)).await?;
        if right {
            self.0.throttle.succeeded(guess);
        }
        Ok(right)
    }

    /// The course with this join code. `join_code_unknown`, or `sign_in_throttled` after many
    /// wrong ones from this address.
    pub(crate) async fn course_by_code(&self, visitor: &Visitor, code: &str) -> Result<Course> {
        let guess = Guess::JoinCode(visitor.address);
        self.0.throttle.attempt(self.0.clock.monotonic(), &[guess])?;
        let course = self.0.store.course_by_join_code(code).await?.ok_or(Code::JoinCodeUnknown)?;
        self.0.throttle.uncount(self.0.clock.monotonic(), guess);
        Ok(course)
    }
}
