//! The one thread that writes. It takes all jobs that have queued up meanwhile, runs each in
//! a savepoint of its own inside one transaction, commits once, and only then answers: forty
//! pupils who press Enter together cost the card one fsync.

use std::collections::VecDeque;
use std::sync::Arc;
use std::thread::JoinHandle;

use base::clock::Stopwatch;
use base::limits::{WRITE_GROUP, WRITE_QUEUE};
use base::{Code, Error};
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::failure::{self, Failure, Outcome};
use crate::statistics::Statistics;

/// What the writer can be asked to do.
pub(crate) enum Request {
    /// Write something.
    Job(Box<dyn Job>),
    /// Do what is queued, take nothing more, and end.
    Close,
}

/// Something to write, and somebody who waits for the answer.
pub(crate) trait Job: Send {
    /// Does the work inside a savepoint, and says whether to keep it.
    fn run(&mut self, connection: &Connection) -> Kept;
    /// What went wrong in [`Self::run`], if it concerns the whole transaction.
    fn trouble(&self) -> Option<GroupFailure>;
    /// Tells the caller: its own result if the transaction was committed, else `failure`.
    fn answer(self: Box<Self>, failure: Option<&GroupFailure>);
}

/// Whether the work of a job is to stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// Into the transaction.
    Yes,
    /// Back to the savepoint.
    No,
}

/// Why a whole transaction was lost; it is told to every job in it.
#[derive(Clone, Debug)]
pub(crate) struct GroupFailure {
    code: Code,
    cause: String,
}

impl GroupFailure {
    fn of(error: &rusqlite::Error) -> Self {
        Self { code: failure::code(error), cause: error.to_string() }
    }
}

/// A job made of a closure and a channel.
pub(crate) struct Work<T, F> {
    todo: Option<F>,
    result: Option<Outcome<T>>,
    answer: oneshot::Sender<base::Result<T>>,
}

impl<T, F> Work<T, F> {
    /// The job that runs `todo`, and where its answer will arrive.
    pub(crate) fn new(todo: F) -> (Self, oneshot::Receiver<base::Result<T>>) {
        let (answer, receiver) = oneshot::channel();
        (Self { todo: Some(todo), result: None, answer }, receiver)
    }
}

impl<T: Send, F: FnOnce(&Connection) -> Outcome<T> + Send> Job for Work<T, F> {
    fn run(&mut self, connection: &Connection) -> Kept {
        self.result = self.todo.take().map(|todo| todo(connection));
        if matches!(self.result, Some(Ok(_))) { Kept::Yes } else { Kept::No }
    }

    fn trouble(&self) -> Option<GroupFailure> {
        match &self.result {
            Some(Err(Failure::Sqlite(error))) => Some(GroupFailure::of(error)),
            _ => None,
        }
    }

    fn answer(self: Box<Self>, failure: Option<&GroupFailure>) {
        let result = match (failure, self.result) {
            (Some(failure), _) => Err(Error::new(failure.code).because(failure.cause.clone())),
            (None, Some(result)) => result.map_err(Error::from),
            (None, None) => Err(Error::new(Code::Unavailable)),
        };
        // A caller that went away, such as a closed connection, has no use for the answer;
        // what it asked for was written all the same.
        drop(self.answer.send(result));
    }
}

/// Starts the writer on `connection`; it ends after [`Request::Close`] or when every sender
/// is gone.
pub(crate) fn start(
    connection: Connection,
    statistics: Arc<Statistics>,
) -> std::io::Result<(mpsc::Sender<Request>, JoinHandle<()>)> {
    let (sender, receiver) = mpsc::channel(WRITE_QUEUE);
    let writer = Writer { connection, statistics, lost_jobs: 0 };
    let thread = std::thread::Builder::new().name("store-writer".into()).spawn(move || {
        let _end = EndProcessOnPanic;
        writer.serve(receiver);
    })?;
    Ok((sender, thread))
}

struct Writer {
    connection: Connection,
    statistics: Arc<Statistics>,
    /// Jobs that could not be written since it last worked.
    lost_jobs: usize,
}

impl Writer {
    fn serve(mut self, mut requests: mpsc::Receiver<Request>) {
        let mut group = VecDeque::new();
        while let Some(first) = requests.blocking_recv() {
            let mut next = Some(first);
            while let Some(request) = next {
                match request {
                    Request::Job(job) => group.push_back(job),
                    Request::Close => requests.close(),
                }
                next = if group.len() < WRITE_GROUP { requests.try_recv().ok() } else { None };
            }
            while !group.is_empty() {
                self.transaction(&mut group);
            }
        }
        self.finish();
    }

    /// Runs the jobs at the front of `waiting` in one transaction and answers them: all, unless
    /// one of them cost the transaction.
    fn transaction(&mut self, waiting: &mut VecDeque<Box<dyn Job>>) {
        let changes = self.connection.total_changes();
        let mut done = Vec::with_capacity(waiting.len());
        let mut lost = self.execute("BEGIN IMMEDIATE").err();
        if lost.is_some() {
            done.extend(waiting.drain(..));
        }
        while lost.is_none()
            && let Some(mut job) = waiting.pop_front()
        {
            lost = self.run(&mut *job).err();
            done.push(job);
        }
        if lost.is_none() {
            lost = self.commit(done.len(), changes).err();
        }
        if let Some(failure) = &lost {
            self.roll_back();
            self.note_loss(failure, done.len());
        }
        for job in done {
            job.answer(lost.as_ref());
        }
    }

    /// Runs one job in a savepoint. An error means that the transaction is lost, not that the
    /// job failed.
    fn run(&self, job: &mut dyn Job) -> Result<(), GroupFailure> {
        // Here too, to end before the unwinding would tell the caller "unavailable, try again".
        let _end = EndProcessOnPanic;
        self.execute("SAVEPOINT job")?;
        let kept = job.run(&self.connection);
        // After a full disk, an I/O error or lack of memory SQLite may have rolled the whole
        // transaction back by itself (https://www.sqlite.org/lang_transaction.html, 3.1).
        if self.connection.is_autocommit() {
            return Err(job.trouble().unwrap_or_else(|| GroupFailure {
                code: Code::StorageFailed,
                cause: "SQLite rolled the transaction back".into(),
            }));
        }
        if kept == Kept::No {
            self.execute("ROLLBACK TO job")?;
        }
        self.execute("RELEASE job")
    }

    /// Commits; `changes` is how many rows the connection had changed before. A transaction
    /// that changed none, as `health` makes them, writes nothing and proves nothing.
    fn commit(&mut self, group: usize, changes: u64) -> Result<(), GroupFailure> {
        let stopwatch = Stopwatch::start();
        self.execute("COMMIT")?;
        if self.connection.total_changes() == changes {
            return Ok(());
        }
        self.statistics.committed(group, stopwatch.elapsed());
        if self.lost_jobs > 0 {
            tracing::info!(lost_jobs = self.lost_jobs, "writing works again");
            self.lost_jobs = 0;
        }
        Ok(())
    }

    /// Tells the journal when writing stops working, and not each of the thousand times after
    /// that, which a full card would make of a lively chat.
    fn note_loss(&mut self, failure: &GroupFailure, jobs: usize) {
        self.statistics.commit_failed();
        if self.lost_jobs == 0 {
            tracing::error!(cause = failure.cause, "nothing can be written");
        }
        self.lost_jobs += jobs;
    }

    fn roll_back(&self) {
        if !self.connection.is_autocommit()
            && let Err(failure) = self.execute("ROLLBACK")
        {
            tracing::error!(cause = failure.cause, "the rollback failed too");
        }
    }

    fn execute(&self, sql: &str) -> Result<(), GroupFailure> {
        let run = || self.connection.prepare_cached(sql)?.execute([]);
        run().map(drop).map_err(|error| GroupFailure::of(&error))
    }

    /// Moves everything into the main file, so that a copy of that file alone is complete.
    fn finish(self) {
        let checkpoint = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
        match checkpoint {
            Ok(0) => {}
            Ok(busy) => tracing::warn!(busy = busy, "another program reads the database: the WAL stays"),
            Err(error) => tracing::warn!(%error, "the WAL stays: it could not be checkpointed"),
        }
        if let Err((_, error)) = self.connection.close() {
            tracing::warn!(%error, "the database was not closed properly; nothing is lost");
        }
    }
}

/// Ends the process when the writer panics, also where panics unwind: nobody else can write,
/// and a daemon that cannot write must be started again.
struct EndProcessOnPanic;

impl Drop for EndProcessOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            std::process::abort();
        }
    }
}
