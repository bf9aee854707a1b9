//! The session cookie: its two names, and the attributes that keep it where it belongs.
//!
//! Over TLS it is `__Host-kelas`, which browsers take only with `Secure`, `Path=/` and no
//! domain (RFC 6265bis, 4.1.3.2), so nobody can plant it over plain http. Over plain http it is
//! `kelas_plain`, which can be read along on the way and therefore carries students and guests
//! only. Each is looked at on its own transport alone.

use cookie::{Cookie, SameSite};
use http::{HeaderMap, HeaderValue, header};

use crate::http::peer::Transport;

/// Seconds that a browser keeps the cookie: a school term. The session itself may end earlier.
const MAX_AGE_SECONDS: i64 = 180 * 24 * 3_600;
/// Longest token that is looked up; ours have 22 characters.
const TOKEN_CHARACTERS: usize = 64;

const fn name(transport: Transport) -> &'static str {
    match transport {
        Transport::Tls => "__Host-kelas",
        Transport::Plain => "kelas_plain",
    }
}

/// The session token that the request carries, if any.
pub(crate) fn token(headers: &HeaderMap, transport: Transport) -> Option<String> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut cookies = values.flat_map(Cookie::split_parse).filter_map(Result::ok);
    let cookie = cookies.find(|cookie| cookie.name() == name(transport))?;
    let value = cookie.value();
    (!value.is_empty() && value.len() <= TOKEN_CHARACTERS).then(|| value.to_owned())
}

/// The `Set-Cookie` that signs a browser in.
pub(crate) fn set(token: &str, transport: Transport) -> HeaderValue {
    build(token, transport, MAX_AGE_SECONDS)
}

/// The `Set-Cookie` that makes a browser forget.
pub(crate) fn clear(transport: Transport) -> HeaderValue {
    build("", transport, 0)
}

fn build(value: &str, transport: Transport, max_age_seconds: i64) -> HeaderValue {
    let cookie = Cookie::build((name(transport), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(transport == Transport::Tls)
        .max_age(cookie::time::Duration::seconds(max_age_seconds));
    HeaderValue::try_from(cookie.to_string()).expect("names are ours and tokens are URL-safe characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_attributes_keep_the_cookie_where_it_belongs() {
        let term = "Max-Age=15552000";
        assert_eq!(
            set("abc", Transport::Tls),
            format!("__Host-kelas=abc; HttpOnly; SameSite=Lax; Secure; Path=/; {term}")
        );
        assert_eq!(
            set("abc", Transport::Plain),
            format!("kelas_plain=abc; HttpOnly; SameSite=Lax; Path=/; {term}")
        );
        assert_eq!(clear(Transport::Tls), "__Host-kelas=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0");
    }

    #[test]
    fn each_transport_sees_its_own_cookie_alone() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=b; kelas_plain=plain"));
        headers.append(header::COOKIE, HeaderValue::from_static("__Host-kelas=tls"));
        assert_eq!(token(&headers, Transport::Tls).as_deref(), Some("tls"));
        assert_eq!(token(&headers, Transport::Plain).as_deref(), Some("plain"));
        let long =
            HeaderValue::try_from(format!("kelas_plain={}", "x".repeat(65))).expect("plain characters");
        assert_eq!(token(&HeaderMap::from_iter([(header::COOKIE, long)]), Transport::Plain), None);
    }
}
