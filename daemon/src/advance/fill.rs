//! From answers in advance to the wizard's draft: only what it does not answer itself.
//!
//! May use: `setup`'s draft, `settings`' answers. Used by: `advance`.

use network::model::{Country, Protection, WiredAddress};

use crate::host::{HostName, Sharing};
use crate::settings::answers::{Answers, Wifi, Wired};
use crate::setup::{CertificateAnswer, Draft, OwnWifi, School, TimeAnswer, WifiAnswer, WiredAnswer};

/// What the machine is called if only the school has a name.
const BOX_NAME: &str = "kelas";

/// Fills what is empty. With a technician the whole wizard falls away, so the rest gets what suits
/// a box that nobody looks at: its own certificate, its own clock, a cable that is not needed.
pub(super) fn fill(draft: &mut Draft, answers: &Answers) {
    draft.language = draft.language.or(answers.language);
    draft.school = draft.school.take().or_else(|| school(answers));
    draft.wifi = draft.wifi.take().or_else(|| wifi(answers));
    draft.wired = draft.wired.take().or_else(|| wired(draft, answers));
    if answers.technician.is_some() {
        draft.time = draft.time.or(Some(TimeAnswer::Kept));
        draft.certificate = draft.certificate.or(Some(CertificateAnswer::Own));
    }
}

fn school(answers: &Answers) -> Option<School> {
    let name = answers.school.clone()?;
    let box_name = HostName::parse(answers.box_name.as_deref().unwrap_or(BOX_NAME)).ok()?;
    Some(School { name, box_name })
}

fn wifi(answers: &Answers) -> Option<WifiAnswer> {
    let protection = match answers.wifi? {
        Wifi::Schools => return Some(WifiAnswer::Schools),
        Wifi::Open => Protection::Open,
        Wifi::Own => Protection::Wpa2(answers.passphrase.clone()?),
    };
    let country = answers.country.unwrap_or(Country::INDONESIA);
    Some(WifiAnswer::Own(OwnWifi {
        country,
        ssid: answers.ssid.clone()?,
        protection,
        channel: answers.channel,
    }))
}

fn wired(draft: &Draft, answers: &Answers) -> Option<WiredAnswer> {
    let address = match &answers.wired {
        Some(Wired::Unused) => None,
        Some(Wired::Used(address)) => Some(address.clone()),
        None => {
            answers.technician.as_ref()?;
            (draft.wifi == Some(WifiAnswer::Schools)).then_some(WiredAddress::Dynamic)
        }
    };
    let sharing = if answers.sharing { Sharing::On } else { Sharing::Off };
    Some(WiredAnswer { address, sharing })
}
