//! A box that nobody has claimed yet: it opens a Wi-Fi, and two stations join it.

use crate::Outcome;
use crate::air::Air;
use crate::air::Station as Phone;
use crate::checks::hotspot;
use crate::checks::portal::{self, Station};
use crate::curl::{APPLE_SHEET, CHROME, Curl};
use crate::machine::Machine;
use crate::report::Report;

/// All that the hotspot is for, up to the page that a phone opens by itself. Returns its name, or
/// nothing if no station comes that far.
pub(crate) async fn greets(report: &mut Report, machine: &mut Machine, air: &Air) -> Outcome<Option<String>> {
    let guest = machine.guest()?;
    let ssid = hotspot::setup_name(guest).await?;
    let opened = report.check(&format!("the setup hotspot {ssid} opens"), hotspot::opens(guest, &ssid)).await;
    if opened.is_none() {
        return Ok(None);
    }
    let began = machine.began;
    println!("     {:.1} s after power-on", hotspot::opened_after(machine, began).await?);
    let guest = machine.guest()?;
    let [first, second] = air.stations;
    let joins = async {
        let lease = first.joins(guest, &ssid, None).await?;
        hotspot::lease_is_whole(&lease)?;
        Ok(lease)
    };
    let Some(lease) = report.check("a station joins it and gets an address and a way out", joins).await
    else {
        return Ok(None);
    };
    report.check("the firewall's rules are loaded", hotspot::rules_are_loaded(guest)).await;
    report
        .check("every name leads to the box, and IPv4 alone", hotspot::names_lead_to_the_box(guest, first))
        .await;
    let refused = hotspot::closed_doors_are_refused_at_once(guest, first);
    report.check("what the box cannot give is refused at once", refused).await;
    let joins = async {
        second.joins(guest, &ssid, None).await?;
        hotspot::stations_reach_each_other(guest, second, &lease).await
    };
    report.check("a second station joins it and reaches the first", joins).await;
    let browser = Curl::new(second.door, APPLE_SHEET)?;
    let new = portal::probes_are_answered(&browser, Station::New);
    report.check("each system's probe leads a new station to the portal", new).await;
    let chrome = Curl::new(second.door, CHROME)?;
    let leads = portal::leads_to(&chrome, "/setup");
    report.check("the portal of a box that belongs to nobody leads to its wizard", leads).await;
    Ok(Some(ssid))
}

/// What a phone does that comes to a box which is somebody's.
pub(crate) async fn lets_a_phone_in(report: &mut Report, station: Phone) -> Outcome<()> {
    let browser = Curl::new(station.door, APPLE_SHEET)?;
    report.check("somebody goes on from the portal", portal::goes_on(&browser)).await;
    let seen = portal::probes_are_answered(&browser, Station::Seen);
    report.check("each system's probe tells a seen station that all is well", seen).await;
    Ok(())
}
