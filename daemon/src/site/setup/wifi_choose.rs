//! `/setup/wifi`: the class's Wi-Fi, or the school's.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Error;
use base::limits::SSID_BYTES;

use super::frame::{self, Frame};
use super::owner::{Owner, OwnerForm};
use super::wifi_fields::{Entry, WifiFields};
use crate::portal::Mode;
use crate::setup::{Draft, Step, WifiAnswer};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "setup/wifi.html")]
struct WifiPage<'a> {
    page: &'a Page,
    frame: Frame,
    fields: WifiFields,
    countries: Vec<Entry>,
    channels: Vec<Entry>,
    /// Most bytes of the name.
    most_bytes: usize,
    /// How many devices may join.
    seats: String,
    /// What keeps a Wi-Fi from being opened here.
    problems: Vec<String>,
}

impl<'a> WifiPage<'a> {
    fn new(site: &Site, page: &'a Page, draft: &Draft, fields: WifiFields) -> Self {
        let (language, status) = (page.language, site.setup.network());
        let problems = status.problems.iter().map(|problem| language.error(&problem.code().into()));
        Self {
            page,
            frame: Frame::new(site, Step::Wifi, draft),
            countries: fields.countries(language),
            channels: fields.channels(&status, language),
            most_bytes: SSID_BYTES,
            seats: match status.seats() {
                Some(seats) => page.fill("setup.wifi.seats", "seats", &seats.to_string()),
                None => page.t("setup.wifi.seats_unknown").to_owned(),
            },
            problems: problems.collect(),
            fields,
        }
    }

    /// Whether the network may stay as it is: when nothing can be done about it here, or somebody
    /// has said so already.
    fn may_leave(&self) -> bool {
        !self.problems.is_empty() || self.fields.choice.value == "leave"
    }

    fn stays_connected(&self) -> bool {
        self.fields.portal == Mode::Stay
    }
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    let Owner { page, kept } = owner;
    if !site.setup.asks(Step::Wifi) {
        return Redirect::to("/setup").into_response();
    }
    let (suggested, name) = (site.setup.suggested_passphrase(), usual_name(&kept.draft));
    let fields = WifiFields::of(&kept.draft, &suggested, &name, site.portal.mode());
    page.show(&WifiPage::new(&site, &page, &kept.draft, fields))
}

pub(super) async fn submit(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    let mut fields = WifiFields::typed(&form);
    match answer(&site, &form, &mut fields).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let language = form.page.language;
            let beside = has_problem(&fields) || fields.refuse(language, &error);
            let mut template = WifiPage::new(&site, &form.page, &kept.draft, fields);
            template.frame.is_wrong = beside;
            if !beside && !template.frame.refuse(language, &error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn answer(site: &Site, form: &Form, fields: &mut WifiFields) -> Result<Response, Error> {
    let answer = fields.read(form.page.language)?;
    site.setup.check_wifi(&answer)?;
    let own = matches!(answer, WifiAnswer::Own(_));
    let response = frame::keep(site, form, Step::Wifi, move |draft| draft.wifi = Some(answer)).await?;
    // In force at once: it changes nobody's connection. In the school's Wi-Fi nobody asks the box.
    if own && fields.portal != site.portal.mode() {
        site.portal.set_mode(&form.page.signed_in()?.person, fields.portal).await?;
    }
    Ok(response)
}

fn has_problem(fields: &WifiFields) -> bool {
    let WifiFields { choice, country, ssid, protection, passphrase, channel, .. } = fields;
    [choice, country, ssid, protection, passphrase, channel].iter().any(|field| field.error.is_some())
}

/// The school's name, if it fits.
fn usual_name(draft: &Draft) -> String {
    let school = draft.school.as_ref().map_or("", |school| school.name.as_str());
    let fits = !school.is_empty() && school.len() <= SSID_BYTES;
    if fits { school.to_owned() } else { "Kelas".to_owned() }
}
