//! A machine that only remembers what it was asked: for tests, and for whoever tries the wizard
//! out on a laptop (`network = "pretend"`).
//!
//! May use: `host`, `base`. Used by: `host`, tests.

use std::future::ready;
use std::sync::{Mutex, PoisonError};

use base::clock::Timestamp;
use base::{Code, Error};
use network::model::Country;

use crate::host::{Answer, Host, HostName, Sharing};

/// What it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    Clock(Timestamp),
    Name(HostName),
    Country(Country),
    Share(Sharing),
    Restart,
    PowerOff,
    Forget,
    BootErrors(String),
    SettingsApplied,
}

/// Remembers, and does nothing.
#[derive(Debug, Default)]
pub(crate) struct Pretend {
    asked: Mutex<Vec<Asked>>,
    failing: Mutex<Option<Code>>,
}

impl Pretend {
    /// What it was asked so far, in order.
    #[allow(dead_code, reason = "tests look")]
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Lets everything fail from now on with `code`, or nothing.
    #[allow(dead_code, reason = "tests let it fail")]
    pub(crate) fn fail(&self, code: Option<Code>) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = code;
    }

    fn remember(&self, asked: Asked) -> Answer<'_, ()> {
        let failing = *self.failing.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(code) = failing {
            return Box::pin(ready(Err(Error::new(code))));
        }
        tracing::info!(?asked, "the machine would be told this; it is only pretended");
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        Box::pin(ready(Ok(())))
    }
}

impl Host for Pretend {
    fn is_ours(&self) -> bool {
        true
    }

    fn set_clock(&self, now: Timestamp) -> Answer<'_, ()> {
        self.remember(Asked::Clock(now))
    }

    fn set_name<'a>(&'a self, name: &'a HostName) -> Answer<'a, ()> {
        self.remember(Asked::Name(name.clone()))
    }

    fn set_country(&self, country: Country) -> Answer<'_, ()> {
        self.remember(Asked::Country(country))
    }

    fn share(&self, sharing: Sharing) -> Answer<'_, ()> {
        self.remember(Asked::Share(sharing))
    }

    fn restart(&self) -> Answer<'_, ()> {
        self.remember(Asked::Restart)
    }

    fn power_off(&self) -> Answer<'_, ()> {
        self.remember(Asked::PowerOff)
    }

    fn forget(&self) -> Answer<'_, ()> {
        self.remember(Asked::Forget)
    }

    fn write_boot_errors<'a>(&'a self, text: &'a str) -> Answer<'a, ()> {
        self.remember(Asked::BootErrors(text.to_owned()))
    }

    fn settings_applied(&self) -> Answer<'_, ()> {
        self.remember(Asked::SettingsApplied)
    }
}
