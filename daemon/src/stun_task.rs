//! STUN on UDP: datagrams in, what the `stun` crate decides out, a coarse limit per address.
//!
//! May use: `stun`, tokio, nix. Used by: `run`.
//!
//! A reply must leave from the very address that the request was sent to, or the browser drops
//! it. On a socket that takes every address the kernel would choose by route, which is wrong for
//! a phone that knows the box by another of its addresses; so the address travels along
//! (`IP_PKTINFO`, ip(7); `IPV6_PKTINFO`, RFC 3542, 6).

mod allowance;
mod datagram;

use std::io::ErrorKind;
use std::os::fd::{AsFd as _, AsRawFd as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::clock::Clock;
use stun::{Answer, REPLY_BYTES, REQUEST_BYTES};
use tokio::io::Interest;
use tokio::net::UdpSocket;
use tokio_util::sync::CancellationToken;

use allowance::Allowances;

/// Datagrams answered before other tasks get their turn.
const BATCH: usize = 64;
/// Pause after an error of the socket itself.
const BACK_OFF: Duration = Duration::from_millis(100);

/// Counts since the start. Shared by all sockets.
#[derive(Debug, Default)]
pub(crate) struct StunCounters {
    answered: AtomicU64,
    ignored: AtomicU64,
    limited: AtomicU64,
}

/// The counts at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StunCounts {
    /// Replies sent.
    pub(crate) answered: u64,
    /// Datagrams that were no request, or whose reply could not be sent.
    pub(crate) ignored: u64,
    /// Requests over the limit of their address.
    pub(crate) limited: u64,
}

impl StunCounters {
    pub(crate) fn read(&self) -> StunCounts {
        StunCounts {
            answered: self.answered.load(Ordering::Relaxed),
            ignored: self.ignored.load(Ordering::Relaxed),
            limited: self.limited.load(Ordering::Relaxed),
        }
    }
}

/// Answers on one socket until the daemon stops.
pub(crate) async fn serve(
    socket: UdpSocket,
    per_second: usize,
    counters: Arc<StunCounters>,
    clock: Arc<dyn Clock>,
    stopping: CancellationToken,
) {
    if let Err(error) = datagram::ask_for_local_address(socket.as_fd()) {
        tracing::warn!(%error, "STUN replies may leave from another address than they were asked at");
    }
    let mut allowances = Allowances::new(per_second);
    loop {
        let ready = tokio::select! {
            ready = socket.readable() => ready,
            () = stopping.cancelled() => return,
        };
        let batch = ready.and_then(|()| answer_waiting(&socket, &mut allowances, &counters, clock.as_ref()));
        match batch {
            Ok(()) => tokio::task::yield_now().await,
            Err(error) => {
                tracing::warn!(%error, "the STUN socket failed");
                tokio::select! {
                    () = tokio::time::sleep(BACK_OFF) => {}
                    () = stopping.cancelled() => return,
                }
            }
        }
    }
}

/// Answers what waits, at most [`BATCH`] datagrams.
fn answer_waiting(
    socket: &UdpSocket,
    allowances: &mut Allowances,
    counters: &StunCounters,
    clock: &dyn Clock,
) -> std::io::Result<()> {
    // One byte more than a request may have, so that a longer one is not cut to fit.
    let mut request = [0; REQUEST_BYTES + 1];
    let mut reply = [0; REPLY_BYTES];
    for _ in 0..BATCH {
        let fd = socket.as_raw_fd();
        let received = match socket.try_io(Interest::READABLE, || datagram::receive(fd, &mut request)) {
            Ok(received) => received,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            // An ICMP error that some earlier reply brought back; anybody can provoke one.
            Err(error) if error.kind() == ErrorKind::ConnectionRefused => continue,
            Err(error) => return Err(error),
        };
        let Some(received) = received else {
            counters.ignored.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        let Answer::Reply(length, _) = stun::answer(&request[..received.length], received.source, &mut reply)
        else {
            counters.ignored.fetch_add(1, Ordering::Relaxed);
            continue;
        };
        if !allowances.take(received.source.ip(), clock.monotonic()) {
            counters.limited.fetch_add(1, Ordering::Relaxed);
            continue;
        }
        // A full send queue means that the radio does not keep up; the browser asks again.
        let counter = match datagram::send(fd, &reply[..length], &received) {
            Ok(()) => &counters.answered,
            Err(_) => &counters.ignored,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use base::clock::SystemClock;

    use super::*;
    use crate::tasks::Tasks;

    const REQUEST: &[u8] = b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl";

    async fn started(bind: &str, per_second: usize) -> (SocketAddr, Arc<StunCounters>, Tasks) {
        let socket = UdpSocket::bind(bind).await.expect("a free port");
        let address = socket.local_addr().expect("bound");
        let (tasks, counters) = (Tasks::default(), Arc::new(StunCounters::default()));
        let clock = Arc::new(SystemClock::new());
        tasks.spawn("stun", serve(socket, per_second, Arc::clone(&counters), clock, tasks.stopping()));
        (address, counters, tasks)
    }

    async fn asked(client: &UdpSocket, server: SocketAddr) -> (Vec<u8>, SocketAddr) {
        client.send_to(REQUEST, server).await.expect("sent");
        let mut reply = [0; 256];
        let received = tokio::time::timeout(Duration::from_secs(5), client.recv_from(&mut reply)).await;
        let (length, from) = received.expect("a reply in time").expect("a reply");
        (reply[..length].to_vec(), from)
    }

    /// 127.0.0.2 is as much this machine as 127.0.0.1, which is what routes prefer.
    #[tokio::test]
    async fn the_reply_leaves_from_the_address_that_was_asked() {
        for bind in ["[::]:0", "0.0.0.0:0"] {
            let (address, _, _tasks) = started(bind, 100).await;
            let client = UdpSocket::bind("0.0.0.0:0").await.expect("a free port");
            let server = SocketAddr::from(([127, 0, 0, 2], address.port()));
            let (reply, from) = asked(&client, server).await;
            assert_eq!(from, server, "{bind}");
            assert_eq!(reply[..2], [1, 1], "a success");
        }
    }

    #[tokio::test]
    async fn an_address_that_asks_too_often_is_held_back_and_counted() {
        let (address, counters, tasks) = started("127.0.0.1:0", 1).await;
        let client = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        for _ in 0..200 {
            client.send_to(REQUEST, address).await.expect("sent");
        }
        client.send_to(b"no request", address).await.expect("sent");
        while counters.read().ignored == 0 {
            tokio::task::yield_now().await;
        }
        assert!(tasks.stop(Duration::from_secs(5)).await.is_empty());
        let counts = counters.read();
        assert_eq!(counts.answered + counts.limited, 200);
        assert!((10..50).contains(&counts.answered), "{counts:?}");
    }
}
