//! The captive portal in the air: every probe of the table, asked from a station.

use blackbox::Probe;

use crate::Outcome;
use crate::checks::hotspot::BOX;
use crate::curl::{Curl, Page};
use crate::form::Form;

/// Whether anybody at the station has been past the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Station {
    New,
    Seen,
}

/// Every system of the table hears what leads it to the portal, or what tells it that all is well.
pub(crate) async fn probes_are_answered(browser: &Curl, station: Station) -> Outcome<()> {
    for probe in Probe::all() {
        let page = browser.probe(&probe).await?;
        let right = match station {
            Station::New => {
                page.status == 302 && page.redirect()?.as_deref() == Some(&format!("http://{BOX}/portal"))
            }
            Station::Seen => is_success(&probe, &page),
        };
        if !right {
            return Err(format!("{} ({station:?}): {}", probe.system, page.told()).into());
        }
    }
    Ok(())
}

fn is_success(probe: &Probe, page: &Page) -> bool {
    page.status == probe.status
        && page.header("content-type") == probe.content_type.as_deref()
        && page.body == probe.body
}

/// The portal's page has a link to this page of the box.
pub(crate) async fn leads_to(browser: &Curl, path: &str) -> Outcome<()> {
    let page = browser.get(&format!("http://{BOX}/portal")).await?.shown()?;
    let link = format!("href=\"http://{BOX}{path}\"");
    if page.body.contains(&link) { Ok(()) } else { Err(format!("no {link}: {}", page.told()).into()) }
}

/// Somebody reads the portal's page and goes on.
pub(crate) async fn goes_on(browser: &Curl) -> Outcome<()> {
    let page = browser.get(&format!("http://{BOX}/portal")).await?.shown()?;
    let form = Form::find(&page.body, "/portal")?;
    let answer = browser.post(&page.address(&form.action)?, &form.fields).await?;
    if answer.redirect()?.is_none() {
        return Err(answer.told().into());
    }
    Ok(())
}
