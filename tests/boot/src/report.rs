//! What was checked and how it went: a line for each check, a sum at the end.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures_util::FutureExt as _;

use crate::Outcome;

/// The checks of one run.
#[derive(Debug)]
pub(crate) struct Report {
    began: Instant,
    passed: usize,
    failed: usize,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), passed: 0, failed: 0 }
    }

    /// Carries out a check and prints how it went. A panic inside is a failure too: the black-box
    /// clients panic when they are answered wrongly.
    pub(crate) async fn check<T>(&mut self, name: &str, work: impl Future<Output = Outcome<T>>) -> Option<T> {
        let began = Instant::now();
        let result = AssertUnwindSafe(work).catch_unwind().await;
        let seconds = began.elapsed().as_secs_f64();
        match result {
            Ok(Ok(value)) => {
                self.passed += 1;
                println!("ok   {name} ({seconds:.1} s)");
                return Some(value);
            }
            Ok(Err(reason)) => println!("FAIL {name}: {reason} ({seconds:.1} s)"),
            Err(panic) => println!("FAIL {name}: {} ({seconds:.1} s)", message(panic.as_ref())),
        }
        self.failed += 1;
        None
    }

    pub(crate) fn failures(&self) -> usize {
        self.failed
    }

    /// Prints the sum as cargo's own tests do, which `.ci/count.sh` reads.
    pub(crate) fn close(self) -> bool {
        let Self { began, passed, failed } = self;
        let (verdict, seconds) = (if failed == 0 { "ok" } else { "FAILED" }, began.elapsed().as_secs_f64());
        println!("test result: {verdict}. {passed} passed; {failed} failed; finished in {seconds:.0}s");
        failed == 0
    }
}

fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "it panicked without a word".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn errors_and_panics_are_failures() {
        let mut report = Report::new();
        assert_eq!(report.check("fine", async { Ok(1) }).await, Some(1));
        assert_eq!(report.check("error", async { Err::<u8, _>("no".into()) }).await, None);
        assert_eq!(report.check("panic", async { panic!("oh {}", 1) as Outcome<u8> }).await, None);
        assert_eq!((report.passed, report.failed), (1, 2));
        assert!(!report.close());
    }
}
