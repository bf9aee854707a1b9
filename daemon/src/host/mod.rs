//! The machine that the daemon runs on, as far as the daemon may command it: clock, name, country
//! of the radio, sharing the internet, power, and the card's first partition.
//!
//! The daemon has no right to any of it. On the box a helper that runs as root does it, one
//! command for each connection (`socket`); a laptop keeps its own clock and name (`unmanaged`);
//! who tries the wizard out changes nothing (`pretend`).
//!
//! May use: `settings`, `base`, `network` (the country), tokio. Used by: `setup`, `site`, `run`.

mod name;
mod pretend;
mod socket;
mod unmanaged;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use base::Result;
use base::clock::Timestamp;
use network::model::Country;

use crate::settings::{Networking, Settings};

pub(crate) use name::HostName;
#[cfg(test)]
pub(crate) use pretend::Asked;
pub(crate) use pretend::Pretend;
pub(crate) use socket::Socket;
pub(crate) use unmanaged::Unmanaged;

/// A future that a trait object can return.
pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// What may be asked of the machine. Every change is kept over a restart.
///
/// # Errors
/// All: `host_unmanaged` where the machine is not ours; `host_unavailable` if the helper does not
/// answer in time; `host_refused` with its `reason` if it does not do it.
#[allow(dead_code, reason = "each is called by the part of the site that changes it")]
pub(crate) trait Host: Send + Sync + fmt::Debug {
    /// Whether the machine's clock, name and power are ours to command.
    fn is_ours(&self) -> bool;

    /// Sets the clock, in whole seconds. Also `clock_implausible`: before the image was built, or
    /// more than fifteen years after that.
    fn set_clock(&self, now: Timestamp) -> Answer<'_, ()>;

    /// Names the machine.
    fn set_name<'a>(&'a self, name: &'a HostName) -> Answer<'a, ()>;

    /// Lets the radio keep the rules of this country.
    fn set_country(&self, country: Country) -> Answer<'_, ()>;

    /// Whether stations reach the internet over the box's uplink.
    fn share(&self, sharing: Sharing) -> Answer<'_, ()>;

    /// Starts the machine anew. The answer comes before it does.
    fn restart(&self) -> Answer<'_, ()>;

    /// Turns the machine off. The answer comes before it does.
    fn power_off(&self) -> Answer<'_, ()>;

    /// Forgets everything that is kept, certificates too, and starts anew. What is erased is
    /// erased at the next boot, also if the power fails meanwhile.
    fn forget(&self) -> Answer<'_, ()>;

    /// Writes `kelas-errors.txt` on the card's first partition, at most 16 KiB; without text it
    /// removes the file.
    fn write_boot_errors<'a>(&'a self, text: &'a str) -> Answer<'a, ()>;

    /// The answers of `kelas.toml` are applied: takes passphrases and passwords out of the files
    /// on the card's first partition, which every computer can read.
    fn settings_applied(&self) -> Answer<'_, ()>;
}

/// Whether stations reach the internet.
#[allow(dead_code, reason = "the wizard switches it")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// They do, if the box does.
    On,
    /// They reach the box and each other.
    #[default]
    Off,
}

/// The machine that the settings describe.
pub(crate) fn open(settings: &Settings) -> Arc<dyn Host> {
    if matches!(settings.network, Networking::Pretend(_)) {
        return Arc::new(Pretend::default());
    }
    if settings.host.as_os_str().is_empty() {
        return Arc::new(Unmanaged);
    }
    Arc::new(Socket::new(settings.host.clone()))
}
