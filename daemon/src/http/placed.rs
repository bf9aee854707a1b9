//! A connection's stream, as long as it is open: it holds its place among the connections, and
//! fails when the client takes nothing of what it is sent. hyper itself would wait for ever, and
//! so would whoever owns the connection after an upgrade.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use base::limits;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use crate::http::admission::Place;

const STALL_TIMEOUT: Duration = Duration::from_millis(limits::STALL_TIMEOUT_MS);

/// The stream.
pub(crate) struct Placed<S> {
    stream: S,
    stalled: Stalled,
    _place: Place,
}

impl<S> Placed<S> {
    /// Gives `place` back when the stream is dropped.
    pub(crate) const fn new(stream: S, place: Place) -> Self {
        Self { stream, stalled: Stalled { since: None }, _place: place }
    }
}

/// Runs from the first write that had to wait to the next that did not.
struct Stalled {
    since: Option<Pin<Box<Sleep>>>,
}

impl Stalled {
    /// Passes the outcome of a write on, or fails it if it has waited for too long.
    fn judge<T>(&mut self, outcome: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if outcome.is_ready() {
            self.since = None;
            return outcome;
        }
        let since = self.since.get_or_insert_with(|| Box::pin(sleep(STALL_TIMEOUT)));
        since.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Placed<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Placed<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.stalled.judge(outcome, context)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(context);
        self.stalled.judge(outcome, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_shutdown(context);
        self.stalled.judge(outcome, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.stalled.judge(outcome, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
