//! From raw values to what they mean; `None` is "not of the allowed form".

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;

use tracing::Level;
use tracing_subscriber::EnvFilter;

use crate::args::Announce;
use crate::settings::layer::Raw;
use crate::settings::{Networking, Pretence};

pub(crate) fn switch(raw: &Raw) -> Option<bool> {
    one(raw)?.parse().ok()
}

pub(crate) fn number(raw: &Raw, range: RangeInclusive<usize>) -> Option<usize> {
    one(raw)?.parse().ok().filter(|number| range.contains(number))
}

/// A path, made absolute so that it means the same however the daemon's folder changes.
pub(crate) fn folder(raw: &Raw) -> Option<PathBuf> {
    one(raw).filter(|text| !text.is_empty()).and_then(|text| std::path::absolute(text).ok())
}

/// The same, or the empty path for nothing.
pub(crate) fn file(raw: &Raw) -> Option<PathBuf> {
    if one(raw)?.is_empty() { Some(PathBuf::new()) } else { folder(raw) }
}

/// What somebody types to be let in; space around it does not count.
pub(crate) fn secret(raw: &Raw) -> Option<String> {
    let text = one(raw)?.trim();
    (text.chars().count() <= 64).then(|| text.to_owned())
}

pub(crate) fn announce(raw: &Raw) -> Option<Announce> {
    match one(raw)? {
        "text" => Some(Announce::Text),
        "json" => Some(Announce::Json),
        "none" => Some(Announce::None),
        _ => None,
    }
}

pub(crate) fn network(raw: &Raw) -> Option<Networking> {
    match one(raw)? {
        "none" => Some(Networking::None),
        "networkmanager" => Some(Networking::NetworkManager),
        "pretend" => Some(Networking::Pretend(Pretence::Well)),
        "pretend-no-radio" => Some(Networking::Pretend(Pretence::NoRadio)),
        "pretend-blocked" => Some(Networking::Pretend(Pretence::Blocked)),
        "pretend-busy" => Some(Networking::Pretend(Pretence::Busy)),
        "pretend-hasty" => Some(Networking::Pretend(Pretence::Hasty)),
        _ => None,
    }
}

/// A filter of `tracing`, kept as text because filters cannot be copied. `EnvFilter` itself takes
/// any word for the name of a module, also "loud"; here a module needs a level.
pub(crate) fn filter(raw: &Raw) -> Option<String> {
    let text = raw.shown().replace(' ', "");
    let is_sound = text.split(',').all(|part| {
        let (module, level) = part.rsplit_once('=').unwrap_or(("kelasd", part));
        let is_module =
            module.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':'));
        is_module && !module.is_empty() && level.parse::<Level>().is_ok()
    });
    (is_sound && EnvFilter::try_new(&text).is_ok()).then_some(text)
}

/// At least one address with port; a port alone means every address.
pub(crate) fn addresses(raw: &Raw) -> Option<Vec<SocketAddr>> {
    let every = |port: u16| SocketAddr::from((Ipv6Addr::UNSPECIFIED, port));
    let parsed: Option<Vec<SocketAddr>> =
        raw.items().iter().map(|item| item.parse().or_else(|_| item.parse().map(every)).ok()).collect();
    parsed.filter(|addresses| !addresses.is_empty())
}

pub(crate) fn ips(raw: &Raw) -> Option<Vec<IpAddr>> {
    raw.items().iter().map(|item| item.parse().ok()).collect()
}

/// At least one host name (RFC 1123, 2.1), in lower case and without repetition.
pub(crate) fn names(raw: &Raw) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut names = Vec::new();
    for item in raw.items() {
        let name = item.trim_end_matches('.').to_ascii_lowercase();
        let sound = name.len() <= 253 && name.split('.').all(is_label) && name.parse::<IpAddr>().is_err();
        if !sound {
            return None;
        }
        if seen.insert(name.clone()) {
            names.push(name);
        }
    }
    (!names.is_empty()).then_some(names)
}

pub(super) fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

pub(super) fn one(raw: &Raw) -> Option<&str> {
    match raw {
        Raw::One(text) => Some(text.trim()),
        Raw::Many(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Raw {
        Raw::One(text.to_owned())
    }

    #[test]
    fn a_port_alone_means_every_address() {
        let every: SocketAddr = "[::]:8080".parse().expect("an address");
        assert_eq!(addresses(&text("8080")), Some(vec![every]));
        assert_eq!(addresses(&text("127.0.0.1:1, [::1]:2")).map(|list| list.len()), Some(2));
        for wrong in ["", "localhost:80", "1.2.3.4", "70000", "[::]:80,x"] {
            assert_eq!(addresses(&text(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn names_are_host_names() {
        assert_eq!(names(&text("Kelas.Internal., kelas.internal")), Some(vec!["kelas.internal".to_owned()]));
        for wrong in ["", "-a", "a..b", "under_score", "10.0.0.1", "a b", &"x".repeat(64)] {
            assert_eq!(names(&text(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_stay_in_range_and_switches_are_words() {
        assert_eq!(number(&text("16"), 16..=32), Some(16));
        assert_eq!(number(&text("33"), 16..=32), None);
        assert_eq!(switch(&text("yes")), None);
        for wrong in ["loud", "", "info,kelasd=nonsense", "info,", "=info"] {
            assert_eq!(filter(&text(wrong)), None, "{wrong}");
        }
        assert!(filter(&text("info, kelasd::http=debug")).is_some());
        assert_eq!(folder(&text("")), None);
    }
}
