//! A form token for somebody who has no session yet, for the one form of a stranger that must not
//! be forged: claiming the box.
//!
//! A random secret lies in a cookie that nothing else can set (`__Host-`, RFC 6265bis 4.1.3.2), its
//! digest in the form: only a page of this box, in this browser, holds both.

use base::random::{Random as _, SystemRandom};
use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};

use super::form_token;

const NAME: &str = "__Host-kelas_stranger";
/// An hour, in which the wizard's first pages are read.
const MAX_AGE_SECONDS: i64 = 3_600;

/// A browser without a session.
pub(crate) struct Stranger {
    secret: String,
    is_new: bool,
}

impl Stranger {
    /// Who sent `headers`, as far as a stranger is known.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        known(headers).map_or_else(
            || Self { secret: SystemRandom.token(), is_new: true },
            |secret| Self { secret, is_new: false },
        )
    }

    /// What the form must carry.
    pub(crate) fn form_token(&self) -> String {
        form_token::of(&self.secret)
    }

    /// The `Set-Cookie` that a browser needs to send the form.
    pub(crate) fn cookie(&self) -> Option<HeaderValue> {
        let cookie = Cookie::build((NAME, self.secret.as_str()))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(true)
            .max_age(cookie::time::Duration::seconds(MAX_AGE_SECONDS));
        let value = || HeaderValue::try_from(cookie.to_string()).expect("URL-safe characters");
        self.is_new.then(value)
    }

    /// Whether a form with `token` came from a page that this browser was given.
    pub(crate) fn sent(&self, token: &str) -> bool {
        !self.is_new && form_token::same(&self.form_token(), token)
    }
}

fn known(headers: &HeaderMap) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let secret = cookies.find(|cookie| cookie.name() == NAME)?.value().to_owned();
    // Ours have 22 characters.
    (16..=64).contains(&secret.len()).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_needs_the_cookie_and_the_token_that_belong_together() {
        let new = Stranger::of(&HeaderMap::new());
        assert!(!new.sent(&new.form_token()), "the cookie was never set");
        let cookie = new.cookie().expect("a new one");
        let pair = cookie.to_str().expect("plain").split(';').next().expect("a pair").to_owned();
        let headers = HeaderMap::from_iter([(header::COOKIE, pair.parse().expect("a value"))]);
        let known = Stranger::of(&headers);
        assert!(known.cookie().is_none());
        assert!(known.sent(&new.form_token()));
        assert!(!known.sent("") && !known.sent(&Stranger::of(&HeaderMap::new()).form_token()));
    }
}
