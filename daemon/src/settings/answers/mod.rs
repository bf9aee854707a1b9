//! Answers to the wizard in advance, under `[setup]`: thirty cards, one file. Each may be absent;
//! the wizard asks for what is.
//!
//! May use: `settings`, `i18n`, `network` (its checked values). Used by: `setup`, `run`.

#![allow(clippy::option_option, reason = "whether it is right, and whether it is answered")]

pub(super) mod keys;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::Ipv4Addr;

use base::limits;
use network::model::{Band, Channel, Country, Passphrase, Ssid, Subnet, WiredAddress};

use super::layer::Raw;
use super::{Taker, parse};
use crate::i18n::Language;

/// What may be answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answers {
    pub(crate) language: Option<Language>,
    pub(crate) school: Option<String>,
    /// A host name of one label.
    pub(crate) box_name: Option<String>,
    pub(crate) country: Option<Country>,
    pub(crate) wifi: Option<Wifi>,
    pub(crate) ssid: Option<Ssid>,
    pub(crate) passphrase: Option<Passphrase>,
    pub(crate) channel: Channel,
    pub(crate) wired: Option<Wired>,
    pub(crate) sharing: bool,
    pub(crate) portal: Option<Portal>,
    pub(crate) technician: Option<Technician>,
}

/// What Wi-Fi the class uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wifi {
    /// One that the box opens, with a passphrase.
    Own,
    /// One that the box opens, without.
    Open,
    /// The school's access point.
    Schools,
}

/// What the box does with the cable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wired {
    Unused,
    Used(WiredAddress),
}

/// What stations are told that have not seen the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Portal {
    Ask,
    Stay,
}

/// The first technician.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Technician {
    pub(crate) name: String,
    pub(crate) login: String,
    pub(crate) password: Secret,
}

/// A text that nothing prints.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    /// The text.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl Answers {
    /// Whether a passphrase or a password is among them, which every computer can read on the card.
    pub(crate) const fn has_secrets(&self) -> bool {
        self.passphrase.is_some() || self.technician.is_some()
    }
}

/// All answers, or `None` if any is wrong.
pub(in crate::settings) fn take(take: &mut Taker<'_>) -> Option<Answers> {
    let language = take.value("setup.language", |raw| optional(raw, Language::by_tag));
    let school = take.value("setup.school", |raw| optional(raw, |text| base::text::school(text).ok()));
    let box_name = take.value("setup.box_name", |raw| optional(raw, label));
    let country = take.value("setup.country", |raw| optional(raw, |text| Country::parse(text).ok()));
    let portal = take.value("setup.portal", |raw| {
        optional(raw, |text| match text {
            "ask" => Some(Portal::Ask),
            "stay" => Some(Portal::Stay),
            _ => None,
        })
    });
    let ssid = take.value("setup.wifi.name", |raw| optional(raw, |text| Ssid::parse(text).ok()));
    let passphrase =
        take.value("setup.wifi.passphrase", |raw| exact(raw, |text| Passphrase::parse(text).ok()));
    let kind = take.value("setup.wifi.kind", |raw| {
        optional(raw, |text| match text {
            "own" => Some(Wifi::Own),
            "open" => Some(Wifi::Open),
            "school" => Some(Wifi::Schools),
            _ => None,
        })
    });
    let (channel, wired) = (channel(take), wired(take));
    let sharing = take.value("setup.sharing", parse::switch);
    let technician = technician(take);
    let ssid = ssid?;
    Some(Answers {
        language: language?,
        school: school?,
        box_name: box_name?,
        country: country?,
        wifi: kind?.or(ssid.is_some().then_some(Wifi::Own)),
        ssid,
        passphrase: passphrase?,
        channel: channel?,
        wired: wired?,
        sharing: sharing?,
        portal: portal?,
        technician: technician?,
    })
}

fn channel(take: &mut Taker<'_>) -> Option<Channel> {
    const NAME: &str = "setup.wifi.channel";
    let band = take.value("setup.wifi.band", |raw| match parse::one(raw)? {
        "2.4" => Some(Band::Ghz2),
        "5" => Some(Band::Ghz5),
        _ => None,
    })?;
    let number = take.value(NAME, |raw| optional(raw, |text| text.parse::<u8>().ok()))?;
    let channel = Channel::new(band, number.unwrap_or_else(|| band.channels()[0]));
    channel.inspect_err(|_| take.wrong(NAME)).ok()
}

fn wired(take: &mut Taker<'_>) -> Option<Option<Wired>> {
    enum Address {
        Nowhere,
        Dynamic,
        Fixed(Subnet),
    }
    let address = take.value("setup.wired.address", |raw| {
        optional(raw, |text| match text {
            "none" => Some(Address::Nowhere),
            "dhcp" => Some(Address::Dynamic),
            _ => {
                let (address, prefix) = text.split_once('/')?;
                Subnet::new(address.parse().ok()?, prefix.parse().ok()?).ok().map(Address::Fixed)
            }
        })
    });
    let gateway =
        take.value("setup.wired.gateway", |raw| optional(raw, |text| text.parse::<Ipv4Addr>().ok()));
    let resolvers = take.value("setup.wired.resolvers", |raw| {
        raw.items().iter().map(|item| item.parse().ok()).collect::<Option<Vec<Ipv4Addr>>>()
    });
    let (address, gateway, resolvers) = (address?, gateway?, resolvers?);
    Some(match address {
        None => None,
        Some(Address::Nowhere) => Some(Wired::Unused),
        Some(Address::Dynamic) => Some(Wired::Used(WiredAddress::Dynamic)),
        Some(Address::Fixed(subnet)) => {
            let fixed = gateway.and_then(|gateway| WiredAddress::fixed(subnet, gateway, resolvers).ok());
            if fixed.is_none() {
                take.wrong("setup.wired.gateway");
            }
            Some(Wired::Used(fixed?))
        }
    })
}

fn technician(take: &mut Taker<'_>) -> Option<Option<Technician>> {
    let name = take.value("setup.technician.name", |raw| optional(raw, |text| base::text::name(text).ok()));
    let login = take.value("setup.technician.login", |raw| {
        optional(raw, |text| {
            let fits =
                text.chars().count() <= limits::LOGIN_CHARACTERS && !text.contains(char::is_whitespace);
            fits.then(|| text.to_owned())
        })
    });
    let password = take.value("setup.technician.password", |raw| {
        exact(raw, |text| {
            let characters = text.chars().count();
            let fits =
                (limits::PASSWORD_CHARACTERS_MIN..=limits::PASSWORD_CHARACTERS_MAX).contains(&characters);
            fits.then(|| Secret(text.to_owned()))
        })
    });
    let (name, login, password) = (name?, login?, password?);
    let Some(password) = password else { return Some(None) };
    if login.is_none() {
        take.wrong("setup.technician.login");
    }
    let login = login?;
    Some(Some(Technician { name: name.unwrap_or_else(|| login.clone()), login, password }))
}

/// A value, or nothing for an empty text.
fn optional<T>(raw: &Raw, parse: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    let text = parse::one(raw)?;
    if text.is_empty() { Some(None) } else { parse(text).map(Some) }
}

/// The same for what is not trimmed: a space at the end of a passphrase counts.
fn exact<T>(raw: &Raw, parse: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    let Raw::One(text) = raw else { return None };
    if text.is_empty() { Some(None) } else { parse(text).map(Some) }
}

fn label(text: &str) -> Option<String> {
    let name = text.to_ascii_lowercase();
    parse::is_label(&name).then_some(name)
}
