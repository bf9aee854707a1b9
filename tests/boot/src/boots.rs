//! `boot test`: one card, four boots. The first is a box's first, on which a technician sets it up
//! over the air; then it is restarted as its technician does, then the plug is pulled while people
//! write and a change of the Wi-Fi is on trial, and at last the card is reset.

use std::path::Path;

use crate::Outcome;
use crate::air::{Air, Tools};
use crate::arrival;
use crate::browser;
use crate::card::Card;
use crate::checks::{clock, hotspot, storage, system, trust};
use crate::classroom::Classroom;
use crate::journal::Seen;
use crate::machine::{self, BOOT, Machine, Ports, Setup};
use crate::report::Report;
use crate::site::Site;
use crate::talk::{self, Heard};
use crate::wizard::{self, Wizard};

/// The card of all boots.
const CARD: &str = "card";

/// What must be the same after a restart.
struct Kept {
    classroom: Classroom,
    wizard: Wizard,
    authority: Vec<u8>,
    machine_id: String,
    clock: u64,
}

/// All of it. Checks that cannot be made because the machine did not come up are not made.
pub(crate) async fn test(root: &Path, report: &mut Report) -> Outcome<()> {
    machine::fresh(root, CARD)?;
    let tools = Tools::new(root)?;
    let mut seen = Seen::default();
    report
        .check("the card carries no authority of its own", async {
            trust::card_carries_none(&Card::image(root))
        })
        .await;
    let Some(mut kept) = first_boot(root, report, &tools, &mut seen).await? else { return Ok(()) };
    let Some(heard) = second_boot(root, report, &tools, &mut seen, &mut kept).await? else {
        return Ok(());
    };
    third_boot(root, report, &tools, &mut seen, &kept, &heard).await?;
    after_the_reset(root, report, &tools, &mut seen, &kept).await?;
    report.check("every warning that is always expected occurred", async { seen.all_occurred() }).await;
    Ok(())
}

/// Starts a machine and waits until its site answers and its shell reads.
async fn come_up(report: &mut Report, root: &Path, setup: &Setup<'_>) -> Outcome<Option<(Machine, Site)>> {
    let mut machine = Machine::start(root, setup).await?;
    let name = format!("{}: the site answers over HTTPS, by the authority that it hands out", setup.name);
    let answering = async {
        let site = Site::answering(&mut machine, setup.ports).await?;
        machine.guest()?.ready(BOOT).await?;
        Ok(site)
    };
    if let Some(site) = report.check(&name, answering).await {
        return Ok(Some((machine, site)));
    }
    machine.leave_evidence().await;
    Ok(None)
}

async fn first_boot(
    root: &Path,
    report: &mut Report,
    tools: &Tools,
    seen: &mut Seen,
) -> Outcome<Option<Kept>> {
    let failures = report.failures();
    let air = Air::new(tools)?;
    let setup = Setup { air: Some(&air), ..Setup::new("first boot", CARD, Ports::free()?) };
    let Some((mut machine, site)) = come_up(report, root, &setup).await? else { return Ok(None) };
    let guest = machine.guest()?;
    report.check("every unit runs", system::all_units_run(guest)).await;
    report.check("the clock starts in 1970", clock::hardware_is_in_1970(guest)).await;
    report.check("the clock is not before the build", clock::not_before_the_build(guest)).await;
    let Some((wizard, classroom)) = arrival::is_set_up(report, &mut machine, &site, &air, root).await? else {
        machine.leave_evidence().await;
        return Ok(None);
    };
    let guest = machine.guest()?;
    report.check("first boot: no ordering cycle", system::no_ordering_cycle(guest)).await;
    report.check("first boot: no unexpected warning", system::no_unexpected_warning(guest, seen)).await;
    let machine_id = guest.ask("cat /etc/machine-id").await?;
    let clock = clock::now(guest).await?;
    let picture = machine.screenshot("screen").await?;
    println!("     the screen: {}", picture.display());
    if report.failures() > failures {
        machine.leave_evidence().await;
    }
    machine.guest()?.ask("systemctl reboot").await?;
    report.check("the box shuts down when told to restart", machine.ended()).await;
    Ok(Some(Kept { classroom, wizard, authority: site.authority, machine_id, clock }))
}

async fn second_boot(
    root: &Path,
    report: &mut Report,
    tools: &Tools,
    seen: &mut Seen,
    kept: &mut Kept,
) -> Outcome<Option<Heard>> {
    let failures = report.failures();
    let air = Air::new(tools)?;
    let setup = Setup { air: Some(&air), ..Setup::new("second boot", CARD, Ports::free()?) };
    let Some((mut machine, site)) = come_up(report, root, &setup).await? else { return Ok(None) };
    let guest = machine.guest()?;
    report.check("after a restart every unit runs", system::all_units_run(guest)).await;
    report.check("after a restart it is the same box", same_box(guest, &site, kept)).await;
    report.check("after a restart the clock goes on", clock::not_before(guest, kept.clock)).await;
    let [first, second] = air.stations;
    let wifi_is_up = async {
        hotspot::opens(guest, wizard::SSID).await?;
        kept.wizard.comes_back(guest, first).await
    };
    report.check("after a restart the Wi-Fi is up, and a station knows the box again", wifi_is_up).await;
    let log = machine::folder(root, "second boot").join("browser.log");
    let meets = async {
        second.joins(guest, wizard::SSID, Some(wizard::PASSPHRASE)).await?;
        kept.classroom.invite_again(guest, &site).await?;
        browser::meet(root, &site, &kept.classroom, Some(second), &log).await
    };
    report.check("a real browser on a second station joins the room", meets).await;
    report.check("second boot: no ordering cycle", system::no_ordering_cycle(guest)).await;
    report.check("second boot: no unexpected warning", system::no_unexpected_warning(guest, seen)).await;
    let used = report.check("memory in use after the boot is known", system::memory_used_kb(guest)).await;
    if let Some(used) = used {
        println!(
            "     {:.1} MB in use; HTTPS answered {:.0} s after power-on",
            f64::from(u32::try_from(used)?) / 1e3,
            site.seconds
        );
    }
    report.check("only the data partition is written", only_data_is_written(guest)).await;
    report.check("a new Wi-Fi is on trial when the plug is pulled", kept.wizard.tries_another(guest)).await;
    if report.failures() > failures {
        machine.leave_evidence().await;
    }
    kept.clock = clock::now(machine.guest()?).await?;
    let cut = talk::cut_short(machine, kept.classroom.teacher_at(&site)?, kept.classroom.meeting);
    Ok(report.check("the plug is pulled while people write", cut).await)
}

async fn third_boot(
    root: &Path,
    report: &mut Report,
    tools: &Tools,
    seen: &mut Seen,
    kept: &Kept,
    heard: &Heard,
) -> Outcome<()> {
    let failures = report.failures();
    let air = Air::new(tools)?;
    let setup = Setup { air: Some(&air), ..Setup::new("third boot", CARD, Ports::free()?) };
    let Some((mut machine, site)) = come_up(report, root, &setup).await? else { return Ok(()) };
    let guest = machine.guest()?;
    report.check("after the cut every unit runs", system::all_units_run(guest)).await;
    report.check("after the cut it is the same box", same_box(guest, &site, kept)).await;
    let teacher = kept.classroom.teacher_at(&site)?;
    report.check("after the cut nothing acknowledged is lost", talk::all_is_kept(&teacher, heard)).await;
    report.check("after the cut the old Wi-Fi is back", hotspot::opens(guest, wizard::SSID)).await;
    report.check("third boot: no ordering cycle", system::no_ordering_cycle(guest)).await;
    report.check("third boot: no unexpected warning", system::no_unexpected_warning(guest, seen)).await;
    if report.failures() > failures {
        machine.leave_evidence().await;
    }
    let guest = machine.guest()?;
    let asked = "mount -o remount,rw /boot/firmware && touch /boot/firmware/kelas-reset && systemctl reboot";
    guest.ask(asked).await?;
    machine.ended().await?;
    Ok(())
}

/// A technician has put a file on the card: the box is as it was when it was flashed.
async fn after_the_reset(
    root: &Path,
    report: &mut Report,
    tools: &Tools,
    seen: &mut Seen,
    kept: &Kept,
) -> Outcome<()> {
    let failures = report.failures();
    let air = Air::new(tools)?;
    let setup = Setup { air: Some(&air), ..Setup::new("reset boot", CARD, Ports::free()?) };
    let Some((mut machine, site)) = come_up(report, root, &setup).await? else { return Ok(()) };
    let guest = machine.guest()?;
    report.check("after the reset every unit runs", system::all_units_run(guest)).await;
    let anew = async {
        let ssid = hotspot::setup_name(guest).await?;
        hotspot::opens(guest, &ssid).await?;
        if site.authority == kept.authority {
            return Err("the authority is the old one".into());
        }
        Wizard::opens(guest, air.stations[0], &ssid, &site).await?;
        guest.ask("[ ! -e /boot/firmware/kelas-reset ]").await
    };
    report.check("after the reset the setup hotspot opens, with a new authority", anew).await;
    report.check("reset boot: no ordering cycle", system::no_ordering_cycle(guest)).await;
    report.check("reset boot: no unexpected warning", system::no_unexpected_warning(guest, seen)).await;
    if report.failures() > failures {
        machine.leave_evidence().await;
    }
    machine.cut().await
}

/// Same authority, same identity, same database.
async fn same_box(guest: &mut crate::guest::Guest, site: &Site, kept: &Kept) -> Outcome<()> {
    if site.authority != kept.authority {
        return Err("the authority is another".into());
    }
    let id = guest.ask("cat /etc/machine-id").await?;
    if id != kept.machine_id || id.len() != 32 {
        return Err(format!("the machine id was {} and is {id}", kept.machine_id).into());
    }
    kept.classroom.is_there(site).await
}

/// Nothing else on the card has been written since the boot, by the block devices' own counts.
/// Not asked on the first boot, which writes the partition table.
async fn only_data_is_written(guest: &mut crate::guest::Guest) -> Outcome<()> {
    let writes = storage::writes(guest).await?;
    if writes.elsewhere > 0 || writes.data == 0 {
        return Err(format!("{writes:?}, in bytes").into());
    }
    Ok(())
}
