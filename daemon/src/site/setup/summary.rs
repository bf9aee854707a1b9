//! The answers in words, as the review and the settings page show them.

use network::model::{Band, Protection, WiredAddress};

use crate::host::Sharing;
use crate::setup::{CertificateAnswer, Draft, OwnWifi, Step, TimeAnswer, WifiAnswer, WiredAnswer};
use crate::site::Site;
use crate::site::page::Page;

/// One answer.
pub(super) struct Row {
    /// Which question.
    pub(super) label: &'static str,
    /// What was answered, in lines; none while it is not.
    pub(super) lines: Vec<String>,
    /// Where it is changed.
    pub(super) path: &'static str,
    /// What to think about once more.
    pub(super) warning: Option<&'static str>,
}

/// The answers to the steps that this box asks, in order.
pub(super) fn rows(site: &Site, page: &Page, draft: &Draft) -> Vec<Row> {
    let steps = [Step::School, Step::Wifi, Step::Wired, Step::Time, Step::Certificate];
    let asked = steps.into_iter().filter(|step| site.setup.asks(*step));
    asked
        .filter(|step| !(*step == Step::Wired && draft.wifi == Some(WifiAnswer::Leave)))
        .map(|step| row(page, draft, step))
        .collect()
}

fn row(page: &Page, draft: &Draft, step: Step) -> Row {
    let lines = match step {
        Step::School => {
            draft.school.as_ref().map(|school| vec![school.name.clone(), school.box_name.to_string()])
        }
        Step::Wifi => draft.wifi.as_ref().map(|wifi| wifi_lines(page, wifi)),
        Step::Wired => draft.wired.as_ref().map(|wired| wired_lines(page, wired)),
        Step::Time => draft.time.map(|time| {
            let key =
                if time == TimeAnswer::Set { "setup.review.time_set" } else { "setup.review.time_kept" };
            vec![page.t(key).to_owned()]
        }),
        Step::Certificate => draft.certificate.map(|answer| {
            let own = answer == CertificateAnswer::Own;
            let key = if own { "setup.review.certificate_own" } else { "setup.review.certificate_schools" };
            vec![page.t(key).to_owned()]
        }),
        Step::Language | Step::Claim | Step::Review => None,
    };
    let is_open = draft.own_wifi().is_some_and(|wifi| wifi.protection == Protection::Open);
    Row {
        label: page.t(&format!("setup.{}.title", step.name())),
        lines: lines.unwrap_or_default(),
        path: step.path(),
        warning: (step == Step::Wifi && is_open).then(|| page.t("setup.wifi.open_warning")),
    }
}

fn wifi_lines(page: &Page, wifi: &WifiAnswer) -> Vec<String> {
    match wifi {
        WifiAnswer::Schools => vec![page.t("setup.wifi.schools").to_owned()],
        WifiAnswer::Leave => vec![page.t("setup.wifi.leave").to_owned()],
        WifiAnswer::Own(own) => own_lines(page, own),
    }
}

fn own_lines(page: &Page, wifi: &OwnWifi) -> Vec<String> {
    let passphrase = match &wifi.protection {
        Protection::Open => page.t("setup.wifi.open").to_owned(),
        Protection::Wpa2(passphrase) => {
            page.fill("setup.review.passphrase", "passphrase", passphrase.reveal())
        }
    };
    let band = match wifi.channel.band() {
        Band::Ghz2 => page.t("setup.wifi.band_2"),
        Band::Ghz5 => page.t("setup.wifi.band_5"),
    };
    let channel = page.language.text(
        "setup.review.channel",
        &[
            ("band", band),
            ("channel", &wifi.channel.number().to_string()),
            ("country", wifi.country.as_str()),
        ],
    );
    vec![wifi.ssid.to_string(), passphrase, channel]
}

fn wired_lines(page: &Page, wired: &WiredAnswer) -> Vec<String> {
    let address = match &wired.address {
        None => page.t("setup.wired.none").to_owned(),
        Some(WiredAddress::Dynamic) => page.t("setup.wired.dhcp").to_owned(),
        Some(WiredAddress::Fixed { subnet, gateway, .. }) => page.language.text(
            "setup.review.fixed",
            &[
                ("address", &subnet.address().to_string()),
                ("prefix", &subnet.prefix().to_string()),
                ("gateway", &gateway.to_string()),
            ],
        ),
    };
    let shares = wired.sharing == Sharing::On;
    let sharing = page.t(if shares { "setup.review.sharing_on" } else { "setup.review.sharing_off" });
    if wired.address.is_some() { vec![address, sharing.to_owned()] } else { vec![address] }
}
