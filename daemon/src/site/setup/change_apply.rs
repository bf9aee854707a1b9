//! `/setup/apply` begins, and `/setup/reconnect` says how to come back: what it takes to join the
//! new Wi-Fi, where to confirm it, and what happens if nobody does. The change itself waits for
//! that page.

use std::net::IpAddr;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Kind;
use network::model::{Protection, WiredAddress};

use super::draft_review::review;
use super::owner::{Owner, OwnerForm};
use crate::addresses::{self, with_port};
use crate::hotspot::wifi_code;
use crate::hotspot::{self, Manager};
use crate::setup::Draft;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::reach::qr;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/reconnect.html")]
struct ReconnectPage<'a> {
    page: &'a Page,
    /// The Wi-Fi to join; none if the class uses the school's.
    ssid: Option<String>,
    passphrase: Option<&'a str>,
    wifi_qr: String,
    confirm_address: String,
    confirm_qr: String,
    seconds: u32,
    /// How to join, by operating system.
    systems: [(&'static str, [&'static str; 3]); 3],
}

pub(super) async fn begin(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    let person = &form.page.signed_in()?.person;
    let changes_network = match site.setup.begin(person, form.get("seen")).await {
        Ok(changes_network) => changes_network,
        Err(error) if error.kind() == Kind::Internal => return Err(error.into()),
        Err(error) => return Ok(review(&site, &form.page, &kept.draft, Some(&error))?),
    };
    let goal = if changes_network { "/setup/reconnect" } else { "/setup/progress" };
    Ok(Redirect::to(goal).into_response())
}

pub(super) async fn reconnect(State(site): State<Site>, owner: Owner) -> Response {
    let Owner { page, kept } = owner;
    let Some(key) = site.setup.key() else { return Redirect::to("/setup/progress").into_response() };
    let wifi = kept.draft.own_wifi();
    let passphrase = wifi.and_then(|wifi| match &wifi.protection {
        Protection::Open => None,
        Protection::Wpa2(passphrase) => Some(passphrase.reveal()),
    });
    let confirm_address = format!("{}/setup/confirm/{key}", new_origin(&site, &page, &kept.draft));
    let response = page.show(&ReconnectPage {
        page: &page,
        ssid: wifi.map(|wifi| wifi.ssid.to_string()),
        passphrase,
        wifi_qr: wifi.map(|wifi| qr(&wifi_code(&wifi.ssid, &wifi.protection))).unwrap_or_default(),
        confirm_qr: qr(&confirm_address),
        confirm_address,
        seconds: base::limits::NETWORK_TRIAL_S,
        systems: systems(&page),
    });
    site.setup.page_sent();
    response
}

/// By plain HTTP, so that no warning of the browser takes the time that there is to confirm. The
/// key in it is worth one change, once.
fn new_origin(site: &Site, page: &Page, draft: &Draft) -> String {
    let fixed = match draft.wired.as_ref().and_then(|wired| wired.address.as_ref()) {
        Some(WiredAddress::Fixed { subnet, .. }) => Some(subnet.address()),
        _ => None,
    };
    let host = if site.setup.network().manager != Manager::Real {
        addresses::host(page.peer.local.ip())
    } else if draft.own_wifi().is_some() {
        hotspot::subnet().address().to_string()
    } else {
        fixed.map(IpAddr::V4).or_else(|| on_the_wire(&site.reach.addresses.now())).map_or_else(
            // Whichever address the school's network gives, its name may be known there.
            || format!("{}.local", box_name(draft)),
            addresses::host,
        )
    };
    with_port(&format!("http://{host}"), site.reach.http_port, 80)
}

/// The address that the school's network has given the box already: a router gives the same again.
fn on_the_wire(addresses: &[IpAddr]) -> Option<IpAddr> {
    let is_wired = |address: &IpAddr| matches!(address, IpAddr::V4(v4) if !hotspot::subnet().contains(*v4));
    addresses.iter().copied().find(is_wired)
}

fn box_name(draft: &Draft) -> &str {
    draft.school.as_ref().map_or("kelas", |school| school.box_name.as_str())
}

fn systems(page: &Page) -> [(&'static str, [&'static str; 3]); 3] {
    [
        (
            page.t("trust.android"),
            [page.t("join_wifi.android_1"), page.t("join_wifi.android_2"), page.t("join_wifi.android_3")],
        ),
        (
            page.t("trust.apple"),
            [page.t("join_wifi.apple_1"), page.t("join_wifi.apple_2"), page.t("join_wifi.apple_3")],
        ),
        (
            page.t("join_wifi.computer"),
            [page.t("join_wifi.computer_1"), page.t("join_wifi.computer_2"), page.t("join_wifi.computer_3")],
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_on_the_wire_is_none_of_the_hotspot() {
        let addresses =
            ["fd00::7", "10.42.0.1", "192.168.1.10"].map(|text| text.parse().expect("an address"));
        assert_eq!(on_the_wire(&addresses), Some(addresses[2]));
        assert_eq!(on_the_wire(&addresses[..2]), None);
    }
}
