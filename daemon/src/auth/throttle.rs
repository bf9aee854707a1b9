//! How often somebody may guess, or make the box remember something: growing waits for failed
//! sign-ins, join codes and links, and for people and links that are made.
//!
//! What is counted, and why. Failures for one login from one address (a few are free, then the
//! wait doubles): this stops guessing a teacher's password from one phone. All failures from one
//! address: this stops trying one password on many logins. There is no count for a login over
//! all addresses, because it would let a student lock the teacher out; a correct password from
//! another address always gets in. An attacker with many addresses is held by the two places for
//! hashing. People who join and links to the secure address are counted although nothing is
//! guessed: each is a row on the card, and a script could make a hundred thousand. An attempt that
//! must wait costs a look-up and nothing else.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use base::clock::Monotonic;
use base::id::PersonId;
use base::{Code, Error, Result};

/// Entries kept, of 32 bytes each. When it is full the one that failed longest ago goes.
const ENTRIES: usize = 4_096;
/// Milliseconds without a failure after which all is forgotten.
const FORGET_MS: u64 = 15 * 60_000;

/// Who tries what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Guess<'a> {
    /// A password for this login from this address.
    Password(&'a str, IpAddr),
    /// Any password from this address.
    AnyPassword(IpAddr),
    /// A join code from this address. A whole class may sit behind one.
    JoinCode(IpAddr),
    /// A one-time link from this address.
    Link(IpAddr),
    /// The code from the card, to claim the box, from this address.
    ClaimCode(IpAddr),
    /// A person who joins from this address. A whole class may sit behind one.
    Newcomer(IpAddr),
    /// A link to the secure address, wanted from this address.
    Handover(IpAddr),
    /// A student's PIN from this address.
    Pin(PersonId, IpAddr),
    /// Any PIN from this address. A whole class may sit behind one, and each mistypes it.
    AnyPin(IpAddr),
    /// A printed card from this address. A whole class may sit behind one.
    Card(IpAddr),
}

impl Guess<'_> {
    /// Failures without a wait, and the longest wait in milliseconds.
    const fn rule(self) -> (u32, u64) {
        match self {
            Self::Password(..) | Self::Pin(..) | Self::ClaimCode(_) => (5, 5 * 60_000),
            Self::AnyPassword(_) | Self::Link(_) => (20, 60_000),
            Self::JoinCode(_) | Self::Card(_) => (40, 30_000),
            Self::Newcomer(_) | Self::Handover(_) | Self::AnyPin(_) => (100, 30_000),
        }
    }

    /// An IPv6 device can take any address of its /64.
    fn by_network(self) -> Self {
        let network = |address| match address {
            IpAddr::V6(address) if address.to_ipv4_mapped().is_none() => {
                IpAddr::from((u128::from(address) >> 64 << 64).to_be_bytes())
            }
            other => other.to_canonical(),
        };
        match self {
            Self::Password(login, address) => Self::Password(login, network(address)),
            Self::AnyPassword(address) => Self::AnyPassword(network(address)),
            Self::JoinCode(address) => Self::JoinCode(network(address)),
            Self::Link(address) => Self::Link(network(address)),
            Self::ClaimCode(address) => Self::ClaimCode(network(address)),
            Self::Newcomer(address) => Self::Newcomer(network(address)),
            Self::Handover(address) => Self::Handover(network(address)),
            Self::Pin(person, address) => Self::Pin(person, network(address)),
            Self::AnyPin(address) => Self::AnyPin(network(address)),
            Self::Card(address) => Self::Card(network(address)),
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    failures: u32,
    last: Monotonic,
    until: Monotonic,
}

/// The table of failures. It keeps keyed hashes only, so its size has a bound whatever is typed.
#[derive(Debug, Default)]
pub(crate) struct Throttle {
    entries: Mutex<HashMap<u64, Entry>>,
    keys: RandomState,
}

impl Throttle {
    /// Takes an attempt, counted as failed until [`Self::succeeded`] says otherwise, so that
    /// attempts made at the same time count too. If one of `guesses` has to wait, none is counted.
    pub(crate) fn attempt(&self, now: Monotonic, guesses: &[Guess<'_>]) -> Result<()> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let known = |guess: &Guess<'_>| (guess.rule(), self.keys.hash_one(guess.by_network()));
        let waits = guesses.iter().filter_map(|guess| entries.get(&known(guess).1));
        if let Some(wait_ms) = waits.map(|entry| entry.until.since(now)).max().filter(|wait| *wait > 0) {
            return Err(Error::new(Code::SignInThrottled).with("seconds", wait_ms.div_ceil(1_000)));
        }
        for guess in guesses {
            let ((free, most_ms), key) = known(guess);
            make_room(&mut entries, now, key);
            let entry = entries.entry(key).or_insert(Entry { failures: 0, last: now, until: now });
            if now.since(entry.last) > FORGET_MS {
                entry.failures = 0;
            }
            entry.failures = entry.failures.saturating_add(1);
            entry.last = now;
            if entry.failures >= free {
                let doublings = (entry.failures - free).min(20);
                entry.until = now.plus((1_000 << doublings).min(most_ms));
            }
        }
        Ok(())
    }

    /// Takes back what `attempt` counted for `guess`, and what failed before it.
    pub(crate) fn succeeded(&self, guess: Guess<'_>) {
        let key = self.keys.hash_one(guess.by_network());
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
    }

    /// Takes back what `attempt` counted for `guess`, and leaves what failed before it.
    pub(crate) fn uncount(&self, now: Monotonic, guess: Guess<'_>) {
        let key = self.keys.hash_one(guess.by_network());
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(&key) {
            entry.failures = entry.failures.saturating_sub(1);
            entry.until = now;
        }
    }
}

fn make_room(entries: &mut HashMap<u64, Entry>, now: Monotonic, key: u64) {
    if entries.len() < ENTRIES || entries.contains_key(&key) {
        return;
    }
    entries.retain(|_, entry| now.since(entry.last) <= FORGET_MS);
    if entries.len() < ENTRIES {
        return;
    }
    if let Some(oldest) = entries.iter().min_by_key(|(_, entry)| entry.last).map(|(key, _)| *key) {
        entries.remove(&oldest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHONE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 42, 0, 7));
    const LAPTOP: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 42, 0, 8));

    fn wait_seconds(result: Result<()>) -> u64 {
        let error = result.expect_err("has to wait");
        assert_eq!(error.code, Code::SignInThrottled);
        error.args[0].1.parse().expect("a number")
    }

    #[test]
    fn five_are_free_then_the_wait_doubles_up_to_five_minutes() {
        let throttle = Throttle::default();
        let guess = [Guess::Password("guru", PHONE)];
        let mut now = Monotonic(0);
        for _ in 0..5 {
            throttle.attempt(now, &guess).expect("free");
        }
        let mut waits = Vec::new();
        for _ in 0..12 {
            let seconds = wait_seconds(throttle.attempt(now, &guess));
            waits.push(seconds);
            now = now.plus(seconds * 1_000);
            throttle.attempt(now, &guess).expect("waited long enough");
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
    }

    #[test]
    fn another_address_gets_in_while_one_is_held_back() {
        let throttle = Throttle::default();
        for _ in 0..5 {
            throttle.attempt(Monotonic(0), &[Guess::Password("guru", PHONE)]).expect("free");
        }
        wait_seconds(throttle.attempt(Monotonic(0), &[Guess::Password("guru", PHONE)]));
        throttle.attempt(Monotonic(0), &[Guess::Password("guru", LAPTOP)]).expect("another address");
        throttle.attempt(Monotonic(0), &[Guess::Password("other", PHONE)]).expect("another login");
    }

    #[test]
    fn many_logins_from_one_address_are_held_back_too() {
        let throttle = Throttle::default();
        let attempts = (0..10_000).filter(|number| {
            let login = format!("guru{number}");
            let guesses = [Guess::Password(&login, PHONE), Guess::AnyPassword(PHONE)];
            throttle.attempt(Monotonic(0), &guesses).is_ok()
        });
        assert_eq!(attempts.count(), 20);
    }

    #[test]
    fn a_class_behind_one_address_gets_in_with_pins_and_a_guesser_does_not() {
        let throttle = Throttle::default();
        let child = |number| [Guess::Pin(PersonId(number), PHONE), Guess::AnyPin(PHONE)];
        for number in 1..=40 {
            for _ in 0..2 {
                throttle.attempt(Monotonic(0), &child(number)).expect("mistyped");
            }
        }
        for number in 1..=40 {
            throttle.attempt(Monotonic(0), &child(number)).expect("right");
            throttle.succeeded(child(number)[0]);
            throttle.uncount(Monotonic(0), Guess::AnyPin(PHONE));
        }
        let guesses = (0..10_000).filter(|_| throttle.attempt(Monotonic(0), &child(99)).is_ok());
        assert_eq!(guesses.count(), 5);
        let anybody = (100..10_000).filter(|number| throttle.attempt(Monotonic(0), &child(*number)).is_ok());
        assert_eq!(anybody.count(), 15, "those hundred, less what was mistyped");
    }

    #[test]
    fn success_and_time_forget() {
        let throttle = Throttle::default();
        let guess = Guess::Password("guru", PHONE);
        for _ in 0..4 {
            throttle.attempt(Monotonic(0), &[guess]).expect("free");
        }
        throttle.succeeded(guess);
        for _ in 0..5 {
            throttle.attempt(Monotonic(0), &[guess]).expect("free again");
        }
        wait_seconds(throttle.attempt(Monotonic(0), &[guess]));
        throttle.attempt(Monotonic(FORGET_MS + 1), &[guess]).expect("long ago");
        throttle.attempt(Monotonic(FORGET_MS + 1), &[guess]).expect("and counted anew");
    }

    #[test]
    fn the_table_has_a_bound() {
        let throttle = Throttle::default();
        for number in 0..20_000_u32 {
            let guess = [Guess::JoinCode(IpAddr::from(number.to_be_bytes()))];
            throttle.attempt(Monotonic(number.into()), &guess).expect("each address its first");
        }
        assert_eq!(throttle.entries.lock().expect("not poisoned").len(), ENTRIES);
    }

    #[test]
    fn one_ipv6_network_is_one_guesser() {
        let throttle = Throttle::default();
        let taken = (0..100_u16).filter(|host| {
            let address = IpAddr::from([0xfd00, 0, 0, 1, 0, 0, 0, *host]);
            throttle.attempt(Monotonic(0), &[Guess::Password("guru", address)]).is_ok()
        });
        assert_eq!(taken.count(), 5);
    }
}
