//! How often an address may ask. Coarse on purpose: a fixed table, so that forged addresses
//! cannot make it grow; two addresses that meet in a slot share its allowance.

use std::hash::{BuildHasher as _, RandomState};
use std::net::IpAddr;

use base::bucket::Bucket;
use base::clock::Monotonic;

/// Slots: more than devices on one access point, at 24 bytes each.
const SLOTS: usize = 1_024;
/// Seconds' worth that may be asked at once: a page with many peers asks in a burst.
const BURST_SECONDS: u32 = 10;

/// What is left for each slot.
#[derive(Debug)]
pub(crate) struct Allowances {
    hasher: RandomState,
    slots: Vec<Bucket>,
}

impl Allowances {
    pub(crate) fn new(per_second: usize) -> Self {
        let per_second = u32::try_from(per_second).unwrap_or(u32::MAX);
        let full = Bucket::new(per_second.saturating_mul(BURST_SECONDS), per_second, Monotonic(0));
        Self { hasher: RandomState::new(), slots: vec![full; SLOTS] }
    }

    /// Takes one request from `address`; false if it has none left.
    pub(crate) fn take(&mut self, address: IpAddr, now: Monotonic) -> bool {
        let place = usize::try_from(self.hasher.hash_one(address.to_canonical()) % SLOTS as u64)
            .expect("a remainder of SLOTS is an index");
        self.slots[place].take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_then_the_rate_holds() {
        let mut allowances = Allowances::new(5);
        let address = IpAddr::from([10, 0, 0, 1]);
        let passed = (0..100).filter(|_| allowances.take(address, Monotonic(0))).count();
        assert_eq!(passed, 50);
        assert!(!allowances.take(address, Monotonic(199)));
        assert!(allowances.take(address, Monotonic(200)));
        let later = (0..100).filter(|_| allowances.take(address, Monotonic(60_000))).count();
        assert_eq!(later, 50);
    }
}
