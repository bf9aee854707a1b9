//! What listens: read from the kernel's own tables, because the card carries no tool for it.

use std::collections::BTreeSet;

use crate::Outcome;
use crate::guest::Guest;

/// Everything that may listen, and who it is.
const EXPECTED: [(&str, u16, &str); 7] = [
    ("tcp", 80, "the site over HTTP"),
    ("tcp", 443, "the site over HTTPS"),
    ("udp", 3_478, "STUN"),
    ("udp", 53, "names for stations, bound to the Wi-Fi's address alone"),
    ("tcp", 53, "the same"),
    ("udp", 67, "addresses for stations, bound to the radio"),
    ("udp", 68, "NetworkManager's DHCP client, bound to the cable's address alone"),
];
/// A machine with an open hotspot must have these; the DHCP client's socket comes and goes.
const REQUIRED: usize = 6;

/// States in /proc/net (the kernel's `tcp_states.h)`: `TCP_LISTEN`, and `TCP_CLOSE` for a UDP
/// socket that takes datagrams from anybody.
const LISTENING: [(&str, &str); 2] = [("tcp", "0A"), ("udp", "07")];

/// Exactly the expected sockets listen.
pub(crate) async fn only_the_site_and_the_hotspot_listen(guest: &mut Guest) -> Outcome<()> {
    let mut listening = BTreeSet::new();
    for (protocol, state) in LISTENING {
        let table = guest.ask(&format!("cat /proc/net/{protocol} /proc/net/{protocol}6")).await?;
        listening.extend(ports(&table, state).into_iter().map(|port| (protocol, port)));
    }
    let known = |found: &(&str, u16)| EXPECTED.iter().any(|(protocol, port, _)| *found == (*protocol, *port));
    let others: Vec<_> = listening.iter().filter(|found| !known(found)).collect();
    let missing: Vec<_> = EXPECTED[..REQUIRED]
        .iter()
        .filter(|(protocol, port, _)| !listening.contains(&(*protocol, *port)))
        .collect();
    if others.is_empty() && missing.is_empty() {
        return Ok(());
    }
    Err(format!("listening besides: {others:?}; missing: {missing:?}").into())
}

/// The local ports of a table of /proc/net that are in `state`.
fn ports(table: &str, state: &str) -> BTreeSet<u16> {
    let port = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (local, found) = (fields.get(1)?, fields.get(3)?);
        let (_, port) = local.rsplit_once(':')?;
        (*found == state).then(|| u16::from_str_radix(port, 16).ok()).flatten()
    };
    table.lines().filter_map(port).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listening_ports_are_read_from_both_families() {
        let table = "  sl  local_address rem_address   st tx_queue\n\
             0: 00000000:0050 00000000:0000 0A 00000000:00000000\n\
             1: 0F02000A:01BB 0202000A:D2F0 01 00000000:00000000\n\
             0: 00000000000000000000000000000000:01BB 00000000000000000000000000000000:0000 0A 0:0\n";
        assert_eq!(ports(table, "0A"), BTreeSet::from([80, 443]));
        assert_eq!(ports(table, "07"), BTreeSet::new());
    }
}
