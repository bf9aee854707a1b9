//! How a freshly flashed box becomes a school's: a technician's phone sets it up over the air. The
//! first time nobody confirms the new Wi-Fi; while its trial runs, the rest of the box is looked at.

use std::path::Path;

use crate::Outcome;
use crate::air::Air;
use crate::browser;
use crate::checks::{hotspot, network, storage, system, trust};
use crate::classroom::Classroom;
use crate::machine::{self, CARD_SIZE, Machine};
use crate::report::Report;
use crate::setup_hotspot;
use crate::site::Site;
use crate::wizard::{self, Applied, Wizard};

/// Until the old network is back when nobody has confirmed the new one: the page's way to the
/// browser, NetworkManager's 120 s, and what it takes to open it again.
const BACK_S: f64 = 150.0;

/// From the first look at the Wi-Fi to the confirmed one of the school. Nothing is returned if the
/// way ends before.
pub(crate) async fn is_set_up(
    report: &mut Report,
    machine: &mut Machine,
    site: &Site,
    air: &Air,
    root: &Path,
) -> Outcome<Option<(Wizard, Classroom)>> {
    let Some(ssid) = setup_hotspot::greets(report, machine, air).await? else { return Ok(None) };
    let Some((wizard, classroom)) = is_claimed(report, machine, site, air, &ssid).await? else {
        return Ok(None);
    };
    let onward = wizard.goes_on_to_the_review("2-6");
    report.check("the wizard goes on where it stopped, after a restart of the daemon", onward).await;
    let Some(applied) = applies(report, machine, air, &wizard).await? else { return Ok(None) };
    setup_hotspot::lets_a_phone_in(report, air.stations[1]).await?;
    looks_around(report, machine, site, root, &classroom).await?;
    let back = comes_back(machine, &wizard, &ssid, applied);
    let name = "nobody confirms, and the old Wi-Fi comes back within 150 s, the answers kept";
    if let Some(after) = report.check(name, back).await {
        println!("     {after:.0} s after the button");
    }
    if applies(report, machine, air, &wizard).await?.is_none() {
        return Ok(None);
    }
    let guest = machine.guest()?;
    let confirms = async {
        wizard.joins_the_new_wifi(guest).await?;
        wizard.confirms().await
    };
    let confirmed = report.check("the technician joins the new Wi-Fi and confirms it", confirms).await;
    Ok(confirmed.map(|()| (wizard, classroom)))
}

/// Returns the seconds from the button to the old Wi-Fi.
async fn comes_back(machine: &mut Machine, wizard: &Wizard, ssid: &str, applied: Applied) -> Outcome<f64> {
    wizard.is_taken_back(machine.guest()?, ssid).await?;
    let after = hotspot::opened_after(machine, applied.0).await?;
    if after > BACK_S { Err(format!("only after {after:.0} s").into()) } else { Ok(after) }
}

/// Whoever comes first becomes its technician, and a course is opened.
async fn is_claimed(
    report: &mut Report,
    machine: &mut Machine,
    site: &Site,
    air: &Air,
    ssid: &str,
) -> Outcome<Option<(Wizard, Classroom)>> {
    let guest = machine.guest()?;
    let opens = Wizard::opens(guest, air.stations[0], ssid, site);
    let name = "the wizard opens over the air, and asks for nothing without encryption";
    let Some(wizard) = report.check(name, opens).await else { return Ok(None) };
    if report.check("a technician claims the box over the air", wizard.claims()).await.is_none() {
        return Ok(None);
    }
    let opens = async { Classroom::open_by(wizard.client(site)?, guest, site).await };
    let classroom = report.check("the technician opens a course, and a person is invited", opens).await;
    Ok(classroom.map(|classroom| (wizard, classroom)))
}

/// The Wi-Fi changes under the technician's feet; somebody else can join the new one.
async fn applies(
    report: &mut Report,
    machine: &mut Machine,
    air: &Air,
    wizard: &Wizard,
) -> Outcome<Option<Applied>> {
    let name = "the review is applied, and a page says how to come back";
    let Some(applied) = report.check(name, wizard.applies()).await else { return Ok(None) };
    let guest = machine.guest()?;
    let joins = async {
        hotspot::opens(guest, wizard::SSID).await?;
        let lease = air.stations[1].joins(guest, wizard::SSID, Some(wizard::PASSPHRASE)).await?;
        hotspot::lease_is_whole(&lease)
    };
    if report.check("a station joins the new Wi-Fi with its passphrase", joins).await.is_none() {
        return Ok(None);
    }
    println!(
        "     {:.1} s from the button to the new Wi-Fi",
        hotspot::opened_after(machine, applied.0).await?
    );
    Ok(Some(applied))
}

/// What has nothing to do with the Wi-Fi.
async fn looks_around(
    report: &mut Report,
    machine: &mut Machine,
    site: &Site,
    root: &Path,
    classroom: &Classroom,
) -> Outcome<()> {
    let guest = machine.guest()?;
    report.check("the authority was made on this card", trust::own_authority(guest, site)).await;
    let listen = network::only_the_site_and_the_hotspot_listen(guest);
    report.check("only the site and the hotspot listen", listen).await;
    report.check("nobody can log in", system::no_login(guest)).await;
    report.check("the daemon has no power", system::daemon_has_no_power(guest)).await;
    report.check("the system is sealed", storage::sealed(guest)).await;
    report.check("the data partition fills the card", storage::data_fills_the_card(guest, CARD_SIZE)).await;
    let log = machine::folder(root, "first boot").join("browser.log");
    let meets = browser::meet(root, site, classroom, None, &log);
    report.check("a real browser joins the room, and media flows", meets).await;
    Ok(())
}
