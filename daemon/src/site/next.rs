//! Where to go after signing in or changing something: addresses of this site alone.

use std::fmt::Write as _;

/// Longest address that is carried along.
const CHARACTERS: usize = 300;

/// `raw` if it is a path on this site, else the start page. Browsers read `//host`, `/\host`
/// and addresses with tabs or line breaks in them as other sites.
pub(crate) fn local(raw: &str) -> &str {
    let plain = raw.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if raw.starts_with('/') && !raw.starts_with("//") && plain && raw.len() <= CHARACTERS { raw } else { "/" }
}

/// `address` with `next` in its query.
pub(crate) fn with(address: &str, next: &str) -> String {
    let next = local(next);
    if next == "/" {
        return address.to_owned();
    }
    format!("{address}?next={}", encode(next))
}

/// `address` with a notice to show there once.
pub(crate) fn noticed(address: &str, notice: &str) -> String {
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}notice={}", encode(notice))
}

/// `text` as a part of a path or a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.') {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a String takes all that is written");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_this_site_are_followed() {
        for good in ["/", "/rooms/3", "/join/ABC?x=1#y"] {
            assert_eq!(local(good), good);
        }
        let long = format!("/{}", "x".repeat(300));
        for bad in
            ["", "//evil", "/\\evil", "https://evil", "/\t/evil", "/ü", "rooms", &long, "/a\r\nSet-Cookie:x"]
        {
            assert_eq!(local(bad), "/", "{bad:?}");
        }
    }

    #[test]
    fn an_address_survives_the_query() {
        assert_eq!(with("/sign-in", "/join/A?b=c&d"), "/sign-in?next=/join/A%3Fb%3Dc%26d");
        assert_eq!(with("/sign-in", "//evil"), "/sign-in");
        assert_eq!(noticed("/a?b=c", "site.saved"), "/a?b=c&notice=site.saved");
    }
}
