//! The only place that spawns: every task has a name, hears of the stop and is waited for.
//!
//! May use: tokio. Used by: `run`, and by every part that runs something beside its caller.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Starts tasks and waits for their end. Clones share the same set.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    stopping: CancellationToken,
    running: Arc<Mutex<BTreeMap<&'static str, usize>>>,
}

/// Runs `work`, which computes for long, where it does not hold up the runtime. Whoever calls
/// bounds how many run at once. The error says that `work` panicked.
pub(crate) async fn blocking<T, F>(work: F) -> Result<T, tokio::task::JoinError>
where
    T: Send + 'static,
    F: FnOnce() -> T + Send + 'static,
{
    tokio::task::spawn_blocking(work).await
}

/// Counts a task as running until it is dropped, also when the task panics.
struct Running {
    name: &'static str,
    running: Arc<Mutex<BTreeMap<&'static str, usize>>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = running.get_mut(self.name) {
            *count -= 1;
            if *count == 0 {
                running.remove(self.name);
            }
        }
    }
}

impl Tasks {
    /// Runs `future` beside the caller.
    pub(crate) fn spawn<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner).entry(name).or_default() += 1;
        let running = Running { name, running: Arc::clone(&self.running) };
        self.tracker.spawn(async move {
            let _running = running;
            future.await;
        });
    }

    /// Runs a future without which the daemon is of no use, such as the hub: if it panics, or
    /// ends before the stop, the process aborts, the service manager starts it anew, and clients
    /// resume. A daemon that lives on without its heart would look healthy and serve nobody.
    pub(crate) fn spawn_critical<F>(&self, name: &'static str, future: F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let stopping = self.stopping();
        self.spawn(name, async move {
            let panicked = AssertUnwindSafe(future).catch_unwind().await.is_err();
            if panicked || !stopping.is_cancelled() {
                tracing::error!(task = name, panicked, "a critical task ended; the process aborts");
                std::process::abort();
            }
        });
    }

    /// Cancelled when the daemon stops; long-lived tasks wait for it.
    pub(crate) fn stopping(&self) -> CancellationToken {
        self.stopping.clone()
    }

    /// Tells every task to stop and waits for all. After `deadline` the names of those that
    /// still run are returned.
    pub(crate) async fn stop(&self, deadline: Duration) -> Vec<&'static str> {
        self.stopping.cancel();
        self.tracker.close();
        if tokio::time::timeout(deadline, self.tracker.wait()).await.is_ok() {
            return Vec::new();
        }
        self.running.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt as _;
    use std::process::{Command, Stdio};

    use super::*;

    /// Set for the child process that is to abort.
    const CHILD: &str = "TASKS_TEST_CHILD";

    fn run_as_child(test: &str) -> std::process::ExitStatus {
        Command::new(std::env::current_exe().expect("this test binary"))
            .args(["--exact", test, "--nocapture"])
            .env(CHILD, "1")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("the child runs")
    }

    #[tokio::test]
    async fn a_critical_task_that_panics_aborts_the_process() {
        if std::env::var_os(CHILD).is_some() {
            let tasks = Tasks::default();
            tasks.spawn_critical("hub", async { panic!("on purpose") });
            std::future::pending::<()>().await;
        }
        let status = run_as_child("tasks::tests::a_critical_task_that_panics_aborts_the_process");
        assert_eq!(status.signal(), Some(nix::sys::signal::Signal::SIGABRT as i32));
    }

    #[tokio::test]
    async fn a_critical_task_that_ends_too_early_aborts_the_process() {
        if std::env::var_os(CHILD).is_some() {
            let tasks = Tasks::default();
            tasks.spawn_critical("hub", async {});
            std::future::pending::<()>().await;
        }
        let status = run_as_child("tasks::tests::a_critical_task_that_ends_too_early_aborts_the_process");
        assert_eq!(status.signal(), Some(nix::sys::signal::Signal::SIGABRT as i32));
    }

    #[tokio::test]
    async fn another_task_that_panics_harms_nobody_and_counts_as_ended() {
        let tasks = Tasks::default();
        let stopping = tasks.stopping();
        tasks.spawn_critical("hub", async move { stopping.cancelled().await });
        tasks.spawn("connection", async { panic!("on purpose") });
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
    }

    #[tokio::test]
    async fn stop_waits_and_names_who_is_late() {
        let tasks = Tasks::default();
        let stopping = tasks.stopping();
        tasks.spawn("obedient", async move { stopping.cancelled().await });
        tasks.spawn("deaf", std::future::pending());
        assert_eq!(tasks.stop(Duration::from_millis(50)).await, ["deaf"]);
    }
}
