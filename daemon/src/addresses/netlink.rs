//! The kernel's word that an interface or an address has changed (rtnetlink(7)). What has changed is
//! not read from it: whoever hears it looks at all addresses anew.

use std::io::{self, ErrorKind};
use std::os::fd::AsRawFd as _;
use std::os::unix::net::UnixDatagram as Datagrams;

use nix::errno::Errno;
use nix::libc::{RTMGRP_IPV4_IFADDR, RTMGRP_IPV6_IFADDR, RTMGRP_LINK};
use nix::sys::socket::{AddressFamily, NetlinkAddr, SockFlag, SockProtocol, SockType, bind, socket};
use tokio::net::UnixDatagram;

/// Messages taken at once, before others get their turn.
const BATCH: usize = 256;

/// A socket that hears of changes.
///
/// The runtime has no type for netlink. Waiting for a datagram and taking it are the same system
/// calls for every family of sockets, and nothing else is done with this one.
#[derive(Debug)]
pub(super) struct Changes(UnixDatagram);

impl Changes {
    /// From now on hears of changes.
    pub(super) fn listen() -> io::Result<Self> {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let socket = socket(AddressFamily::Netlink, SockType::Raw, flags, SockProtocol::NetlinkRoute)?;
        let groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;
        bind(socket.as_raw_fd(), &NetlinkAddr::new(0, groups.unsigned_abs()))?;
        UnixDatagram::from_std(Datagrams::from(socket)).map(Self)
    }

    /// Waits for a change.
    pub(super) async fn next(&self) -> io::Result<()> {
        self.0.readable().await?;
        // Longer messages are cut, which nobody misses.
        let mut message = [0; 64];
        for _ in 0..BATCH {
            match self.0.try_recv(&mut message) {
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // There were more than the kernel could keep for us, so there was one.
                Err(error) if error.raw_os_error() == Some(Errno::ENOBUFS as i32) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}
