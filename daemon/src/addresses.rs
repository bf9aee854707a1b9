//! By which addresses other devices reach this machine, followed while they change: the daemon
//! starts before a router has given the box an address, and an access point may be switched on
//! at any time.
//!
//! May use: nix, tokio. Used by: `certificate`, `site`, `console`, `announcement`, `run`.

mod netlink;

use std::fmt::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use nix::ifaddrs::getifaddrs;
use nix::net::if_::InterfaceFlags;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use netlink::Changes;

/// Changes come in groups, such as a link that comes up and then gets two addresses.
const SETTLE: Duration = Duration::from_millis(100);
/// How often the addresses are looked at although the kernel tells of changes: it may have had no
/// room to, or not be allowed to.
const LOOK_ANYWAY: Duration = Duration::from_secs(30);

/// The addresses as they are now. Clones follow the same.
#[derive(Clone, Debug)]
pub(crate) struct Addresses(watch::Receiver<Arc<[IpAddr]>>);

/// What keeps [`Addresses`] right.
#[derive(Debug)]
pub(crate) struct Follower {
    sender: watch::Sender<Arc<[IpAddr]>>,
    source: Source,
}

#[derive(Clone, Copy, Debug)]
enum Source {
    Machine,
    Settings,
}

/// The addresses that the settings give, or else those that the machine has, and whoever has to
/// run for them to follow.
pub(crate) fn follow(fixed: &[IpAddr]) -> (Addresses, Follower) {
    let (first, source) =
        if fixed.is_empty() { (private(), Source::Machine) } else { (fixed.to_vec(), Source::Settings) };
    let (sender, receiver) = watch::channel(first.into());
    (Addresses(receiver), Follower { sender, source })
}

impl Addresses {
    /// What they are now.
    pub(crate) fn now(&self) -> Arc<[IpAddr]> {
        Arc::clone(&self.0.borrow())
    }

    /// Waits until they are no longer what they were when this was last asked. For ever, if
    /// nobody follows the machine any longer.
    pub(crate) async fn changed(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Addresses that do not change.
    #[cfg(test)]
    pub(crate) fn fixed(addresses: Vec<IpAddr>) -> Self {
        Self(watch::channel(addresses.into()).1)
    }
}

impl Follower {
    /// Follows the machine's addresses until the daemon stops.
    pub(crate) async fn run(self, stopping: CancellationToken) {
        if matches!(self.source, Source::Settings) {
            return stopping.cancelled().await;
        }
        let mut changes = Changes::listen().inspect_err(complain).ok();
        loop {
            // Also at once: something may have changed before anybody listened.
            self.look();
            tokio::select! {
                told = next(changes.as_ref()) => {
                    if let Err(error) = told {
                        complain(&error);
                        changes = None;
                    }
                }
                () = tokio::time::sleep(LOOK_ANYWAY) => {}
                () = stopping.cancelled() => return,
            }
            tokio::time::sleep(SETTLE).await;
        }
    }

    fn look(&self) {
        let found = private();
        self.sender.send_if_modified(|known| {
            let changed = **known != *found;
            if changed {
                tracing::info!(before = ?known, now = ?found, "the machine's addresses have changed");
                *known = found.into();
            }
            changed
        });
    }
}

async fn next(changes: Option<&Changes>) -> std::io::Result<()> {
    match changes {
        Some(changes) => changes.next().await,
        None => std::future::pending().await,
    }
}

fn complain(error: &std::io::Error) {
    tracing::warn!(%error, "the kernel does not tell when addresses change; they are looked at every 30 seconds");
}

/// Those by which other devices reach a socket bound to `bound`.
pub(crate) fn outside(bound: SocketAddr, addresses: &[IpAddr]) -> Vec<IpAddr> {
    match bound.ip() {
        address if address.is_unspecified() => addresses.to_vec(),
        address if address.is_loopback() => Vec::new(),
        address => vec![address],
    }
}

/// The host part of a URL.
pub(crate) fn host(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// `origin` with its port, unless browsers need not be told it.
pub(crate) fn with_port(origin: &str, port: u16, default: u16) -> String {
    let mut address = origin.to_owned();
    if port != default {
        write!(address, ":{port}").expect("a String takes all that is written");
    }
    address
}

/// The private addresses of all interfaces that are up, IPv4 first, without loopback and
/// link-local ones.
fn private() -> Vec<IpAddr> {
    let interfaces = match getifaddrs() {
        Ok(interfaces) => interfaces,
        Err(error) => {
            tracing::warn!(%error, "the machine's addresses cannot be read");
            return Vec::new();
        }
    };
    let mut addresses: Vec<IpAddr> = interfaces
        .filter(|interface| {
            interface.flags.contains(InterfaceFlags::IFF_UP)
                && !interface.flags.contains(InterfaceFlags::IFF_LOOPBACK)
        })
        .filter_map(|interface| {
            let address = interface.address?;
            let v4 = address.as_sockaddr_in().map(|address| IpAddr::V4(address.ip()));
            v4.or_else(|| address.as_sockaddr_in6().map(|address| IpAddr::V6(address.ip())))
        })
        .filter(|address| is_private(*address))
        .collect();
    addresses.sort_unstable();
    addresses.dedup();
    addresses
}

/// RFC 1918 and RFC 4193.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_and_local_addresses_are_not_private() {
        for text in ["8.8.8.8", "127.0.0.1", "169.254.1.1", "::1", "fe80::1", "2001:db8::1", "172.32.0.1"] {
            assert!(!is_private(text.parse().expect("an address")), "{text}");
        }
        for text in ["10.42.0.1", "172.16.0.1", "192.168.1.1", "fd00::1"] {
            assert!(is_private(text.parse().expect("an address")), "{text}");
        }
    }
}
