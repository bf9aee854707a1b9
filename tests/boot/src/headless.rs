//! `boot air`, second part: a card that `kelas.toml` sets up without anybody. First there is a
//! mistake in the file; put right, the box sets itself up at its next start, and is then looked at
//! over the air.

use std::path::Path;
use std::time::{Duration, Instant};

use data_encoding::BASE64;

use crate::Outcome;
use crate::air::{Air, Lease, Station, Tools};
use crate::card::Card;
use crate::checks::{binding, hotspot, sharing, system};
use crate::guest::Guest;
use crate::machine::{self, BOOT, LOOK, Machine, Ports, Setup};
use crate::report::Report;
use crate::site::Site;
use crate::wizard::{LOGIN, PASSPHRASE, PASSWORD, SSID, Wizard};

/// The card's first partition.
const START: usize = 1;
const BOX_NAME: &str = "smpn3-ende";
const FILE: &str = "/boot/firmware/kelas.toml";
const ERRORS: &str = "/boot/firmware/kelas-errors.txt";
/// For the box to have done something by itself.
const DONE: Duration = Duration::from_mins(3);

/// The file of a school that flashes thirty cards; `mistake` is a line of it.
fn answers(mistake: &str) -> String {
    format!(
        "[setup]\n{mistake}school = \"{SSID}\"\nbox_name = \"{BOX_NAME}\"\ncountry = \"ID\"\nsharing = true\n\
         [setup.wifi]\nname = \"{SSID}\"\npassphrase = \"{PASSPHRASE}\"\n\
         [setup.wired]\naddress = \"dhcp\"\n\
         [setup.technician]\nname = \"Pak Anton\"\nlogin = \"{LOGIN}\"\npassword = \"{PASSWORD}\"\n"
    )
}

/// Two boots of one card.
pub(crate) async fn test(root: &Path, report: &mut Report) -> Outcome<()> {
    let folder = "headless";
    machine::fresh(root, folder)?;
    let tools = Tools::new(root)?;
    let path = machine::folder(root, folder).join("card.img");
    let card = Card::image(root).copy_to(&path)?;
    card.put(START, "kelas.toml", &answers("schol = \"SMP\"\n"))?;
    let first = Setup { card: Some(&card), ..Setup::new("headless with a mistake", folder, Ports::free()?) };
    if !boot(report, root, &tools, first, Part::Mistake).await? {
        return Ok(());
    }
    let second = Setup { card: Some(&card), ..Setup::new("headless", folder, Ports::free()?) };
    boot(report, root, &tools, second, Part::Right).await?;
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Mistake,
    Right,
}

/// Whether all went well.
async fn boot(
    report: &mut Report,
    root: &Path,
    tools: &Tools,
    setup: Setup<'_>,
    part: Part,
) -> Outcome<bool> {
    let failures = report.failures();
    let air = Air::new(tools)?;
    let setup = Setup { air: Some(&air), ..setup };
    let mut machine = Machine::start(root, &setup).await?;
    let done = async {
        let site = Site::answering(&mut machine, setup.ports).await?;
        let guest = machine.guest()?;
        guest.ready(BOOT).await?;
        system::all_units_run(guest).await?;
        match part {
            Part::Mistake => with_a_mistake(report, guest).await,
            Part::Right => put_right(report, &mut machine, &site, &air).await,
        }
    };
    let done = done.await;
    let well = done.is_ok() && report.failures() == failures;
    if !well {
        machine.leave_evidence().await;
    }
    done?;
    match part {
        Part::Mistake if well => {
            machine.guest()?.ask("systemctl reboot").await?;
            machine.ended().await?;
        }
        _ => machine.cut().await?,
    }
    Ok(well)
}

async fn with_a_mistake(report: &mut Report, guest: &mut Guest) -> Outcome<()> {
    let told = async {
        becomes(guest, &format!("grep -q schol {ERRORS}")).await?;
        let ssid = hotspot::setup_name(guest).await?;
        hotspot::opens(guest, &ssid).await?;
        // Whoever corrects the file need not type the rest again.
        guest.ask(&format!("grep -q '{PASSPHRASE}' {FILE}")).await?;
        println!("     kelas-errors.txt:\n{}", guest.ask(&format!("cat {ERRORS}")).await?);
        Ok(())
    };
    let name = "a mistake in kelas.toml is told beside it, and the setup hotspot opens";
    if report.check(name, told).await.is_none() {
        return Ok(());
    }
    let text = BASE64.encode(answers("").as_bytes());
    let put = format!(
        "mount -o remount,rw /boot/firmware && echo {text} | busybox base64 -d >{FILE} && sync && \
         mount -o remount,ro /boot/firmware"
    );
    guest.ask(&put).await.map(drop)
}

async fn put_right(report: &mut Report, machine: &mut Machine, site: &Site, air: &Air) -> Outcome<()> {
    let [first, second] = air.stations;
    let guest = machine.guest()?;
    let opens = hotspot::opens(guest, SSID);
    if report.check("kelas.toml alone sets the box up: its Wi-Fi opens", opens).await.is_none() {
        return Ok(());
    }
    let began = machine.began;
    println!("     {:.1} s after power-on", hotspot::opened_after(machine, began).await?);
    let guest = machine.guest()?;
    let gone = async {
        let secrets = format!("! grep -qe '{PASSPHRASE}' -e '{PASSWORD}' {FILE} && [ ! -e {ERRORS} ]");
        becomes(guest, &secrets).await?;
        guest.ask(&format!("grep -q '{BOX_NAME}' {FILE} && [ \"$(uname -n)\" = {BOX_NAME} ]")).await
    };
    let name = "passphrase and password are gone from the card, its name is given, nothing is wrong";
    report.check(name, gone).await;
    let joins = async { first.joins(guest, SSID, Some(PASSPHRASE)).await };
    let Some(lease) = report.check("a station joins with the passphrase of the file", joins).await else {
        return Ok(());
    };
    let binding = binding::tells_the_stations_address(guest, first, &lease);
    report.check("STUN tells a station its address over the air", binding).await;
    let signs_in = Wizard::signs_in(first, site, BOX_NAME);
    let name = "the technician signs in by the school's own name of the box, its certificate trusted";
    let Some(wizard) = report.check(name, signs_in).await else { return Ok(()) };
    report
        .check("a teacher is made over the air, and its link is shown again", wizard.makes_a_teacher())
        .await;
    report.check("the sheet for the wall has both codes", wizard.has_a_sheet()).await;
    shares(report, guest, first, &wizard).await?;
    report
        .check("the screen at the box shows the Wi-Fi and who is on it", screen(guest, second, &lease))
        .await;
    let picture = machine.screenshot("screen").await?;
    println!("     the screen: {}", picture.display());
    Ok(())
}

async fn shares(report: &mut Report, guest: &mut Guest, station: Station, wizard: &Wizard) -> Outcome<()> {
    let on = sharing::is_on(guest, station, BOX_NAME);
    report.check("the internet is shared: names are the uplink's, and the box's its own", on).await;
    let off = async {
        wizard.ends_sharing().await?;
        sharing::is_off(guest, station).await
    };
    report.check("sharing is switched off from a phone, which stays on the Wi-Fi", off).await;
    Ok(())
}

/// Both stations are on it by now.
async fn screen(guest: &mut Guest, second: Station, first: &Lease) -> Outcome<()> {
    let lease = second.joins(guest, SSID, Some(PASSPHRASE)).await?;
    if lease.address == first.address {
        return Err(format!("both stations have {}", lease.address).into());
    }
    let shows = format!("grep -q '{SSID}' /run/kelasd/console && grep -q ' 2[ /]' /run/kelasd/console");
    becomes(guest, &shows).await?;
    let text = guest.ask("cat /run/kelasd/console").await?;
    for wanted in ["https://10.42.0.1", "https://kelas.internal", "\u{2588}"] {
        if !text.contains(wanted) {
            return Err(format!("no {wanted} on the screen:\n{text}").into());
        }
    }
    println!("{text}");
    Ok(())
}

/// Waits until a command of the shell succeeds.
async fn becomes(guest: &mut Guest, command: &str) -> Outcome<()> {
    let began = Instant::now();
    while guest.run(command).await?.status != 0 {
        if began.elapsed() > DONE {
            let look = "cat /run/kelasd/console; journalctl -b -u kelasd --no-pager | tail -n 30";
            let told = guest.run(&format!("cat {ERRORS} {FILE}; {look}")).await?.text;
            return Err(format!("not so within {} s: {command}\n{told}", DONE.as_secs()).into());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
