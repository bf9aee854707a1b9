//! What waits to be sent to one client: bounded in frames and bytes, filled without waiting.
//!
//! The hub's side never blocks. A client that does not keep up finds its queue full and is cut;
//! what it missed it gets by resuming.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base::limits::{OUTGOING_BYTES, OUTGOING_FRAMES};
use room::effect::Frame;
use tokio::sync::Notify;

/// Bytes handed out at once: enough for many small frames in one packet, few enough that a slow
/// but living link can carry them within the time for one write.
const BATCH_BYTES: usize = 16 * 1024;
/// After the end was decided, what waits gets so long to leave: less than a stop may take.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// The two ends of a new queue.
pub(crate) fn queue() -> (Sender, Receiver) {
    let shared = Arc::new(Shared::default());
    (Sender(Arc::clone(&shared)), Receiver(shared))
}

/// The end that fills the queue. Dropping it ends the connection as [`Ending::Done`].
#[derive(Debug)]
pub(crate) struct Sender(Arc<Shared>);

/// The end that empties it into a connection.
#[derive(Debug)]
pub(crate) struct Receiver(Arc<Shared>);

/// The queue is full: the client reads too slowly.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooSlow;

/// What waits for one client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Backlog {
    pub(crate) frames: usize,
    pub(crate) bytes: usize,
}

impl Backlog {
    /// The larger of each.
    pub(crate) fn most(self, other: Self) -> Self {
        Self { frames: self.frames.max(other.frames), bytes: self.bytes.max(other.bytes) }
    }
}

/// Why nothing more will be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// All is said.
    Done,
    /// All is said, and the close frame carries no code, as in PeerServer.
    Wordless,
    /// The daemon stops.
    GoingAway,
}

/// What to do next with the connection.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// Send these, in order.
    Frames(Vec<Frame>),
    /// Everything was handed out; close.
    Ended(Ending),
}

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    changed: Notify,
    ended: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    frames: VecDeque<Frame>,
    bytes: usize,
    ending: Option<Ending>,
}

impl Sender {
    /// Adds a frame. After the end, or once the receiver is gone, it is dropped: the connection
    /// is over and whoever asked learns that from its end.
    pub(crate) fn send(&self, frame: Frame) -> Result<Backlog, TooSlow> {
        let mut waiting = self.0.lock();
        if waiting.ending.is_some() {
            return Ok(Backlog::default());
        }
        let bytes = waiting.bytes + frame.body.len();
        if waiting.frames.len() == OUTGOING_FRAMES || bytes > OUTGOING_BYTES {
            return Err(TooSlow);
        }
        waiting.bytes = bytes;
        waiting.frames.push_back(frame);
        let backlog = Backlog { frames: waiting.frames.len(), bytes };
        drop(waiting);
        self.0.changed.notify_one();
        Ok(backlog)
    }

    /// Closes the connection once what waits has been sent.
    pub(crate) fn end(&self, ending: Ending) {
        self.0.lock().ending.get_or_insert(ending);
        self.0.wake();
    }

    /// Drops what waits, sends `last` instead and closes.
    pub(crate) fn cut(&self, last: Frame) {
        self.0.lock().cut(last);
        self.0.wake();
    }
}

impl Drop for Sender {
    fn drop(&mut self) {
        self.end(Ending::Done);
    }
}

impl Receiver {
    /// Waits for frames, or for the end.
    pub(crate) async fn next(&mut self) -> Next {
        loop {
            if let Some(next) = self.0.lock().next() {
                return next;
            }
            self.0.changed.notified().await;
        }
    }

    /// Waits until the end was decided and the time for last words is over: a client that does
    /// not take them by then is let go without.
    pub(crate) fn overdue(&self) -> impl Future<Output = ()> + Send + use<> {
        let shared = Arc::clone(&self.0);
        async move {
            shared.ended.notified().await;
            tokio::time::sleep(LAST_WORDS).await;
        }
    }

    /// Drops what waits and makes `last` the last frame: the connection itself found a reason
    /// to end.
    pub(crate) fn cut(&mut self, last: Frame) {
        self.0.lock().cut(last);
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let mut waiting = self.0.lock();
        waiting.ending = Some(Ending::Done);
        waiting.frames = VecDeque::new();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        self.changed.notify_one();
        self.ended.notify_one();
    }
}

impl Waiting {
    fn next(&mut self) -> Option<Next> {
        if self.frames.is_empty() {
            return self.ending.map(Next::Ended);
        }
        let mut batch = Vec::new();
        let mut bytes = 0;
        while let Some(frame) = self.frames.front() {
            bytes += frame.body.len();
            if bytes > BATCH_BYTES && !batch.is_empty() {
                break;
            }
            self.bytes -= frame.body.len();
            batch.extend(self.frames.pop_front());
        }
        if self.frames.is_empty() {
            // A queue that was long once must not hold its memory while the client idles.
            self.frames = VecDeque::new();
        }
        Some(Next::Frames(batch))
    }

    fn cut(&mut self, last: Frame) {
        if self.ending.is_none() {
            self.bytes = last.body.len();
            self.frames = VecDeque::from([last]);
            self.ending = Some(Ending::Done);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(text: &str) -> Frame {
        Frame { seq: None, body: text.into() }
    }

    #[tokio::test]
    async fn frames_come_in_order_and_then_the_end() {
        let (sender, mut receiver) = queue();
        sender.send(frame("a")).expect("room for one");
        sender.send(frame("b")).expect("room for two");
        sender.end(Ending::GoingAway);
        sender.send(frame("after the end")).expect("dropped in silence");
        assert_eq!(receiver.next().await, Next::Frames(vec![frame("a"), frame("b")]));
        assert_eq!(receiver.next().await, Next::Ended(Ending::GoingAway));
    }

    #[tokio::test]
    async fn a_full_queue_is_cut_to_the_last_word() {
        let (sender, mut receiver) = queue();
        for _ in 0..OUTGOING_FRAMES {
            sender.send(frame("x")).expect("within the limit");
        }
        assert_eq!(sender.send(frame("one too many")), Err(TooSlow));
        sender.cut(frame("slow"));
        assert_eq!(receiver.next().await, Next::Frames(vec![frame("slow")]));
        assert_eq!(receiver.next().await, Next::Ended(Ending::Done));
    }

    #[tokio::test]
    async fn bytes_are_bounded_and_given_back_as_they_are_handed_out() {
        let (sender, mut receiver) = queue();
        let large = frame(&"x".repeat(OUTGOING_BYTES / 2));
        sender.send(large.clone()).expect("half");
        sender.send(large.clone()).expect("full");
        assert_eq!(sender.send(frame("y")), Err(TooSlow));
        assert_eq!(receiver.next().await, Next::Frames(vec![large.clone()]));
        sender.send(large).expect("room again");
    }

    #[tokio::test]
    async fn a_dropped_sender_ends_the_connection_and_a_dropped_receiver_bothers_nobody() {
        let (sender, mut receiver) = queue();
        drop(sender);
        assert_eq!(receiver.next().await, Next::Ended(Ending::Done));
        let (sender, receiver) = queue();
        drop(receiver);
        sender.send(frame("a")).expect("nobody listens");
    }
}
