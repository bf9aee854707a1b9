//! What a technician has answered so far: each answer is checked, or absent.
//!
//! May use: `network::model`, `host`, `i18n`. Used by: everything in `setup`, `site::setup`, and
//! whoever answers in advance.

use network::model::{Channel, Country, Protection, Ssid, WiredAddress};

use super::step::Step;
use crate::host::{HostName, Sharing};
use crate::i18n::Language;

/// The answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The language of what the box shows to nobody in particular, as its printed sheet.
    pub(crate) language: Option<Language>,
    /// Whose it is.
    pub(crate) school: Option<School>,
    /// The class's Wi-Fi.
    pub(crate) wifi: Option<WifiAnswer>,
    /// The cable.
    pub(crate) wired: Option<WiredAnswer>,
    /// Whether the clock is right.
    pub(crate) time: Option<TimeAnswer>,
    /// Which certificate.
    pub(crate) certificate: Option<CertificateAnswer>,
}

/// Whose the box is, and its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct School {
    /// As `base::text::school` returned it.
    pub(crate) name: String,
    /// The machine's name in the network.
    pub(crate) box_name: HostName,
}

/// What Wi-Fi the class uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum WifiAnswer {
    /// The box opens one.
    Own(OwnWifi),
    /// The school has an access point; the box hangs on its cable.
    Schools,
    /// The network stays as it is, because it cannot be changed now.
    Leave,
}

/// The Wi-Fi that the box opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OwnWifi {
    /// Whose rules the radio keeps.
    pub(crate) country: Country,
    /// Its name.
    pub(crate) ssid: Ssid,
    /// Who may join.
    pub(crate) protection: Protection,
    /// Where it is found.
    pub(crate) channel: Channel,
}

/// What the box does with the cable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WiredAnswer {
    /// Where its address comes from; nothing if it is not used.
    pub(crate) address: Option<WiredAddress>,
    /// Whether stations reach the internet through it.
    pub(crate) sharing: Sharing,
}

/// What was said of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeAnswer {
    /// It was set from the technician's device.
    Set,
    /// It stays as it is.
    Kept,
}

/// By which certificate the box is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CertificateAnswer {
    /// By its own authority's.
    Own,
    /// By one that the school has uploaded.
    Schools,
}

impl Draft {
    /// Whether `step` needs no answer any more. The claim is not the draft's to know: a draft is
    /// shown to its owner only. The review is never done.
    pub(crate) fn answers(&self, step: Step) -> bool {
        match step {
            Step::Language | Step::Claim => true,
            Step::School => self.school.is_some(),
            Step::Wifi => self.wifi.is_some(),
            Step::Wired => self.wired.is_some() || self.wifi == Some(WifiAnswer::Leave),
            Step::Time => self.time.is_some(),
            Step::Certificate => self.certificate.is_some(),
            Step::Review => false,
        }
    }

    /// The Wi-Fi that the box opens, if it does.
    pub(crate) const fn own_wifi(&self) -> Option<&OwnWifi> {
        match &self.wifi {
            Some(WifiAnswer::Own(wifi)) => Some(wifi),
            _ => None,
        }
    }
}
