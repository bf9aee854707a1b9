//! A technician who sets the box up from a phone: the whole wizard over the air, page by page, as
//! a browser without JavaScript sends its forms.

use std::process::Command;
use std::time::{Duration, Instant};

use blackbox::Client;
use serde_json::Value;

use crate::air::{Lease, Station};
use crate::checks::hotspot::{self, BOX};
use crate::curl::{CHROME, Curl, Page};
use crate::form::Form;
use crate::guest::Guest;
use crate::machine::LOOK;
use crate::site::Site;
use crate::{Outcome, card};

/// What the technician types.
pub(crate) const SSID: &str = "SMP Negeri 3 Ende";
pub(crate) const PASSPHRASE: &str = "belajar bersama";
/// A name that is tried and never confirmed.
const ANOTHER: &str = "Percobaan";
pub(crate) const LOGIN: &str = "anton";
pub(crate) const PASSWORD: &str = "kelapa muda di pantai";
const SCHOOL: &str = "SMP Negeri 3 Ende";
const BOX_NAME: &str = "kelas-ende";

/// For the box to say so.
const TOLD: Duration = Duration::from_mins(1);

/// The technician's phone.
#[derive(Debug)]
pub(crate) struct Wizard {
    station: Station,
    browser: Curl,
}

/// When the button was pressed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Applied(pub(crate) Instant);

impl Wizard {
    /// Joins the setup hotspot and opens the first page: plain HTTP leads to the wizard, which asks
    /// for nothing there and leads on to HTTPS.
    pub(crate) async fn opens(guest: &mut Guest, station: Station, ssid: &str, site: &Site) -> Outcome<Self> {
        station.joins(guest, ssid, None).await?;
        let browser = Curl::new(station.door, CHROME)?;
        let first = browser.get(&format!("http://{BOX}/")).await?;
        let page = browser.follow(first).await?.shown()?;
        let secure = format!("href=\"https://{BOX}/setup\"");
        if !page.body.contains(&secure) || page.body.contains("type=\"password\"") {
            return Err(format!("not the wizard over plain HTTP: {}", page.told()).into());
        }
        browser.trusts(&site.pem)?;
        Ok(Self { station, browser })
    }

    /// Language, claim, school: from then on the box is somebody's.
    pub(crate) async fn claims(&self) -> Outcome<()> {
        self.answers("language", &[("language", "id")]).await?;
        let claim = [("name", "Pak Anton"), ("login", LOGIN), ("password", PASSWORD), ("again", PASSWORD)];
        self.answers("claim", &claim).await?;
        self.answers("school", &[("school", SCHOOL), ("box_name", BOX_NAME)]).await
    }

    /// Signs in over the air to a box that is set up, by what the school calls it.
    pub(crate) async fn signs_in(station: Station, site: &Site, box_name: &str) -> Outcome<Self> {
        let browser = Curl::new(station.door, CHROME)?;
        browser.trusts(&site.pem)?;
        for host in [&format!("{box_name}.local"), BOX] {
            let url = format!("https://{host}/sign-in");
            let page = browser.get(&url).await?.shown()?;
            let mut form = Form::find(&page.body, "/sign-in")?;
            form.set(&page.body, "login", LOGIN)?;
            form.set(&page.body, "password", PASSWORD)?;
            let answer = browser.post(&url, &form.fields).await?;
            if answer.redirect()?.is_none() {
                return Err(answer.told().into());
            }
        }
        Ok(Self { station, browser })
    }

    /// Makes a teacher with a one-time link, and loads its page again.
    pub(crate) async fn makes_a_teacher(&self) -> Outcome<()> {
        let page = self.browser.get(&address("/teacher")).await?.shown()?;
        let mut form = Form::find(&page.body, "/setup/teacher")?;
        form.set(&page.body, "name", "Bu Sari")?;
        form.set(&page.body, "by", "link")?;
        let made = self.browser.post(&address("/teacher"), &form.fields).await?;
        let shown = made.redirect()?.ok_or_else(|| made.told())?;
        for _ in 0..2 {
            let page = self.browser.get(&shown).await?.shown()?;
            if !page.body.contains(&format!("https://{BOX}/link/")) || !page.body.contains("<svg") {
                return Err(format!("no link of the box: {}", page.told()).into());
            }
        }
        Ok(())
    }

    /// The sheet for the wall: the Wi-Fi with its passphrase, and a code for it and for the site.
    pub(crate) async fn has_a_sheet(&self) -> Outcome<()> {
        let sheet = self.browser.get(&address("/sheet")).await?.shown()?;
        let whole = [SSID, PASSPHRASE, BOX].iter().all(|part| sheet.body.contains(part));
        if whole && sheet.body.matches("<svg").count() >= 2 { Ok(()) } else { Err(sheet.told().into()) }
    }

    /// Switches sharing off. The network stays as it is, so nothing has to be confirmed.
    pub(crate) async fn ends_sharing(&self) -> Outcome<()> {
        let url = address("/wired");
        let page = self.browser.get(&url).await?.shown()?;
        let mut form = Form::find(&page.body, "/setup/wired")?;
        form.leave_out("sharing")?;
        let answer = self.browser.post(&url, &form.fields).await?;
        if answer.redirect()? != Some(address("/review")) {
            return Err(answer.told().into());
        }
        self.applies().await?;
        self.stage_is("confirmed").await
    }

    /// The technician's session for a client on the cable.
    pub(crate) fn client(&self, site: &Site) -> Outcome<Client> {
        let client = site.client();
        client.set_cookie("__Host-kelas", &self.browser.cookie("__Host-kelas")?);
        Ok(client)
    }

    /// From the step where it stopped to the review, with a channel as `2-6`.
    pub(crate) async fn goes_on_to_the_review(&self, channel: &str) -> Outcome<()> {
        let first = self.browser.get(&address("")).await?;
        let page = self.browser.follow(first).await?.shown()?;
        if page.url != address("/wifi") {
            return Err(format!("it goes on at {}, not at the Wi-Fi", page.url).into());
        }
        self.names_the_wifi(SSID, channel).await?;
        self.answers("wired", &[]).await?;
        // The guest's zone has seven hours more than UTC.
        let now = card::run(Command::new("date").args(["--utc", "--date=+7 hours", "+%Y-%m-%dT%H:%M"]))?;
        self.answers("time", &[("moment", now.trim()), ("zone", "7"), ("action", "set")]).await?;
        self.answers("certificate", &[]).await
    }

    /// Answers the Wi-Fi's step.
    async fn names_the_wifi(&self, ssid: &str, channel: &str) -> Outcome<()> {
        let own = [("wifi", "own"), ("country", "ID"), ("ssid", ssid), ("protection", "wpa2")];
        let own = [&own[..], &[("passphrase", PASSPHRASE), ("channel", channel)]].concat();
        self.answers("wifi", &own).await
    }

    /// Presses the button of the review, and reads the page that says how to come back.
    pub(crate) async fn applies(&self) -> Outcome<Applied> {
        let page = self.browser.get(&address("/review")).await?.shown()?;
        let form = Form::find(&page.body, "/setup/apply")?;
        let began = Instant::now();
        let answer = self.browser.post(&address("/apply"), &form.fields).await?;
        if answer.redirect()? != Some(address("/reconnect")) {
            return Err(answer.told().into());
        }
        let page = self.browser.get(&address("/reconnect")).await?.shown()?;
        if !page.body.contains(PASSPHRASE) || page.body.matches("<svg").count() < 2 {
            return Err(format!("no passphrase or no codes: {}", page.told()).into());
        }
        Ok(Applied(began))
    }

    /// Joins the new Wi-Fi, which has come up instead of the old one.
    pub(crate) async fn joins_the_new_wifi(&self, guest: &mut Guest) -> Outcome<Lease> {
        hotspot::opens(guest, SSID).await?;
        self.station.joins(guest, SSID, Some(PASSPHRASE)).await
    }

    /// Begins another change and leaves it on trial.
    pub(crate) async fn tries_another(&self, guest: &mut Guest) -> Outcome<()> {
        self.names_the_wifi(ANOTHER, "2-11").await?;
        self.applies().await?;
        hotspot::opens(guest, ANOTHER).await
    }

    /// Says from the new Wi-Fi that it is there.
    pub(crate) async fn confirms(&self) -> Outcome<()> {
        self.stage_is("trial").await?;
        let page = self.browser.get(&address("/confirm")).await?.shown()?;
        let form = Form::find(&page.body, "/setup/confirm")?;
        let answer = self.browser.post(&address("/confirm"), &form.fields).await?;
        if answer.redirect()?.is_none() {
            return Err(answer.told().into());
        }
        self.stage_is("confirmed").await
    }

    /// Nobody confirms: the old network, called `ssid`, comes back by itself, with the answers as
    /// they were typed.
    pub(crate) async fn is_taken_back(&self, guest: &mut Guest, ssid: &str) -> Outcome<()> {
        hotspot::opens(guest, ssid).await?;
        self.station.joins(guest, ssid, None).await?;
        self.stage_is("rolled_back").await?;
        let review = self.browser.get(&address("/review")).await?.shown()?;
        if !review.body.contains(SSID) {
            return Err(format!("the answers are gone: {}", review.told()).into());
        }
        Ok(())
    }

    /// The technician's phone comes back to the confirmed Wi-Fi after a restart of the box, as
    /// `station`, and is signed in still, by the same certificate.
    pub(crate) async fn comes_back(&mut self, guest: &mut Guest, station: Station) -> Outcome<()> {
        station.joins(guest, SSID, Some(PASSPHRASE)).await?;
        self.station = station;
        self.browser.goes_to(station.door);
        let page = self.browser.get(&address("")).await?;
        self.browser.follow(page).await?.shown().map(drop)
    }

    /// Fills a step's form and sends it.
    async fn answers(&self, step: &str, fields: &[(&str, &str)]) -> Outcome<()> {
        let url = address(&format!("/{step}"));
        let first = self.browser.get(&url).await?;
        let page: Page = self.browser.follow(first).await?.shown()?;
        let mut form = Form::find(&page.body, &format!("/setup/{step}"))?;
        for (name, value) in fields {
            form.set(&page.body, name, value)?;
        }
        let answer = self.browser.post(&url, &form.fields).await?;
        match answer.redirect()? {
            Some(next) if next != url => Ok(()),
            _ => Err(answer.told().into()),
        }
    }

    /// Waits until the change that was begun has come to this stage.
    async fn stage_is(&self, wanted: &str) -> Outcome<()> {
        let began = Instant::now();
        loop {
            let page = self.browser.get(&address("/progress/state")).await?.shown()?;
            let state: Value = serde_json::from_str(&page.body)?;
            if state["stage"] == wanted {
                return Ok(());
            }
            if began.elapsed() > TOLD {
                return Err(format!("the stage is {state}, not {wanted}").into());
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// A page of the wizard over HTTPS.
fn address(path: &str) -> String {
    format!("https://{BOX}/setup{path}")
}
