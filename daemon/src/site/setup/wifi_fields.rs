//! The fields of the Wi-Fi step: as they are shown, and as they are read.

use base::{Code, Error};
use network::model::{Band, Channel, Country, Passphrase, Protection, Ssid};

use crate::hotspot::Status;
use crate::i18n::Language;
use crate::portal::Mode;
use crate::setup::{Draft, OwnWifi, WifiAnswer};
use crate::site::form::{Field, Form};

/// Countries with names of their own in the list, the usual one first; the others stand there by
/// their code, and a script names them.
const NAMED: [&str; 8] = ["ID", "TL", "MY", "BN", "SG", "PH", "PG", "AU"];

/// The fields.
pub(super) struct WifiFields {
    /// `own`, `schools` or `leave`.
    pub(super) choice: Field,
    pub(super) country: Field,
    pub(super) ssid: Field,
    /// `wpa2` or `open`.
    pub(super) protection: Field,
    pub(super) passphrase: Field,
    pub(super) is_open_on_purpose: bool,
    /// Band and number, as `2-6`.
    pub(super) channel: Field,
    /// Whether phones are told at once that all is well, instead of being shown the portal.
    pub(super) portal: Mode,
}

/// One entry of a list.
pub(super) struct Entry {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

impl WifiFields {
    /// What is answered already, or what is usual.
    pub(super) fn of(draft: &Draft, suggested: &str, usual_name: &str, portal: Mode) -> Self {
        let own = draft.own_wifi();
        let choice = match &draft.wifi {
            Some(WifiAnswer::Schools) => "schools",
            Some(WifiAnswer::Leave) => "leave",
            Some(WifiAnswer::Own(_)) | None => "own",
        };
        let is_open = own.is_some_and(|wifi| wifi.protection == Protection::Open);
        let passphrase = match own.map(|wifi| &wifi.protection) {
            Some(Protection::Wpa2(passphrase)) => passphrase.reveal(),
            _ => suggested,
        };
        let ssid = own.map_or_else(|| usual_name.to_owned(), |wifi| wifi.ssid.to_string());
        Self {
            choice: Field::holding(choice),
            country: Field::holding(own.map_or(Country::INDONESIA, |wifi| wifi.country).as_str()),
            ssid: Field::holding(&ssid),
            protection: Field::holding(if is_open { "open" } else { "wpa2" }),
            passphrase: Field::holding(passphrase),
            is_open_on_purpose: is_open,
            channel: Field::holding(&value(own.map_or(Channel::usual(), |wifi| wifi.channel))),
            portal,
        }
    }

    /// What was typed.
    pub(super) fn typed(form: &Form) -> Self {
        Self {
            choice: Field::holding(form.get("wifi")),
            country: Field::holding(form.get("country")),
            ssid: Field::holding(form.get("ssid")),
            protection: Field::holding(form.get("protection")),
            passphrase: Field::holding(form.get("passphrase")),
            is_open_on_purpose: form.get("open_on_purpose") == "yes",
            channel: Field::holding(form.get("channel")),
            portal: Mode::by_word(form.get("portal")).unwrap_or(Mode::Ask),
        }
    }

    /// The answer, or a sentence beside each field that is wrong; then the first of the errors.
    pub(super) fn read(&mut self, language: Language) -> Result<WifiAnswer, Error> {
        match self.choice.value.as_str() {
            "own" => self.read_own(language).map(WifiAnswer::Own),
            "schools" => Ok(WifiAnswer::Schools),
            "leave" => Ok(WifiAnswer::Leave),
            _ => {
                let error = Error::new(Code::ChoiceMissing);
                self.choice.refuse(language, &error);
                Err(error)
            }
        }
    }

    fn read_own(&mut self, language: Language) -> Result<OwnWifi, Error> {
        let protection = match self.protection.value.as_str() {
            "open" if self.is_open_on_purpose => Ok(Protection::Open),
            "open" => tell(&mut self.protection, language, Err(Code::OpenNotConfirmed.into())),
            _ => {
                let passphrase = Passphrase::parse(&self.passphrase.value);
                tell(&mut self.passphrase, language, passphrase).map(Protection::Wpa2)
            }
        };
        let country = Country::parse(&self.country.value);
        let country = tell(&mut self.country, language, country);
        let ssid = Ssid::parse(&self.ssid.value);
        let ssid = tell(&mut self.ssid, language, ssid);
        let channel = read_channel(&self.channel.value);
        let channel = tell(&mut self.channel, language, channel);
        Ok(OwnWifi { country: country?, ssid: ssid?, protection: protection?, channel: channel? })
    }

    /// Puts what the network says of the answer by its field. False if it says nothing of it.
    pub(super) fn refuse(&mut self, language: Language, error: &Error) -> bool {
        let field = match error.code {
            Code::RadioWithoutBand | Code::ChannelUnknown => &mut self.channel,
            Code::RadioMissing
            | Code::RadioBlocked
            | Code::RadioWithoutAccessPoint
            | Code::CableMissing
            | Code::NetworkUnavailable => &mut self.choice,
            _ => return false,
        };
        field.refuse(language, error);
        true
    }

    /// The countries, those with names first.
    pub(super) fn countries(&self, language: Language) -> Vec<Entry> {
        let named = NAMED.iter().map(|code| {
            let name = language.t(&format!("country.{}", code.to_lowercase()));
            self.country_entry(code, name)
        });
        let all: Vec<String> = Country::all().map(|country| country.to_string()).collect();
        let others = all.iter().filter(|code| !NAMED.contains(&code.as_str()));
        named.chain(others.map(|code| self.country_entry(code, code))).collect()
    }

    fn country_entry(&self, code: &str, label: &str) -> Entry {
        let chosen = self.country.value.trim().eq_ignore_ascii_case(code);
        Entry { value: code.to_owned(), label: label.to_owned(), chosen }
    }

    /// The channels of the bands that a radio here has; of the first while no radio tells.
    pub(super) fn channels(&self, status: &Status, language: Language) -> Vec<Entry> {
        let has = |band: Band| {
            status.radios().filter_map(|device| device.kind.radio()).any(|radio| radio.bands.contains(&band))
        };
        let bands = [Band::Ghz2, Band::Ghz5].into_iter().filter(|band| *band == Band::Ghz2 || has(*band));
        let channels = bands.flat_map(|band| band.channels().iter().map(move |number| (band, *number)));
        channels.map(|(band, number)| self.channel_entry(band, number, language)).collect()
    }

    fn channel_entry(&self, band: Band, number: u8, language: Language) -> Entry {
        let key = match band {
            Band::Ghz2 => "setup.wifi.channel_2",
            Band::Ghz5 => "setup.wifi.channel_5",
        };
        let value = format!("{}-{number}", digit(band));
        let label = language.text(key, &[("channel", &number.to_string())]);
        Entry { chosen: self.channel.value == value, value, label }
    }
}

fn tell<T>(field: &mut Field, language: Language, read: Result<T, Error>) -> Result<T, Error> {
    read.inspect_err(|error| field.refuse(language, error))
}

const fn digit(band: Band) -> u8 {
    match band {
        Band::Ghz2 => 2,
        Band::Ghz5 => 5,
    }
}

fn value(channel: Channel) -> String {
    format!("{}-{}", digit(channel.band()), channel.number())
}

fn read_channel(value: &str) -> Result<Channel, Error> {
    let unknown = || Error::new(Code::ChannelUnknown).with("channel", value);
    let (band, number) = value.split_once('-').ok_or_else(unknown)?;
    let band = match band {
        "2" => Band::Ghz2,
        "5" => Band::Ghz5,
        _ => return Err(unknown()),
    };
    Channel::new(band, number.parse().map_err(|_| unknown())?)
}
