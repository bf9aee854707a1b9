//! Stations that come back with another IP address, and IP addresses that go to another station.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use base::clock::{TestClock, Timestamp};
use base::limits;
use tempfile::TempDir;

use super::*;

/// A portal and the kernel's table of neighbours.
struct Room {
    portal: Portal,
    clock: Arc<TestClock>,
    neighbours: Arc<Mutex<HashMap<IpAddr, [u8; 6]>>>,
    asked: Arc<Mutex<usize>>,
    _folder: TempDir,
}

impl Room {
    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::at(Timestamp(0)));
        let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a new store");
        let (neighbours, asked) = (Arc::<Mutex<HashMap<_, _>>>::default(), Arc::<Mutex<usize>>::default());
        let (table, count) = (Arc::clone(&neighbours), Arc::clone(&asked));
        let hardware = Arc::new(move |address| {
            *count.lock().expect("whole") += 1;
            table.lock().expect("whole").get(&address).copied()
        });
        let (names, addresses) = (Names::new(&[]), Addresses::fixed(Vec::new()));
        let portal = Portal::new(store, clock.clone(), names, addresses, hardware, Mode::Ask);
        Self { portal, clock, neighbours, asked, _folder: folder }
    }

    fn lease(&self, last: u8, hardware: u8) -> IpAddr {
        let address = IpAddr::from([10, 42, 0, last]);
        self.neighbours.lock().expect("whole").insert(address, [2, 0, 0, 0, 0, hardware]);
        address
    }
}

#[tokio::test]
async fn a_phone_that_comes_back_with_another_address_has_seen_the_portal() {
    let room = Room::open();
    room.portal.see(room.lease(7, 1));
    assert!(room.portal.has_seen(room.lease(8, 1)));
}

#[tokio::test]
async fn a_phone_that_gets_the_address_of_another_is_new() {
    let room = Room::open();
    room.portal.see(room.lease(7, 1));
    assert!(!room.portal.has_seen(room.lease(7, 2)));
}

#[tokio::test]
async fn the_kernel_is_asked_once_a_minute_of_who_is_at_the_class() {
    let room = Room::open();
    let address = room.lease(7, 1);
    for _ in 0..100 {
        room.portal.note(address);
    }
    assert_eq!(*room.asked.lock().expect("whole"), 1);
    room.clock.advance(u32::try_from(limits::PORTAL_NOTED_MS).expect("fits"));
    room.portal.note(address);
    assert_eq!(*room.asked.lock().expect("whole"), 2);
    assert!(room.portal.has_seen(address));
}

#[tokio::test]
async fn who_stays_at_the_class_all_day_is_never_new() {
    let room = Room::open();
    let address = room.lease(7, 1);
    for _ in 0..30 {
        room.portal.note(address);
        room.clock.advance(u32::try_from(limits::PORTAL_SEEN_MS - 1).expect("fits"));
        assert!(room.portal.has_seen(address));
    }
    room.clock.advance(1);
    assert!(!room.portal.has_seen(address));
}
