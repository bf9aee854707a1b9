//! A machine that is not ours: a laptop or a server keeps its own clock, name and power.
//!
//! May use: `host`, `base`. Used by: `host`.

use std::future::ready;

use base::clock::Timestamp;
use base::{Code, Error};
use network::model::Country;

use crate::host::{Answer, Host, HostName, Sharing};

/// Answers everything with `host_unmanaged`.
#[derive(Debug)]
pub(crate) struct Unmanaged;

fn refused() -> Answer<'static, ()> {
    Box::pin(ready(Err(Error::new(Code::HostUnmanaged))))
}

impl Host for Unmanaged {
    fn is_ours(&self) -> bool {
        false
    }

    fn set_clock(&self, _now: Timestamp) -> Answer<'_, ()> {
        refused()
    }

    fn set_name<'a>(&'a self, _name: &'a HostName) -> Answer<'a, ()> {
        refused()
    }

    fn set_country(&self, _country: Country) -> Answer<'_, ()> {
        refused()
    }

    fn share(&self, _sharing: Sharing) -> Answer<'_, ()> {
        refused()
    }

    fn restart(&self) -> Answer<'_, ()> {
        refused()
    }

    fn power_off(&self) -> Answer<'_, ()> {
        refused()
    }

    fn forget(&self) -> Answer<'_, ()> {
        refused()
    }

    fn write_boot_errors<'a>(&'a self, _text: &'a str) -> Answer<'a, ()> {
        refused()
    }

    fn settings_applied(&self) -> Answer<'_, ()> {
        refused()
    }
}
