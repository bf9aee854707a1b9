//! A network of a test's own in network namespaces: a station, the box with the addresses that it
//! has on its Wi-Fi and on a wire, and what lies behind that wire. `wlan0` is one end of a virtual
//! cable: what is tried here are names, routes and the firewall, not the air.
//!
//! May use: iproute2, dnsmasq. Used by: the tests beside it.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use nix::sched::{CloneFlags, setns};
use nix::unistd::geteuid;

/// Set for the child process that runs a test in namespaces of its own.
const INSIDE: &str = "KELAS_TEST_LAN";

/// How long anything here may take before it counts as silence.
const PATIENCE: Duration = Duration::from_secs(2);

/// Station 10.42.0.2; box 10.42.0.1 and 192.0.2.2; outside 192.0.2.1, a resolver, and 198.51.100.7,
/// a site of the internet. Outside knows the way to the stations, as a firewall must not depend on
/// that it does not.
const SETUP: &str = "mount -t tmpfs tmpfs /run; mkdir /run/netns /run/NetworkManager
    echo nameserver 192.0.2.1 >/run/NetworkManager/resolv.conf
    for name in station box outside; do ip netns add $name; ip -n $name link set lo up; done
    ip link add wlan0 netns box type veth peer name wlan0 netns station
    ip link add eth0 netns box type veth peer name eth0 netns outside
    ip -n box address add 10.42.0.1/24 dev wlan0
    ip -n box address add 192.0.2.2/24 dev eth0
    ip -n outside address add 192.0.2.1/24 dev eth0
    ip -n outside address add 198.51.100.7/32 dev lo
    for device in 'box wlan0' 'box eth0' 'station wlan0' 'outside eth0'; do ip -n ${device% *} link set ${device#* } up; done
    ip -n box route add default via 192.0.2.1
    ip -n outside route add 10.42.0.0/24 via 192.0.2.2
    ip netns exec box sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'";

/// The network.
#[derive(Debug)]
pub struct Lan(());

/// A program that runs until it is dropped.
#[derive(Debug)]
pub struct Program(Child);

/// What a resolver answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// RFC 1035, 4.1.1; 0 is no error.
    pub code: u8,
    /// Of all answers, with their time to live in seconds; only of type A.
    pub addresses: Vec<(Ipv4Addr, u32)>,
    /// Answers of any type.
    pub answers: u16,
}

/// Runs `body` in such a network: this very test starts itself anew in namespaces of its own. `test`
/// is its name.
///
/// # Panics
/// If the machine allows no network namespaces, or `body` does.
pub fn with_lan(test: &str, body: impl FnOnce(&Lan)) {
    if std::env::var_os(INSIDE).is_none() {
        let mut command = Command::new("unshare");
        if !geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--net", "--mount"]).arg(std::env::current_exe().expect("this test"));
        let output = command.args(["--exact", test, "--nocapture"]).env(INSIDE, "1").output();
        let output = output.expect("unshare of util-linux can be executed");
        let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
        assert!(output.status.success() && out.contains("1 passed"), "{out}{err}");
        return;
    }
    let setup = Command::new("sh").args(["-eu", "-c", SETUP]).output().expect("a shell");
    assert!(setup.status.success(), "{}", String::from_utf8_lossy(&setup.stderr));
    body(&Lan(()));
}

impl Lan {
    /// Does something in `station`, `box` or `outside`. What it starts and opens stays there.
    ///
    /// # Panics
    /// If it does.
    pub fn inside<T: Send>(&self, place: &str, act: impl FnOnce() -> T + Send) -> T {
        thread::scope(|scope| {
            let there = scope.spawn(|| {
                let namespace = File::open(format!("/run/netns/{place}")).expect("a place of this network");
                setns(namespace, CloneFlags::CLONE_NEWNET).expect("root in its own namespaces");
                act()
            });
            there.join().unwrap_or_else(|panicked| std::panic::resume_unwind(panicked))
        })
    }

    /// Runs ip(8) in a place.
    ///
    /// # Panics
    /// If that fails.
    pub fn ip(&self, place: &str, arguments: &str) {
        let status = Command::new("ip").args(["-n", place]).args(arguments.split(' ')).status();
        assert!(status.expect("iproute2 is installed").success(), "{place}: ip {arguments}");
    }

    /// Starts dnsmasq in a place; it answers when this returns.
    ///
    /// # Panics
    /// If it does not.
    pub fn dnsmasq(&self, place: &str, arguments: &[&str], answers_at: SocketAddr) -> Program {
        let mut command = Command::new("dnsmasq");
        // As root, the one user whom namespaces without root have.
        command.args(["--keep-in-foreground", "--user=root", "--group=", "--pid-file="]).args(arguments);
        let program =
            self.inside(place, || Program(command.stderr(Stdio::inherit()).spawn().expect("dnsmasq")));
        let started = Instant::now();
        while self.resolve_at(place, answers_at, "ready.test", 1).is_none() {
            assert!(started.elapsed() < Duration::from_secs(20), "dnsmasq {arguments:?} does not answer");
        }
        program
    }

    /// What the station hears of a name from the resolver at an address; `None` is silence.
    pub fn resolve(&self, server: Ipv4Addr, name: &str, kind: u16) -> Option<Reply> {
        self.resolve_at("station", (server, 53).into(), name, kind)
    }

    /// The same from any place and port.
    ///
    /// # Panics
    /// If the answer is none of DNS.
    pub fn resolve_at(&self, place: &str, server: SocketAddr, name: &str, kind: u16) -> Option<Reply> {
        self.inside(place, || {
            let socket = UdpSocket::bind("0.0.0.0:0").expect("a free port");
            socket.set_read_timeout(Some(PATIENCE)).expect("a socket");
            socket.connect(server).ok()?;
            socket.send(&query(name, kind)).ok()?;
            let mut reply = [0; 1500];
            let length = socket.recv(&mut reply).ok()?;
            Some(read(&reply[..length], query(name, kind).len()))
        })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A question (RFC 1035, 4.1): recursion desired, one name.
fn query(name: &str, kind: u16) -> Vec<u8> {
    let mut bytes = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    for label in name.split('.') {
        bytes.push(u8::try_from(label.len()).expect("a short label"));
        bytes.extend(label.bytes());
    }
    bytes.push(0);
    bytes.extend(kind.to_be_bytes());
    bytes.extend([0, 1]);
    bytes
}

/// An answer whose names are all compressed to two bytes, as dnsmasq sends them.
fn read(reply: &[u8], question: usize) -> Reply {
    assert_eq!(reply[..2], [0x12, 0x34], "the answer to another question");
    let number = |at: usize| u16::from_be_bytes([reply[at], reply[at + 1]]);
    let (mut at, answers, mut addresses) = (question, number(6), Vec::new());
    for _ in 0..answers {
        assert_eq!(reply[at] & 0xc0, 0xc0, "a compressed name");
        let length = usize::from(number(at + 10));
        if number(at + 2) == 1 {
            let ttl = u32::from(number(at + 6)) << 16 | u32::from(number(at + 8));
            let address: [u8; 4] = reply[at + 12..at + 16].try_into().expect("four bytes");
            addresses.push((address.into(), ttl));
        }
        at += 12 + length;
    }
    Reply { code: reply[3] & 0xf, addresses, answers }
}
