//! `boot air`: what a technician may meet besides, on one boot: the network manager dies while the
//! wizard is open, the school wants 5 GHz, which the radio may use only in a country, and the daemon
//! is started anew while that is on trial. The second part is `headless`.

use std::path::Path;

use crate::Outcome;
use crate::air::{Air, Tools};
use crate::checks::{hotspot, system};
use crate::guest::Guest;
use crate::machine::{self, BOOT, Machine, Ports, Setup};
use crate::report::Report;
use crate::site::Site;
use crate::wizard::{SSID, Wizard};

/// One boot.
pub(crate) async fn test(root: &Path, report: &mut Report) -> Outcome<()> {
    machine::fresh(root, "air")?;
    let air = Air::new(&Tools::new(root)?)?;
    let setup = Setup { air: Some(&air), ..Setup::new("air", "air", Ports::free()?) };
    let failures = report.failures();
    let mut machine = Machine::start(root, &setup).await?;
    let done = walk(report, &mut machine, &setup, &air).await;
    if done.is_err() || report.failures() > failures {
        machine.leave_evidence().await;
    }
    machine.cut().await?;
    done
}

async fn walk(report: &mut Report, machine: &mut Machine, setup: &Setup<'_>, air: &Air) -> Outcome<()> {
    let site = Site::answering(machine, setup.ports).await?;
    let guest = machine.guest()?;
    guest.ready(BOOT).await?;
    system::all_units_run(guest).await?;
    let ssid = hotspot::setup_name(guest).await?;
    hotspot::opens(guest, &ssid).await?;
    let wizard = Wizard::opens(guest, air.stations[0], &ssid, &site).await?;
    wizard.claims().await?;
    let survives = async {
        guest.ask("systemctl kill --signal KILL NetworkManager.service").await?;
        closes(guest).await?;
        hotspot::opens(guest, &ssid).await?;
        air.stations[0].joins(guest, &ssid, None).await?;
        wizard.goes_on_to_the_review("5-36").await
    };
    report.check("NetworkManager dies, and the wizard goes on in the setup hotspot", survives).await;
    let confirms = async {
        wizard.applies().await?;
        wizard.joins_the_new_wifi(guest).await?;
        guest.ask("systemctl restart kelasd.service").await?;
        site.answers_again().await?;
        wizard.confirms().await?;
        let radio = guest.ask("iw dev wlan0 info").await?;
        if radio.contains(&format!("ssid {SSID}")) && radio.contains("channel 36 (5180 MHz)") {
            return Ok(());
        }
        Err(radio.into())
    };
    let name = "the class's Wi-Fi is on channel 36, and confirmed there after a restart of the daemon";
    report.check(name, confirms).await;
    Ok(())
}

/// Waits until the killed service has been started again, which takes its access point away.
async fn closes(guest: &mut Guest) -> Outcome<()> {
    let restarted = "until [ \"$(systemctl show --property NRestarts --value NetworkManager.service)\" -gt 0 ] && \
        systemctl --quiet is-active NetworkManager.service; do sleep 0.2; done";
    guest.ask(&format!("timeout 120 sh -c '{restarted}'")).await?;
    Ok(())
}
