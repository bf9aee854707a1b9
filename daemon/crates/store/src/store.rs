//! The handle that everybody holds.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use base::clock::{Clock, Monotonic, Timestamp};
use base::{Code, Error, Result};
use rusqlite::Connection;
use tokio::sync::mpsc;

use crate::clock_jump::Offset;
use crate::failure::Outcome;
use crate::open::{self, Index, OpenError};
use crate::reader::Readers;
use crate::running::Running;
use crate::statistics::Statistics;
use crate::writer::{self, Request, Work};

/// How long a job may wait for room in the queue before its caller hears "overloaded".
const QUEUE_WAIT: Duration = Duration::from_secs(5);
/// How long [`Store::health`] waits for either side.
const HEALTH_WAIT: Duration = Duration::from_secs(2);

/// The database. Cheap to clone; all clones are one store.
///
/// Every method answers after the transaction is on the card. Besides the codes that each
/// names, all may answer `storage_full`, `storage_failed`, `unavailable` (overloaded, or
/// closed) and `internal`; nothing was changed then. When a caller gives up waiting, its job
/// is done all the same.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    index: Index,
    clock: Arc<dyn Clock>,
    offset: Arc<Offset>,
    running: Arc<Running>,
    statistics: Arc<Statistics>,
    requests: mpsc::Sender<Request>,
    readers: Arc<Readers>,
    writer: Mutex<Option<JoinHandle<()>>>,
    // Held until the store is closed or the last handle is gone.
    lock: File,
}

impl Store {
    /// Opens the database at `path`, or creates it, and starts the writer. Blocks while it
    /// checks and upgrades the file: call it before serving anybody.
    pub fn open(path: impl AsRef<Path>, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let path = path.as_ref();
        let opened = open::database(path)?;
        let readers = Readers::open(path, opened.index).map_err(|error| open::sqlite_error(path, &error))?;
        let statistics = Arc::new(Statistics::default());
        let (requests, thread) = writer::start(opened.writer, Arc::clone(&statistics))
            .map_err(|error| OpenError::Other { path: path.into(), cause: error.to_string() })?;
        let inner = Inner {
            path: path.to_owned(),
            index: opened.index,
            offset: Arc::new(Offset::new(clock.as_ref())),
            clock,
            running: Arc::default(),
            statistics,
            requests,
            readers: Arc::new(readers),
            writer: Mutex::new(Some(thread)),
            lock: opened.lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Writes everything that is queued, takes nothing more (`unavailable`), and closes the
    /// file so that it is complete without its WAL. Again is harmless.
    pub async fn close(&self) -> Result<()> {
        self.inner.readers.close().await;
        let thread = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return Ok(()) };
        // Fails only if the writer has ended already, and then there is nothing to ask for.
        drop(self.inner.requests.send(Request::Close).await);
        let joined = tokio::task::spawn_blocking(|| thread.join()).await;
        match joined {
            Ok(Ok(())) => self.inner.lock.unlock().map_err(|error| Error::new(Code::Internal).because(error)),
            Ok(Err(_)) => Err(Error::new(Code::Internal).because("the writer panicked")),
            Err(error) => Err(Error::new(Code::Internal).because(error)),
        }
    }

    /// Asks a reader and the writer for a sign of life; `unavailable` after two seconds
    /// without.
    pub async fn health(&self) -> Result<()> {
        let both = async {
            self.read(|connection| Ok(connection.query_row("SELECT 1", [], |_| Ok(()))?)).await?;
            self.write(|_| Ok(())).await
        };
        match tokio::time::timeout(HEALTH_WAIT, both).await {
            Ok(result) => result,
            Err(late) => Err(Error::new(Code::Unavailable).because(late)),
        }
    }

    /// What the writer has done so far.
    pub fn statistics(&self) -> &Statistics {
        &self.inner.statistics
    }

    /// Jobs that wait for the writer now; at most [`base::limits::WRITE_QUEUE`].
    pub fn queue_length(&self) -> usize {
        self.inner.requests.max_capacity() - self.inner.requests.capacity()
    }

    /// What time it is by the clock that rows are written by, for pages that tell it.
    pub fn box_time(&self) -> Timestamp {
        self.now()
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    pub(crate) fn monotonic(&self) -> Monotonic {
        self.inner.clock.monotonic()
    }

    /// The attempts whose time runs.
    pub(crate) fn running(&self) -> Arc<Running> {
        Arc::clone(&self.inner.running)
    }

    /// Where the database lies, and how further connections to it are opened.
    pub(crate) fn place(&self) -> (PathBuf, Index) {
        (self.inner.path.clone(), self.inner.index)
    }

    /// What the rows know of the clock, and the clock.
    pub(crate) fn offset(&self) -> (Arc<Offset>, Arc<dyn Clock>) {
        (Arc::clone(&self.inner.offset), Arc::clone(&self.inner.clock))
    }

    /// Queues `todo` for the writer and waits until its transaction is committed.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        todo: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let (work, answer) = Work::new(todo);
        let sent = self.inner.requests.send_timeout(Request::Job(Box::new(work)), QUEUE_WAIT).await;
        if let Err(refused) = sent {
            self.inner.statistics.job_refused();
            let cause = match refused {
                mpsc::error::SendTimeoutError::Timeout(_) => "the writer's queue stayed full",
                mpsc::error::SendTimeoutError::Closed(_) => "the store is closed",
            };
            return Err(Error::new(Code::Unavailable).because(cause));
        }
        match answer.await {
            Ok(result) => result,
            Err(gone) => Err(Error::new(Code::Unavailable).because(gone)),
        }
    }

    /// The writer's thread, to be waited for after every handle is gone.
    #[cfg(test)]
    pub(crate) fn take_writer(&self) -> JoinHandle<()> {
        let thread = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        thread.expect("it was not taken before")
    }

    /// Runs `query` on a reading connection, which sees everything committed so far.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        self.inner.readers.run(query).await
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Store").field("queue_length", &self.queue_length()).finish_non_exhaustive()
    }
}
