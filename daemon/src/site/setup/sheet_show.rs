//! `/setup/sheet`: one A4 page for the wall: how to join the Wi-Fi, how to reach the class, and
//! what to press there, in pictures and in both languages.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use network::model::{AccessPoint, Protection};
use serde::Deserialize;

use super::outside;
use super::owner::Owner;
use crate::hotspot::wifi_code;
use crate::i18n::Language;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::reach::qr;

#[derive(Template)]
#[template(path = "setup/sheet.html")]
struct SheetPage<'a> {
    page: &'a Page,
    /// The language below the page's own.
    other: Language,
    school: String,
    /// The class's Wi-Fi; none if the box does not open it.
    wifi: Option<Wifi>,
    /// Whether the passphrase is left off the paper.
    is_hidden: bool,
    /// What is typed, without `https://`.
    typed_address: String,
    name: String,
    site_qr: String,
}

struct Wifi {
    ssid: String,
    /// None for an open one.
    passphrase: Option<String>,
    qr: String,
}

/// What of the passphrase is on the paper.
#[derive(Deserialize)]
pub(super) struct Wish {
    passphrase: Option<String>,
}

pub(super) async fn show(State(site): State<Site>, owner: Owner, Query(wish): Query<Wish>) -> Response {
    let Owner { page, kept } = owner;
    let access_point = outside::class_wifi(&site);
    let school = kept.in_force.or(Some(kept.draft)).and_then(|draft| draft.school);
    page.show(&SheetPage {
        other: if page.language == Language::Id { Language::En } else { Language::Id },
        school: school.map(|school| school.name).unwrap_or_default(),
        wifi: access_point.as_ref().map(wifi),
        is_hidden: wish.passphrase.as_deref() == Some("hidden"),
        typed_address: outside::typed_address(&site, &page),
        name: site.certificates.shown_name(),
        site_qr: qr(&outside::secure_address(&site, &page)),
        page: &page,
    })
}

fn wifi(access_point: &AccessPoint) -> Wifi {
    let AccessPoint { ssid, protection, .. } = access_point;
    let passphrase = match protection {
        Protection::Open => None,
        Protection::Wpa2(passphrase) => Some(passphrase.reveal().to_owned()),
    };
    Wifi { ssid: ssid.to_string(), passphrase, qr: qr(&wifi_code(ssid, protection)) }
}
