//! Where log lines go: to the journal with fields under systemd, to the terminal otherwise.
//!
//! May use: tracing. Used by: `run`, and `memory` by tests.
//!
//! Architecture invariant: no secret reaches a log. Requests are logged by their route,
//! errors without the values that a person typed.

use std::io::{self, IsTerminal as _};
use std::os::linux::fs::MetadataExt as _;

use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Registry, fmt, reload};

#[cfg(test)]
pub(crate) mod memory;

/// Changes what is logged while the daemon runs.
#[derive(Clone, Debug)]
pub(crate) struct Logging(reload::Handle<EnvFilter, Registry>);

impl Logging {
    /// From now on logs what passes `filter`, which was checked by `settings`.
    pub(crate) fn set(&self, filter: &str) {
        let changed = EnvFilter::try_new(filter).map_err(|error| error.to_string());
        if let Err(error) =
            changed.and_then(|filter| self.0.reload(filter).map_err(|error| error.to_string()))
        {
            tracing::error!(error, "the log level stays as it was");
        }
    }
}

/// Starts logging. `filter` was checked by `settings`.
pub(crate) fn start(filter: &str) -> Logging {
    let (filter, handle) = reload::Layer::new(EnvFilter::new(filter));
    let registry = Registry::default().with(filter);
    if let Some(journal) = journal() {
        registry.with(journal).init();
    } else {
        let colour = io::stderr().is_terminal();
        registry.with(fmt::layer().with_writer(io::stderr).with_ansi(colour)).init();
    }
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("");
        let thread = std::thread::current();
        let backtrace = std::backtrace::Backtrace::capture();
        tracing::error!(place, thread = thread.name(), %backtrace, "panic: {message}");
    }));
    Logging(handle)
}

/// The journal, if standard error is connected to it: `JOURNAL_STREAM` names its device and inode.
fn journal() -> Option<tracing_journald::Layer> {
    let stream = std::env::var("JOURNAL_STREAM").ok()?;
    let metadata = std::fs::metadata("/proc/self/fd/2").ok()?;
    if stream != format!("{}:{}", metadata.st_dev(), metadata.st_ino()) {
        return None;
    }
    tracing_journald::layer().ok()
}
