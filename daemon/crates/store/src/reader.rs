//! A few connections that only read, lent out one at a time on the runtime's blocking pool.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::{Code, Error, Result};
use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::failure::Outcome;
use crate::open::{self, Index};

/// Reading connections: as many as a Pi has cores. Reads take microseconds; more connections
/// would only cost memory (each has its own page cache).
const READERS: u32 = 4;
/// How long a reader may be waited for before the answer is "overloaded".
const READER_WAIT: Duration = Duration::from_secs(5);

/// The pool.
pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    /// Opens all connections on the database at `path`, which exists and has the right schema.
    pub(crate) fn open(path: &Path, index: Index) -> rusqlite::Result<Self> {
        let idle = (0..READERS).map(|_| open::reader(path, index)).collect::<rusqlite::Result<_>>()?;
        Ok(Self { idle: Mutex::new(idle), permits: Arc::new(Semaphore::new(READERS as usize)) })
    }

    /// Runs `query` on an idle connection.
    pub(crate) async fn run<T: Send + 'static>(
        self: &Arc<Self>,
        query: impl FnOnce(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T> {
        let permit = tokio::time::timeout(READER_WAIT, Arc::clone(&self.permits).acquire_owned())
            .await
            .map_err(|late| Error::new(Code::Unavailable).because(late))?
            .map_err(|closed| Error::new(Code::Unavailable).because(closed))?;
        let readers = Arc::clone(self);
        let answer = tokio::task::spawn_blocking(move || {
            // The permit goes in, so that it comes back after the connection even if the
            // caller gives up while the query runs on.
            let _permit = permit;
            let lent = Lent::from(&readers)?;
            query(lent.connection()).map_err(Error::from)
        });
        answer.await.map_err(|panic| Error::new(Code::Internal).because(panic))?
    }

    /// Waits for the running queries, lets no more start, and closes the connections.
    pub(crate) async fn close(&self) {
        if let Ok(all) = self.permits.acquire_many(READERS).await {
            self.permits.close();
            drop(all);
        }
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// A connection that goes back to the pool, even when the query panics.
struct Lent<'a> {
    readers: &'a Readers,
    connection: Option<Connection>,
}

impl<'a> Lent<'a> {
    fn from(readers: &'a Readers) -> Result<Self> {
        let connection = readers.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        match connection {
            Some(connection) => Ok(Self { readers, connection: Some(connection) }),
            None => Err(Error::new(Code::Unavailable)),
        }
    }

    fn connection(&self) -> &Connection {
        self.connection.as_ref().expect("it is taken out only by drop")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }
}
