//! Who may connect: a limit for all and one for each address, decided before a byte is read.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts open connections. Clones share the counts.
#[derive(Clone, Debug)]
pub(crate) struct Admission {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    most: usize,
    most_per_address: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    total: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place among the open connections, given back when dropped.
#[derive(Debug)]
pub(crate) struct Place {
    shared: Arc<Shared>,
    address: IpAddr,
}

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// That of all connections.
    Total,
    /// That of this address.
    Address,
}

impl Admission {
    pub(crate) fn new(most: usize, most_per_address: usize) -> Self {
        Self { shared: Arc::new(Shared { most, most_per_address, open: Mutex::default() }) }
    }

    /// Takes a place for a connection from `address`.
    pub(crate) fn admit(&self, address: IpAddr) -> Result<Place, Refused> {
        let mut open = self.shared.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.total >= self.shared.most {
            return Err(Refused::Total);
        }
        let count = open.by_address.entry(address).or_default();
        if *count >= self.shared.most_per_address {
            return Err(Refused::Address);
        }
        *count += 1;
        open.total += 1;
        Ok(Place { shared: Arc::clone(&self.shared), address })
    }

    /// Connections open now.
    pub(crate) fn open(&self) -> usize {
        self.shared.open.lock().unwrap_or_else(PoisonError::into_inner).total
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.shared.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.total -= 1;
        if let Some(count) = open.by_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                open.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_limits_hold_and_places_come_back() {
        let admission = Admission::new(3, 2);
        let (one, two) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        let first = admission.admit(one).expect("room");
        let _second = admission.admit(one).expect("room");
        assert_eq!(admission.admit(one).expect_err("the address is full"), Refused::Address);
        let _third = admission.admit(two).expect("room");
        assert_eq!(admission.admit(two).expect_err("all is full"), Refused::Total);
        drop(first);
        assert_eq!(admission.open(), 2);
        admission.admit(one).expect("room again");
    }

    #[test]
    fn addresses_without_connections_are_forgotten() {
        let admission = Admission::new(10, 10);
        for number in 0..100 {
            admission.admit(IpAddr::from([10, 0, 0, number])).expect("room");
        }
        assert!(admission.shared.open.lock().expect("sound").by_address.is_empty());
    }
}
