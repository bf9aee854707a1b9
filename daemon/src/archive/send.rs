//! An archive on its way to a browser: written on a thread of its own, a few pieces ahead.

use std::io::{self, Write};

use axum::body::Body;
use base::clock::Timestamp;
use base::limits::ARCHIVE_CHUNK_BYTES;
use bytes::{Bytes, BytesMut};
use futures_util::stream;
use tokio::sync::mpsc;

use super::Writer;
use crate::tasks::{self, Tasks};

/// Pieces that wait for a browser.
const AHEAD: usize = 2;

/// What goes through the channel. A writer that ends without `End`, by an error or a panic, has
/// broken the archive off, and so must the answer.
enum Piece {
    Bytes(Bytes),
    End,
}

/// The body of an answer that `write` fills. When the browser goes away, `write` gets an error.
pub(crate) fn send(
    tasks: &Tasks,
    name: &'static str,
    at: Timestamp,
    write: impl FnOnce(&mut Writer<Sink>) -> io::Result<()> + Send + 'static,
) -> Body {
    let (pieces, mut received) = mpsc::channel(AHEAD);
    tasks.spawn(name, async move {
        let done = tasks::blocking(move || {
            let mut writer = Writer::new(Sink { pieces, batch: BytesMut::new() }, at);
            write(&mut writer)?;
            writer.finish()?.end()
        });
        match done.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::info!(%error, name, "an archive was not sent to its end"),
            Err(error) => tracing::error!(%error, name, "an archive was not sent to its end"),
        }
    });
    let mut ended = false;
    Body::from_stream(stream::poll_fn(move |context| {
        if ended {
            return std::task::Poll::Ready(None);
        }
        received.poll_recv(context).map(|piece| match piece {
            Some(Piece::Bytes(bytes)) => Some(Ok(bytes)),
            Some(Piece::End) => {
                ended = true;
                None
            }
            None => {
                ended = true;
                Some(Err(io::Error::from(io::ErrorKind::BrokenPipe)))
            }
        })
    }))
}

/// Where the archive is written to.
pub(crate) struct Sink {
    pieces: mpsc::Sender<Piece>,
    batch: BytesMut,
}

impl Sink {
    fn push(&self, piece: Piece) -> io::Result<()> {
        let gone = |_| io::Error::new(io::ErrorKind::BrokenPipe, "nobody takes it any more");
        self.pieces.blocking_send(piece).map_err(gone)
    }

    fn end(mut self) -> io::Result<()> {
        self.flush()?;
        self.push(Piece::End)
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let take = bytes.len().min(ARCHIVE_CHUNK_BYTES - self.batch.len());
        self.batch.extend_from_slice(&bytes[..take]);
        if self.batch.len() == ARCHIVE_CHUNK_BYTES {
            let full = std::mem::replace(&mut self.batch, BytesMut::with_capacity(ARCHIVE_CHUNK_BYTES));
            self.push(Piece::Bytes(full.freeze()))?;
        }
        Ok(take)
    }

    /// Sends what there is. The library asks for it after each file, however small, so only the end
    /// does it.
    fn flush(&mut self) -> io::Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        let rest = std::mem::take(&mut self.batch);
        self.push(Piece::Bytes(rest.freeze()))
    }
}
