//! When a leaf is issued anew, and for whom: decided here, without a file or a key.

use std::net::IpAddr;

use crate::validity::{DAY_MS, Times, Validity};

/// Apple refuses server certificates that are valid for longer.
pub(crate) const LEAF_DAYS: i64 = 825;

/// How long before the present a leaf begins, if the build is not later: for devices whose
/// clock is behind. The rest lies ahead, because a box without a battery is behind more often.
const DAYS_BEHIND: i64 = 90;

/// A leaf is renewed when fewer days are left.
const DAYS_LEFT: i64 = 30;

/// Addresses that a leaf names at most beyond those that are wanted now. Old ones are kept so
/// that a box that moves between two networks does not change its certificate each time: every
/// change brings the browsers' warning back to who clicked it away.
const OLD_ADDRESSES: usize = 16;

/// Why the leaf is the one it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Issued {
    /// It was there and still fits.
    Kept,
    /// There was none.
    First,
    /// Its file was damaged. It holds nothing that devices remember, so it was made again.
    Damaged,
    /// It was signed by another authority.
    AuthorityChanged,
    /// A name or an address was not in it.
    SubjectsChanged,
    /// Fewer than 30 days were left.
    Expiring,
    /// The clock went back to before it begins.
    ClockWentBack,
}

/// Whom a leaf is for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subjects {
    pub(crate) names: Vec<String>,
    pub(crate) addresses: Vec<IpAddr>,
}

impl Subjects {
    fn covers(&self, wanted: &Self) -> bool {
        wanted.names.iter().all(|name| self.names.contains(name))
            && wanted.addresses.iter().all(|address| self.addresses.contains(address))
    }

    /// Those wanted, and of the old leaf's addresses as many as may stay.
    pub(crate) fn with_old_addresses_of(mut self, old: &Self) -> Self {
        let fresh: Vec<IpAddr> =
            old.addresses.iter().filter(|address| !self.addresses.contains(address)).copied().collect();
        self.addresses.extend(fresh.into_iter().take(OLD_ADDRESSES));
        self
    }
}

/// Whether a leaf for `subjects` that is valid for `validity` still fits.
pub(crate) fn judge(subjects: &Subjects, validity: Validity, wanted: &Subjects, times: Times) -> Issued {
    let present = times.present();
    if present < validity.from {
        Issued::ClockWentBack
    } else if present.plus(DAYS_LEFT * DAY_MS) > validity.until {
        Issued::Expiring
    } else if !subjects.covers(wanted) {
        Issued::SubjectsChanged
    } else {
        Issued::Kept
    }
}

/// For how long a new leaf is valid.
pub(crate) fn leaf_validity(times: Times) -> Validity {
    let behind = times.present().plus(-DAYS_BEHIND * DAY_MS);
    Validity::days(behind.max(times.beginning()), LEAF_DAYS)
}

#[cfg(test)]
mod tests {
    use base::clock::Timestamp;

    use super::*;

    const BUILT: Timestamp = Timestamp(1_790_000_000_000);

    fn subjects(names: &[&str], addresses: &[&str]) -> Subjects {
        Subjects {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            addresses: addresses.iter().map(|address| address.parse().unwrap()).collect(),
        }
    }

    #[test]
    fn a_leaf_is_issued_anew_for_names_addresses_and_time_alone() {
        let issued = Times { now: BUILT.plus(200 * DAY_MS), built: BUILT };
        let validity = leaf_validity(issued);
        assert_eq!(validity.from, BUILT.plus(110 * DAY_MS));
        let leaf = subjects(&["kelas.internal", "kelas.local"], &["10.0.0.1", "192.168.4.1"]);
        let same = leaf.clone();
        let fewer = subjects(&["kelas.local"], &["10.0.0.1"]);
        let other_name = subjects(&["a.kelas.internal"], &[]);
        let other_address = subjects(&[], &["10.0.0.1", "10.0.0.2"]);
        let last = 110 + LEAF_DAYS;
        let table = [
            (&same, 200, Issued::Kept),
            (&fewer, 200, Issued::Kept),
            (&other_name, 200, Issued::SubjectsChanged),
            (&other_address, 200, Issued::SubjectsChanged),
            (&same, 110, Issued::Kept),
            (&same, 109, Issued::ClockWentBack),
            (&same, -20_000, Issued::ClockWentBack),
            (&same, last - 31, Issued::Kept),
            (&same, last - 30, Issued::Expiring),
            (&same, last + 4_000, Issued::Expiring),
            (&other_name, last + 1, Issued::Expiring),
        ];
        for (wanted, day, expected) in table {
            let times = Times { now: BUILT.plus(day * DAY_MS), built: BUILT };
            assert_eq!(judge(&leaf, validity, wanted, times), expected, "day {day}, {wanted:?}");
        }
    }

    #[test]
    fn a_clock_that_never_ran_gives_a_leaf_that_begins_with_the_build_and_is_kept() {
        let times = Times { now: Timestamp(0), built: BUILT };
        let validity = leaf_validity(times);
        assert_eq!(validity.from, BUILT);
        assert_eq!(judge(&Subjects::default(), validity, &Subjects::default(), times), Issued::Kept);
    }

    #[test]
    fn old_addresses_stay_up_to_a_bound() {
        let many: Vec<String> = (0..40).map(|last| format!("10.0.1.{last}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let wanted = subjects(&[], &["10.0.0.1", "10.0.1.3"]).with_old_addresses_of(&subjects(&["x"], &many));
        assert_eq!(wanted.addresses.len(), 2 + OLD_ADDRESSES);
        assert!(wanted.names.is_empty());
        assert_eq!(
            wanted.addresses[..4],
            subjects(&[], &["10.0.0.1", "10.0.1.3", "10.0.1.0", "10.0.1.1"]).addresses
        );
    }
}
