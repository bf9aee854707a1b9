//! Which stations have seen the portal: those that have not are new and are led to it, the others
//! are told that all is well.
//!
//! Nothing of it outlives the process: after a restart every station is new until its browser
//! asks for the next page, which is a matter of seconds where a class is under way.

use std::collections::HashMap;
use std::net::IpAddr;

use base::clock::Monotonic;
use base::limits;

/// How a station is known again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Station {
    /// By its hardware address, also when it comes back with another IP address.
    Hardware([u8; 6]),
    /// By its IP address, where the kernel knows no other.
    Address(IpAddr),
}

/// The stations that have seen the portal and when they were last heard of; at most
/// [`limits::PORTAL_STATIONS`].
#[derive(Debug, Default)]
pub(super) struct Stations {
    seen: HashMap<Station, Monotonic>,
}

impl Stations {
    /// Whether `station` has seen the portal, and was heard of since within
    /// [`limits::PORTAL_SEEN_MS`].
    pub(super) fn has_seen(&self, station: Station, now: Monotonic) -> bool {
        self.seen.get(&station).is_some_and(|heard| is_fresh(*heard, now))
    }

    /// Whether `station` was heard of within [`limits::PORTAL_NOTED_MS`].
    pub(super) fn is_noted(&self, station: Station, now: Monotonic) -> bool {
        self.seen.get(&station).is_some_and(|heard| now.since(*heard) < limits::PORTAL_NOTED_MS)
    }

    /// `station` has seen the portal, or is heard of again. If there is no place, the one that was
    /// not heard of for the longest time becomes new.
    pub(super) fn see(&mut self, station: Station, now: Monotonic) {
        if self.seen.len() >= limits::PORTAL_STATIONS && !self.seen.contains_key(&station) {
            self.seen.retain(|_, heard| is_fresh(*heard, now));
            self.make_place();
        }
        self.seen.insert(station, now);
    }

    fn make_place(&mut self) {
        if self.seen.len() < limits::PORTAL_STATIONS {
            return;
        }
        let oldest = self.seen.iter().min_by_key(|(_, heard)| **heard).map(|(station, _)| *station);
        if let Some(oldest) = oldest {
            self.seen.remove(&oldest);
        }
    }
}

fn is_fresh(heard: Monotonic, now: Monotonic) -> bool {
    now.since(heard) < limits::PORTAL_SEEN_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn station(number: u32) -> Station {
        Station::Address(IpAddr::from(number.to_be_bytes()))
    }

    #[test]
    fn a_station_is_new_until_seen_and_again_when_it_was_away_for_long() {
        let (mut stations, start) = (Stations::default(), Monotonic(5));
        assert!(!stations.has_seen(station(1), start));
        stations.see(station(1), start);
        assert!(stations.has_seen(station(1), start.plus(limits::PORTAL_SEEN_MS - 1)));
        assert!(!stations.has_seen(station(2), start));
        assert!(!stations.has_seen(station(1), start.plus(limits::PORTAL_SEEN_MS)));
    }

    #[test]
    fn who_is_heard_of_stays_seen() {
        let mut stations = Stations::default();
        let later = Monotonic(limits::PORTAL_SEEN_MS - 1);
        stations.see(station(1), Monotonic(0));
        stations.see(station(1), later);
        assert!(stations.has_seen(station(1), later.plus(limits::PORTAL_SEEN_MS - 1)));
    }

    #[test]
    fn the_table_is_bounded_and_the_one_least_heard_of_leaves_it() {
        let mut stations = Stations::default();
        let most = u32::try_from(limits::PORTAL_STATIONS).expect("fits");
        for number in 0..most + 100 {
            stations.see(station(number), Monotonic(u64::from(number)));
            assert!(stations.seen.len() <= limits::PORTAL_STATIONS);
        }
        let now = Monotonic(u64::from(most) + 100);
        assert!(!stations.has_seen(station(99), now));
        assert!(stations.has_seen(station(100), now) && stations.has_seen(station(most + 99), now));
    }

    #[test]
    fn those_that_are_new_again_make_place_first() {
        let mut stations = Stations::default();
        let most = u32::try_from(limits::PORTAL_STATIONS).expect("fits");
        for number in 0..most {
            stations.see(station(number), Monotonic(0));
        }
        stations.see(station(most), Monotonic(limits::PORTAL_SEEN_MS));
        assert_eq!(stations.seen.len(), 1);
    }
}
