//! What the service manager is told (`sd_notify(3)`); nothing happens without one.
//!
//! May use: sd-notify. Used by: `run`.

use sd_notify::NotifyState;

/// Ready to answer.
pub(crate) fn ready() {
    send(&[NotifyState::Ready]);
}

/// Settings are being read again; [`ready`] must follow.
pub(crate) fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => send(&[NotifyState::Reloading, now]),
        Err(error) => tracing::warn!(%error, "the service manager was not told of the reload"),
    }
}

/// On the way out.
pub(crate) fn stopping() {
    send(&[NotifyState::Stopping]);
}

/// Still at work: the service manager restarts a daemon that stops saying so.
pub(crate) fn alive() {
    send(&[NotifyState::Watchdog]);
}

fn send(states: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(states) {
        tracing::warn!(%error, "the service manager could not be told");
    }
}
