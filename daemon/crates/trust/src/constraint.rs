//! What the authority may sign for: the box's names, and names and addresses that nobody has on
//! the internet; nothing else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rcgen::{CidrSubnet, GeneralSubtree, NameConstraints};

/// The name by which a person at the box itself reaches it.
pub(crate) const LOCALHOST: &str = "localhost";

/// Address ranges that never belong to somebody on the internet, with their prefix lengths.
const PRIVATE: [(IpAddr, u8); 8] = [
    (IpAddr::V4(Ipv4Addr::new(10, 0, 0, 0)), 8),     // RFC 1918
    (IpAddr::V4(Ipv4Addr::new(172, 16, 0, 0)), 12),  // RFC 1918
    (IpAddr::V4(Ipv4Addr::new(192, 168, 0, 0)), 16), // RFC 1918
    (IpAddr::V4(Ipv4Addr::new(169, 254, 0, 0)), 16), // link-local, RFC 3927
    (IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8),    // loopback, RFC 1122
    (IpAddr::V6(Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0)), 7), // unique local, RFC 4193
    (IpAddr::V6(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0)), 10), // link-local, RFC 4291
    (IpAddr::V6(Ipv6Addr::LOCALHOST), 128),          // loopback, RFC 4291
];

/// Names below these never belong to somebody on the internet: a school may give its box another
/// name when devices already trust the authority.
pub(crate) const PRIVATE_ENDS: [&str; 2] = [
    "internal", // for private use, ICANN 2024
    "local",    // of the network at hand, RFC 6762
];

/// The extension that keeps the authority to `names`, what lies below them, names
/// below [`PRIVATE_ENDS`], and private addresses.
///
/// Mail addresses are held to the first name: RFC 5280 leaves a kind of name that is not
/// constrained free, and the authority must not vouch for anybody's mail. rcgen cannot write
/// URI constraints; no browser takes identity from one, and the authority's extended key usage
/// allows servers only.
pub(crate) fn name_constraints(names: &[String]) -> NameConstraints {
    let mail = names.first().into_iter().map(|name| GeneralSubtree::Rfc822Name(name.clone()));
    let ends = PRIVATE_ENDS.map(|end| GeneralSubtree::DnsName(end.to_owned()));
    let dns = names.iter().map(|name| GeneralSubtree::DnsName(name.clone())).chain(ends);
    let addresses = PRIVATE
        .iter()
        .map(|&(base, prefix)| GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(base, prefix)));
    NameConstraints {
        permitted_subtrees: mail.chain(dns).chain(addresses).collect(),
        excluded_subtrees: Vec::new(),
    }
}

/// Whether the authority may sign for `address`.
pub(crate) fn permits_address(address: IpAddr) -> bool {
    PRIVATE.iter().any(|&(base, prefix)| match (base, address) {
        (IpAddr::V4(base), IpAddr::V4(address)) => {
            (base.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(prefix)
        }
        (IpAddr::V6(base), IpAddr::V6(address)) => {
            (base.to_bits() ^ address.to_bits()).leading_zeros() >= u32::from(prefix)
        }
        _ => false,
    })
}

/// Whether `name` is one of `permitted` or lies below one (RFC 5280, 4.2.1.10).
pub(crate) fn permits_name(permitted: &[String], name: &str) -> bool {
    permitted.iter().any(|base| {
        name == base || name.strip_suffix(base.as_str()).is_some_and(|below| below.ends_with('.'))
    })
}

/// `name` as certificates hold it, or `None` if it is not a host name of letters, digits and
/// hyphens (RFC 1123, 2.1).
pub(crate) fn host_name(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase();
    let label_is_good = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    (name.len() <= 253 && name.split('.').all(label_is_good) && name.parse::<IpAddr>().is_err())
        .then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_permitted_to_their_last_bit() {
        for address in [
            "10.0.0.0",
            "10.255.255.255",
            "172.16.0.0",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.9.9",
            "127.0.0.1",
            "fd00::1",
            "fe80::1",
            "::1",
        ] {
            assert!(permits_address(address.parse().unwrap()), "{address}");
        }
        for address in [
            "9.255.255.255",
            "11.0.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "8.8.8.8",
            "0.0.0.0",
            "2001:db8::1",
            "fe00::1",
            "::",
            "::2",
        ] {
            assert!(!permits_address(address.parse().unwrap()), "{address}");
        }
    }

    #[test]
    fn names_below_a_permitted_one_are_permitted_and_look_alikes_are_not() {
        let permitted = ["kelas.internal".to_owned(), "localhost".to_owned()];
        for name in ["kelas.internal", "sman1.kelas.internal", "localhost"] {
            assert!(permits_name(&permitted, name), "{name}");
        }
        for name in ["evilkelas.internal", "internal", "google.com", "kelas.internal.example.com", ""] {
            assert!(!permits_name(&permitted, name), "{name}");
        }
    }

    #[test]
    fn host_names_are_lower_case_and_plain() {
        assert_eq!(host_name("Kelas.Internal.").as_deref(), Some("kelas.internal"));
        for name in ["", ".", "a..b", "kelas internal", "*.kelas.internal", "-a", "a-", "ké", "10.0.0.1"] {
            assert_eq!(host_name(name), None, "{name}");
        }
    }
}
