//! Receiving with the local address, and replying from it.

use std::io::{self, IoSlice, IoSliceMut};
use std::net::SocketAddr;
use std::os::fd::{BorrowedFd, RawFd};

use nix::libc::{in_pktinfo, in6_pktinfo};
use nix::sys::socket::sockopt::{Ipv4PacketInfo, Ipv6RecvPacketInfo};
use nix::sys::socket::{
    AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockaddrLike as _, SockaddrStorage,
    getsockname, recvmsg, sendmsg, setsockopt,
};
use std::os::fd::AsRawFd as _;

/// A datagram's way: whence, and to which of our addresses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received {
    pub(crate) length: usize,
    pub(crate) source: SocketAddr,
    sender: SockaddrStorage,
    local: Local,
}

#[derive(Clone, Copy, Debug)]
enum Local {
    V4(in_pktinfo),
    V6(in6_pktinfo),
    Unknown,
}

/// Makes the kernel tell the local address of each datagram.
pub(crate) fn ask_for_local_address(socket: BorrowedFd<'_>) -> nix::Result<()> {
    let bound: SockaddrStorage = getsockname(socket.as_raw_fd())?;
    match bound.family() {
        // On a dual-stack socket this covers IPv4 in IPv6 form too.
        Some(AddressFamily::Inet6) => setsockopt(&socket, Ipv6RecvPacketInfo, &true),
        _ => setsockopt(&socket, Ipv4PacketInfo, &true),
    }
}

/// Takes one datagram; `None` if it was cut to fit or has no sender.
pub(crate) fn receive(fd: RawFd, buffer: &mut [u8]) -> io::Result<Option<Received>> {
    let mut control = nix::cmsg_space!(in6_pktinfo, in_pktinfo);
    let mut slices = [IoSliceMut::new(buffer)];
    let message = recvmsg::<SockaddrStorage>(fd, &mut slices, Some(&mut control), MsgFlags::empty())?;
    let mut local = Local::Unknown;
    for part in message.cmsgs()? {
        match part {
            ControlMessageOwned::Ipv4PacketInfo(info) => local = Local::V4(info),
            ControlMessageOwned::Ipv6PacketInfo(info) => local = Local::V6(info),
            _ => {}
        }
    }
    let (length, cut) = (message.bytes, message.flags.contains(MsgFlags::MSG_TRUNC));
    let Some(sender) = message.address.filter(|_| !cut) else { return Ok(None) };
    let source = sender
        .as_sockaddr_in()
        .map(|address| SocketAddr::from((address.ip(), address.port())))
        .or_else(|| sender.as_sockaddr_in6().map(|address| SocketAddr::from((address.ip(), address.port()))));
    Ok(source.map(|source| Received { length, source, sender, local }))
}

/// Replies from the address that was asked.
pub(crate) fn send(fd: RawFd, reply: &[u8], to: &Received) -> io::Result<()> {
    let slices = [IoSlice::new(reply)];
    let send = |control: &[ControlMessage<'_>]| {
        sendmsg(fd, &slices, control, MsgFlags::MSG_DONTWAIT, Some(&to.sender))
    };
    match to.local {
        Local::V4(info) => {
            // The destination as routed (`ipi_spec_dst`) becomes the source; no interface is forced.
            let info = in_pktinfo { ipi_ifindex: 0, ..info };
            send(&[ControlMessage::Ipv4PacketInfo(&info)])
        }
        Local::V6(info) => send(&[ControlMessage::Ipv6PacketInfo(&info)]),
        Local::Unknown => send(&[]),
    }?;
    Ok(())
}
