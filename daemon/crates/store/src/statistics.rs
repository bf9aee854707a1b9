//! Counters for the metrics page: plain numbers, written by the writer, read by anybody.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What the writer has done since the store was opened.
#[derive(Debug, Default)]
pub struct Statistics {
    commits: AtomicU64,
    failed_commits: AtomicU64,
    jobs: AtomicU64,
    refused_jobs: AtomicU64,
    largest_group: AtomicU64,
    commit_microseconds: AtomicU64,
    worst_commit_microseconds: AtomicU64,
}

impl Statistics {
    /// Transactions committed that changed something: each is one fsync.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Transactions that could not be committed; their jobs were all answered with an error.
    pub fn failed_commits(&self) -> u64 {
        self.failed_commits.load(Ordering::Relaxed)
    }

    /// Jobs in committed transactions; divided by [`Self::commits`] it is the mean group.
    pub fn jobs(&self) -> u64 {
        self.jobs.load(Ordering::Relaxed)
    }

    /// Jobs that were refused because the queue stayed full.
    pub fn refused_jobs(&self) -> u64 {
        self.refused_jobs.load(Ordering::Relaxed)
    }

    /// Most jobs that one transaction carried.
    pub fn largest_group(&self) -> u64 {
        self.largest_group.load(Ordering::Relaxed)
    }

    /// Microseconds spent in `COMMIT`, in sum.
    pub fn commit_microseconds(&self) -> u64 {
        self.commit_microseconds.load(Ordering::Relaxed)
    }

    /// Microseconds that the slowest `COMMIT` took since this was last asked: for one asker alone.
    pub fn take_worst_commit_microseconds(&self) -> u64 {
        self.worst_commit_microseconds.swap(0, Ordering::Relaxed)
    }

    pub(crate) fn committed(&self, group: usize, duration: Duration) {
        let group = u64::try_from(group).unwrap_or(u64::MAX);
        let microseconds = u64::try_from(duration.as_micros()).unwrap_or(u64::MAX);
        self.commits.fetch_add(1, Ordering::Relaxed);
        self.jobs.fetch_add(group, Ordering::Relaxed);
        self.largest_group.fetch_max(group, Ordering::Relaxed);
        self.commit_microseconds.fetch_add(microseconds, Ordering::Relaxed);
        self.worst_commit_microseconds.fetch_max(microseconds, Ordering::Relaxed);
    }

    pub(crate) fn commit_failed(&self) {
        self.failed_commits.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn job_refused(&self) {
        self.refused_jobs.fetch_add(1, Ordering::Relaxed);
    }
}
