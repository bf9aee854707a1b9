//! What the load log itself costs: CPU time of whatever thread works for it.
//!
//! May use: nix. Used by: `load`.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use nix::time::ClockId;

/// Nanoseconds of CPU. Clones share them.
#[derive(Clone, Debug, Default)]
pub(super) struct Cost(Arc<AtomicU64>);

impl Cost {
    /// Does `work` on this thread, and counts what it takes.
    pub(super) fn of<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = spent();
        let done = work();
        if let (Some(before), Some(after)) = (before, spent()) {
            self.0.fetch_add(after.saturating_sub(before), Ordering::Relaxed);
        }
        done
    }

    /// Counts what a task takes, each time that it is its turn.
    pub(super) const fn of_task<F>(self, task: F) -> Metered<F> {
        Metered { cost: self, task }
    }

    /// So far, with a whole core for a second as 1,000.
    #[allow(clippy::cast_precision_loss, reason = "2^53 nanoseconds are three months of CPU")]
    pub(super) fn permille_seconds(&self) -> f64 {
        self.0.load(Ordering::Relaxed) as f64 / 1e6
    }
}

/// A task whose cost is counted.
pub(super) struct Metered<F> {
    cost: Cost,
    task: F,
}

impl<F: Future + Unpin> Future for Metered<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let cost = self.cost.clone();
        cost.of(|| Pin::new(&mut self.task).poll(context))
    }
}

/// CPU time of this thread.
fn spent() -> Option<u64> {
    let spent = ClockId::CLOCK_THREAD_CPUTIME_ID.now().ok()?;
    u64::try_from(std::time::Duration::from(spent).as_nanos()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps the thread busy for so many milliseconds of CPU.
    fn burn(milliseconds: u64) {
        let until = spent().expect("a clock") + milliseconds * 1_000_000;
        while spent().expect("a clock") < until {
            std::hint::spin_loop();
        }
    }

    #[tokio::test]
    async fn work_is_counted_on_its_thread_and_waiting_is_not() {
        let cost = Cost::default();
        let worker = cost.clone();
        let work = async move {
            burn(10);
            let elsewhere = worker.clone();
            let done = tokio::task::spawn_blocking(move || elsewhere.of(|| burn(20)));
            done.await.expect("done");
            burn(10);
        };
        burn(50);
        cost.clone().of_task(Box::pin(work)).await;
        burn(50);
        let counted = cost.permille_seconds();
        assert!((40.0..60.0).contains(&counted), "{counted} ms, and not 40");
    }
}
