//! `/setup/wired`: what the box does with the cable.

use std::net::Ipv4Addr;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::{Code, Error};
use network::model::{DeviceKind, Subnet, WiredAddress};

use super::frame::{self, Frame};
use super::owner::{Owner, OwnerForm};
use crate::host::Sharing;
use crate::i18n::Language;
use crate::setup::{Draft, Step, WifiAnswer, WiredAnswer};
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/wired.html")]
struct WiredPage<'a> {
    page: &'a Page,
    frame: Frame,
    fields: WiredFields,
    /// Whether something alive is at the end of the cable, or that there is no socket.
    cable: &'static str,
    /// Whether the class reaches the box by cable alone.
    needs_cable: bool,
}

struct WiredFields {
    /// `none`, `dhcp` or `fixed`.
    choice: Field,
    address: Field,
    prefix: Field,
    gateway: Field,
    resolvers: Field,
    shares: bool,
}

impl WiredFields {
    fn of(draft: &Draft) -> Self {
        let address = draft.wired.as_ref().and_then(|wired| wired.address.as_ref());
        let usual = if draft.wifi == Some(WifiAnswer::Schools) { "dhcp" } else { "none" };
        let mut fields = Self {
            choice: Field::holding(match (&draft.wired, address) {
                (None, _) => usual,
                (Some(_), None) => "none",
                (_, Some(WiredAddress::Dynamic)) => "dhcp",
                (_, Some(WiredAddress::Fixed { .. })) => "fixed",
            }),
            address: Field::default(),
            prefix: Field::holding("24"),
            gateway: Field::default(),
            resolvers: Field::default(),
            shares: draft.wired.as_ref().is_some_and(|wired| wired.sharing == Sharing::On),
        };
        if let Some(WiredAddress::Fixed { subnet, gateway, resolvers }) = address {
            let resolvers: Vec<String> = resolvers.iter().map(ToString::to_string).collect();
            fields.address = Field::holding(&subnet.address().to_string());
            fields.prefix = Field::holding(&subnet.prefix().to_string());
            fields.gateway = Field::holding(&gateway.to_string());
            fields.resolvers = Field::holding(&resolvers.join(", "));
        }
        fields
    }

    fn typed(form: &Form) -> Self {
        Self {
            choice: Field::holding(form.get("wired")),
            address: Field::holding(form.get("address")),
            prefix: Field::holding(form.get("prefix")),
            gateway: Field::holding(form.get("gateway")),
            resolvers: Field::holding(form.get("resolvers")),
            shares: form.get("sharing") == "on",
        }
    }

    /// The answer, or a sentence beside the first field that is wrong.
    fn read(&mut self, language: Language) -> Result<WiredAnswer, Error> {
        let address = match self.choice.value.as_str() {
            "none" => None,
            "dhcp" => Some(WiredAddress::Dynamic),
            "fixed" => Some(self.read_fixed(language)?),
            _ => return refuse(&mut self.choice, language, Code::ChoiceMissing.into()),
        };
        let sharing = if self.shares && address.is_some() { Sharing::On } else { Sharing::Off };
        Ok(WiredAnswer { address, sharing })
    }

    fn read_fixed(&mut self, language: Language) -> Result<WiredAddress, Error> {
        let invalid = || Error::new(Code::NetworkAddressInvalid);
        let prefix = self.prefix.value.trim().trim_start_matches('/').parse().ok();
        let Some(prefix) = prefix.filter(|prefix| (8..=30).contains(prefix)) else {
            return refuse(&mut self.prefix, language, invalid());
        };
        let subnet = parse(&self.address.value).and_then(|address| Subnet::new(address, prefix).ok());
        let Some(subnet) = subnet else { return refuse(&mut self.address, language, invalid()) };
        let gateway = parse(&self.gateway.value)
            .filter(|gateway| WiredAddress::fixed(subnet, *gateway, Vec::new()).is_ok());
        let Some(gateway) = gateway else { return refuse(&mut self.gateway, language, invalid()) };
        let names = self.resolvers.value.split([',', ' ', ';']).filter(|part| !part.is_empty());
        let resolvers: Option<Vec<Ipv4Addr>> = names.map(parse).collect();
        match resolvers.and_then(|resolvers| WiredAddress::fixed(subnet, gateway, resolvers).ok()) {
            Some(address) => Ok(address),
            None => refuse(&mut self.resolvers, language, invalid()),
        }
    }

    /// Puts what the network says of the answer by its field. False if it says nothing of it.
    fn refuse(&mut self, language: Language, error: &Error) -> bool {
        let field = match error.code {
            Code::NetworkAddressShared => &mut self.address,
            Code::CableNeeded | Code::CableMissing | Code::NetworkUnavailable => &mut self.choice,
            _ => return false,
        };
        field.refuse(language, error);
        true
    }

    fn is_wrong(&self) -> bool {
        let Self { choice, address, prefix, gateway, resolvers, .. } = self;
        [choice, address, prefix, gateway, resolvers].iter().any(|field| field.error.is_some())
    }
}

fn refuse<T>(field: &mut Field, language: Language, error: Error) -> Result<T, Error> {
    field.refuse(language, &error);
    Err(error)
}

fn parse(raw: &str) -> Option<Ipv4Addr> {
    raw.trim().parse().ok()
}

impl<'a> WiredPage<'a> {
    fn new(site: &Site, page: &'a Page, draft: &Draft, fields: WiredFields) -> Self {
        let status = site.setup.network();
        let live = |kind: &DeviceKind| *kind == DeviceKind::Wired { carrier: true };
        let cable = match status.wired().next() {
            None => page.t("setup.wired.no_socket"),
            Some(_) if status.wired().any(|device| live(&device.kind)) => page.t("setup.wired.plugged"),
            Some(_) => page.t("setup.wired.unplugged"),
        };
        let needs_cable = draft.wifi == Some(WifiAnswer::Schools);
        Self { page, frame: Frame::new(site, Step::Wired, draft), fields, cable, needs_cable }
    }
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    let Owner { page, kept } = owner;
    if !site.setup.asks(Step::Wired) || kept.draft.wifi == Some(WifiAnswer::Leave) {
        return Redirect::to("/setup").into_response();
    }
    page.show(&WiredPage::new(&site, &page, &kept.draft, WiredFields::of(&kept.draft)))
}

pub(super) async fn submit(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    let mut fields = WiredFields::typed(&form);
    match answer(&site, &form, &kept.draft, &mut fields).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let language = form.page.language;
            let beside = fields.is_wrong() || fields.refuse(language, &error);
            let mut template = WiredPage::new(&site, &form.page, &kept.draft, fields);
            template.frame.is_wrong = beside;
            if !beside && !template.frame.refuse(language, &error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn answer(
    site: &Site,
    form: &Form,
    draft: &Draft,
    fields: &mut WiredFields,
) -> Result<Response, Error> {
    let answer = fields.read(form.page.language)?;
    site.setup.check_wired(draft, &answer)?;
    frame::keep(site, form, Step::Wired, move |draft| draft.wired = Some(answer)).await
}
