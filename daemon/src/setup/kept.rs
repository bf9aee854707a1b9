//! How the wizard's answers lie in the store, as JSON under one key.
//!
//! Every value passes its own check on the way back in, so what a later or earlier version wrote,
//! or somebody changed by hand, is absent rather than wrong: the wizard asks for it again.
//!
//! May use: `draft`, serde. Used by: `setup`.

use std::net::Ipv4Addr;

use base::random::URL_SAFE;
use base::secret::TokenHash;
use base::{Code, Error, Result};
use network::model::{Band, Channel, Country, Passphrase, Protection, Ssid, Subnet, WiredAddress};
use serde::{Deserialize, Serialize};

use super::draft::{CertificateAnswer, Draft, OwnWifi, School, TimeAnswer, WifiAnswer, WiredAnswer};
use super::step::Step;
use crate::host::{HostName, Sharing};
use crate::i18n::Language;

/// Where the store keeps it.
pub(super) const KEY: &str = "setup";

/// Everything that the wizard remembers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The answers so far.
    pub(crate) draft: Draft,
    /// The answers that the box runs by: those that were confirmed last.
    pub(crate) in_force: Option<Draft>,
    /// The change on its way when this was written. One that is found at the start has been cut off.
    pub(super) begun: Option<Begun>,
}

/// What a change on its way needs to go on after a restart of the daemon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    /// Who asked for it, for the journal.
    pub(super) who: String,
    /// The one-time key of the page that said how to come back, which somebody may have scanned.
    pub(super) key: String,
}

impl Kept {
    /// From the store's text; without one, or if it cannot be understood, nothing is answered.
    pub(super) fn read(text: Option<&str>) -> Self {
        let Some(text) = text else { return Self::default() };
        match serde_json::from_str::<KeptText>(text) {
            Ok(kept) => Self {
                draft: kept.draft.checked(),
                in_force: kept.in_force.map(|draft| draft.checked()),
                begun: kept.begun,
            },
            Err(error) => {
                tracing::warn!(cause = %error, "the wizard's answers cannot be read; it begins anew");
                Self::default()
            }
        }
    }

    /// For the store.
    pub(super) fn write(&self) -> Result<String> {
        let kept = KeptText {
            draft: DraftText::of(&self.draft),
            in_force: self.in_force.as_ref().map(DraftText::of),
            begun: self.begun.clone(),
        };
        serde_json::to_string(&kept).map_err(|error| Error::new(Code::Internal).because(error))
    }
}

impl Draft {
    /// Changes whenever the answer to `step` does, and for the review whenever any does. A form
    /// carries it, so that two tabs do not undo each other without a word.
    pub(crate) fn mark(&self, step: Step) -> String {
        let all = DraftText::of(self);
        let part = match step {
            Step::Language | Step::Claim => json(&all.language),
            Step::School => json(&(&all.school, &all.box_name)),
            Step::Wifi => json(&all.wifi),
            Step::Wired => json(&all.wired),
            Step::Time => json(&all.time_set),
            Step::Certificate => json(&all.schools_certificate),
            Step::Review => json(&all),
        };
        URL_SAFE.encode(&TokenHash::of(&part).0[..9])
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("plain values and text keys always become JSON")
}

#[derive(Serialize, Deserialize)]
struct KeptText {
    #[serde(default)]
    draft: DraftText,
    #[serde(default)]
    in_force: Option<DraftText>,
    #[serde(default)]
    begun: Option<Begun>,
}

/// A draft as text. A field that is missing is an answer that is.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct DraftText {
    language: Option<String>,
    school: Option<String>,
    box_name: Option<String>,
    wifi: Option<WifiText>,
    wired: Option<WiredText>,
    time_set: Option<bool>,
    schools_certificate: Option<bool>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
enum WifiText {
    Own { country: String, ssid: String, passphrase: Option<String>, ghz5: bool, channel: u8 },
    Schools,
    Leave,
}

#[derive(Serialize, Deserialize)]
struct WiredText {
    address: AddressText,
    sharing: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
enum AddressText {
    Nowhere,
    Dhcp,
    Fixed { address: Ipv4Addr, prefix: u8, gateway: Ipv4Addr, resolvers: Vec<Ipv4Addr> },
}

impl DraftText {
    fn of(draft: &Draft) -> Self {
        Self {
            language: draft.language.map(|language| language.tag().to_owned()),
            school: draft.school.as_ref().map(|school| school.name.clone()),
            box_name: draft.school.as_ref().map(|school| school.box_name.to_string()),
            wifi: draft.wifi.as_ref().map(WifiText::of),
            wired: draft.wired.as_ref().map(WiredText::of),
            time_set: draft.time.map(|time| time == TimeAnswer::Set),
            schools_certificate: draft.certificate.map(|answer| answer == CertificateAnswer::Schools),
        }
    }

    fn checked(&self) -> Draft {
        let school = |name: &str, box_name: &str| {
            Ok(School { name: base::text::school(name)?, box_name: HostName::parse(box_name)? })
        };
        Draft {
            language: self.language.as_deref().and_then(Language::by_tag),
            school: self
                .school
                .as_deref()
                .zip(self.box_name.as_deref())
                .and_then(|(name, box_name)| told("school", school(name, box_name))),
            wifi: self.wifi.as_ref().and_then(|wifi| told("wifi", wifi.checked())),
            wired: self.wired.as_ref().and_then(|wired| told("wired", wired.checked())),
            time: self.time_set.map(|set| if set { TimeAnswer::Set } else { TimeAnswer::Kept }),
            certificate: self
                .schools_certificate
                .map(|schools| if schools { CertificateAnswer::Schools } else { CertificateAnswer::Own }),
        }
    }
}

/// The answer, or a line in the journal that it is asked for again.
fn told<T>(step: &str, answer: Result<T>) -> Option<T> {
    answer.inspect_err(|error| tracing::warn!(step, %error, "a kept answer of the wizard is left out")).ok()
}

impl WifiText {
    fn of(wifi: &WifiAnswer) -> Self {
        match wifi {
            WifiAnswer::Own(own) => Self::Own {
                country: own.country.to_string(),
                ssid: own.ssid.to_string(),
                passphrase: match &own.protection {
                    Protection::Open => None,
                    Protection::Wpa2(passphrase) => Some(passphrase.reveal().to_owned()),
                },
                ghz5: own.channel.band() == Band::Ghz5,
                channel: own.channel.number(),
            },
            WifiAnswer::Schools => Self::Schools,
            WifiAnswer::Leave => Self::Leave,
        }
    }

    fn checked(&self) -> Result<WifiAnswer> {
        Ok(match self {
            Self::Own { country, ssid, passphrase, ghz5, channel } => WifiAnswer::Own(OwnWifi {
                country: Country::parse(country)?,
                ssid: Ssid::parse(ssid)?,
                protection: match passphrase {
                    None => Protection::Open,
                    Some(passphrase) => Protection::Wpa2(Passphrase::parse(passphrase)?),
                },
                channel: Channel::new(if *ghz5 { Band::Ghz5 } else { Band::Ghz2 }, *channel)?,
            }),
            Self::Schools => WifiAnswer::Schools,
            Self::Leave => WifiAnswer::Leave,
        })
    }
}

impl WiredText {
    fn of(wired: &WiredAnswer) -> Self {
        let address = match &wired.address {
            None => AddressText::Nowhere,
            Some(WiredAddress::Dynamic) => AddressText::Dhcp,
            Some(WiredAddress::Fixed { subnet, gateway, resolvers }) => AddressText::Fixed {
                address: subnet.address(),
                prefix: subnet.prefix(),
                gateway: *gateway,
                resolvers: resolvers.clone(),
            },
        };
        Self { address, sharing: wired.sharing == Sharing::On }
    }

    fn checked(&self) -> Result<WiredAnswer> {
        let address = match &self.address {
            AddressText::Nowhere => None,
            AddressText::Dhcp => Some(WiredAddress::Dynamic),
            AddressText::Fixed { address, prefix, gateway, resolvers } => {
                Some(WiredAddress::fixed(Subnet::new(*address, *prefix)?, *gateway, resolvers.clone())?)
            }
        };
        let sharing = if self.sharing { Sharing::On } else { Sharing::Off };
        Ok(WiredAnswer { address, sharing })
    }
}
