//! `/setup/time`: the box has no clock battery, the technician's device has the time.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use base::clock::Timestamp;
use base::{Code, Error};
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::frame::{self, Frame};
use super::owner::{Owner, OwnerForm};
use crate::setup::{Draft, Step, TimeAnswer};
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// Hours before UTC that Indonesia's three zones keep, and their names' keys.
const ZONES: [(i8, &str); 3] = [(7, "zone.wib"), (8, "zone.wita"), (9, "zone.wit")];

#[derive(Template)]
#[template(path = "setup/time.html")]
struct TimePage<'a> {
    page: &'a Page,
    frame: Frame,
    /// What the box believes, for people and for the script.
    box_time: String,
    box_ms: i64,
    /// Whether the clock is the box's to set.
    is_ours: bool,
    moment: Field,
    zones: Vec<(i8, &'static str, bool)>,
}

impl<'a> TimePage<'a> {
    fn new(site: &Site, page: &'a Page, draft: &Draft, form: Option<&Form>) -> Self {
        let now = site.setup.now();
        let zone: i8 = form.and_then(|form| form.get("zone").parse().ok()).unwrap_or(ZONES[0].0);
        Self {
            page,
            frame: Frame::new(site, Step::Time, draft),
            box_time: page.language.date(now),
            box_ms: now.0,
            is_ours: site.setup.host().is_ours(),
            moment: Field::holding(form.map_or("", |form| form.get("moment"))),
            zones: ZONES.iter().map(|(hours, name)| (*hours, page.t(name), *hours == zone)).collect(),
        }
    }

    fn refuse(&mut self, error: &Error) -> bool {
        let own = matches!(
            error.code,
            Code::TimeInvalid
                | Code::ClockImplausible
                | Code::HostRefused
                | Code::HostUnavailable
                | Code::HostUnmanaged
        );
        if !own {
            return self.frame.refuse(self.page.language, error);
        }
        self.frame.refuse_field(&mut self.moment, self.page.language, error);
        true
    }
}

pub(super) async fn show(State(site): State<Site>, owner: Owner) -> Response {
    owner.page.show(&TimePage::new(&site, &owner.page, &owner.kept.draft, None))
}

pub(super) async fn submit(State(site): State<Site>, owner: OwnerForm) -> Result<Response, Refusal> {
    let OwnerForm { form, kept } = owner;
    match answer(&site, &form).await {
        Ok(response) => Ok(response),
        Err(error) => {
            let mut template = TimePage::new(&site, &form.page, &kept.draft, Some(&form));
            if !template.refuse(&error) {
                return Err(error.into());
            }
            Ok(form.page.show_error(&error, &template))
        }
    }
}

async fn answer(site: &Site, form: &Form) -> Result<Response, Error> {
    let answer = if form.get("action") == "set" {
        let person = &form.page.signed_in()?.person;
        site.setup.set_clock(person, moment(form)?).await?;
        TimeAnswer::Set
    } else {
        TimeAnswer::Kept
    };
    frame::keep(site, form, Step::Time, move |draft| draft.time = Some(answer)).await
}

/// What a script has sent, else what was typed.
fn moment(form: &Form) -> Result<Timestamp, Error> {
    let invalid = || Error::new(Code::TimeInvalid);
    if let Ok(milliseconds) = form.get("device_ms").parse() {
        return Ok(Timestamp(milliseconds));
    }
    let hours: i8 = form.get("zone").parse().map_err(|_| invalid())?;
    let zone = Offset::from_hours(hours).map_err(|error| invalid().because(error))?;
    let typed = form.get("moment").trim().replacen(' ', "T", 1);
    let typed: DateTime = typed.parse().map_err(|error: jiff::Error| invalid().because(error))?;
    let at = zone.to_timestamp(typed).map_err(|error| invalid().because(error))?;
    Ok(Timestamp(at.as_millisecond()))
}
