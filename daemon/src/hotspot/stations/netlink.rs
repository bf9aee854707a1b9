//! A conversation with the kernel: one request, its answers.
//!
//! The kernel answers while it is asked, so nothing here waits: what is not there at once is an
//! error.
//!
//! May use: nix. Used by: `stations`.

use std::io;
use std::os::fd::{AsRawFd as _, OwnedFd};

use nix::errno::Errno;
use nix::sys::socket::{
    AddressFamily, MsgFlags, NetlinkAddr, SockFlag, SockProtocol, SockType, recv, sendto, socket,
};

use super::message::{messages, request};

/// linux/netlink.h.
const REQUEST: u16 = 0x1;
const DUMP: u16 = 0x300;
const ERROR: u16 = 2;
const DONE: u16 = 3;

/// What the kernel puts into one datagram of a list.
const DATAGRAM_BYTES: usize = 32_768;
/// Answers that are read; a full Wi-Fi has a hundredth of it.
const MOST_ANSWERS: usize = 4_096;

/// A socket to one part of the kernel.
#[derive(Debug)]
pub(super) struct Netlink {
    socket: OwnedFd,
    number: u32,
}

impl Netlink {
    pub(super) fn open(protocol: SockProtocol) -> io::Result<Self> {
        let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
        let socket = socket(AddressFamily::Netlink, SockType::Raw, flags, protocol)?;
        Ok(Self { socket, number: 0 })
    }

    /// The one answer to a question.
    pub(super) fn ask(&mut self, kind: u16, body: &[u8]) -> io::Result<Vec<u8>> {
        self.send(kind, REQUEST, body)?;
        let mut answers = Vec::new();
        self.take(&mut answers)?;
        answers.pop().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData))
    }

    /// All that the kernel lists.
    pub(super) fn list(&mut self, kind: u16, body: &[u8]) -> io::Result<Vec<Vec<u8>>> {
        self.send(kind, REQUEST | DUMP, body)?;
        let mut answers = Vec::new();
        while answers.len() < MOST_ANSWERS && self.take(&mut answers)? == Further::Maybe {}
        Ok(answers)
    }

    fn send(&mut self, kind: u16, flags: u16, body: &[u8]) -> io::Result<()> {
        self.number += 1;
        let message = request(kind, flags, self.number, body);
        let kernel = NetlinkAddr::new(0, 0);
        sendto(self.socket.as_raw_fd(), &message, &kernel, MsgFlags::empty())?;
        Ok(())
    }

    /// Takes one datagram of answers.
    fn take(&self, answers: &mut Vec<Vec<u8>>) -> io::Result<Further> {
        let mut datagram = vec![0; DATAGRAM_BYTES];
        let length = recv(self.socket.as_raw_fd(), &mut datagram, MsgFlags::empty())?;
        for (kind, number, body) in messages(&datagram[..length]) {
            if number != self.number {
                continue;
            }
            match kind {
                DONE => return Ok(Further::No),
                ERROR => {
                    let code = body.get(..4).and_then(|code| code.try_into().ok()).map(i32::from_ne_bytes);
                    return Err(Errno::from_raw(-code.unwrap_or_default()).into());
                }
                _ => answers.push(body.to_vec()),
            }
        }
        Ok(Further::Maybe)
    }
}

/// Whether a list goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Further {
    Maybe,
    No,
}
