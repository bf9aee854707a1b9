//! `boot test`: one card, three boots. The first is a box's first; then it is restarted as its
//! technician does, and then the plug is pulled while people write.

use std::path::Path;

use crate::Outcome;
use crate::browser;
use crate::card::Card;
use crate::checks::{clock, network, storage, system, trust};
use crate::classroom::Classroom;
use crate::journal::Seen;
use crate::machine::{self, BOOT, CARD_SIZE, Machine, Ports, Setup};
use crate::report::Report;
use crate::site::Site;
use crate::talk::{self, Heard};

/// The card of all three boots.
const CARD: &str = "card";

/// What must be the same after a restart.
struct Kept {
    classroom: Classroom,
    authority: Vec<u8>,
    machine_id: String,
    clock: u64,
}

/// All of it. Checks that cannot be made because the machine did not come up are not made.
pub(crate) async fn test(root: &Path, report: &mut Report) -> Outcome<()> {
    machine::fresh(root, CARD)?;
    let mut seen = Seen::default();
    report
        .check("the card carries no authority of its own", async {
            trust::card_carries_none(&Card::image(root))
        })
        .await;
    let Some(mut kept) = first_boot(root, report, &mut seen).await? else { return Ok(()) };
    let Some(heard) = second_boot(root, report, &mut seen, &mut kept).await? else {
        return Ok(());
    };
    third_boot(root, report, &mut seen, &kept, &heard).await?;
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

async fn first_boot(root: &Path, report: &mut Report, seen: &mut Seen) -> Outcome<Option<Kept>> {
    let failures = report.failures();
    let setup = Setup::new("first boot", CARD, Ports::free()?);
    let Some((mut machine, site)) = come_up(report, root, &setup).await? else { return Ok(None) };
    let guest = machine.guest()?;
    report.check("every unit runs", system::all_units_run(guest)).await;
    report.check("the clock starts in 1970", clock::hardware_is_in_1970(guest)).await;
    report.check("the clock is not before the build", clock::not_before_the_build(guest)).await;
    report.check("the authority was made on this card", trust::own_authority(guest, &site)).await;
    report.check("only the site listens", network::only_the_site_listens(guest)).await;
    report.check("nobody can log in", system::no_login(guest)).await;
    report.check("the daemon has no power", system::daemon_has_no_power(guest)).await;
    report.check("the system is sealed", storage::sealed(guest)).await;
    report.check("the data partition fills the card", storage::data_fills_the_card(guest, CARD_SIZE)).await;
    let opened = report.check("a person is invited and opens a course", Classroom::open(guest, &site)).await;
    let Some(classroom) = opened else {
        machine.leave_evidence().await;
        return Ok(None);
    };
    let log = machine::folder(root, "first boot").join("browser.log");
    report
        .check("a real browser joins the room, and media flows", browser::meet(root, &site, &classroom, &log))
        .await;
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
    Ok(Some(Kept { classroom, authority: site.authority, machine_id, clock }))
}

async fn second_boot(
    root: &Path,
    report: &mut Report,
    seen: &mut Seen,
    kept: &mut Kept,
) -> Outcome<Option<Heard>> {
    let failures = report.failures();
    let setup = Setup::new("second boot", CARD, Ports::free()?);
    let Some((mut machine, site)) = come_up(report, root, &setup).await? else { return Ok(None) };
    let guest = machine.guest()?;
    report.check("after a restart every unit runs", system::all_units_run(guest)).await;
    report.check("after a restart it is the same box", same_box(guest, &site, kept)).await;
    report.check("after a restart the clock goes on", clock::not_before(guest, kept.clock)).await;
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
    seen: &mut Seen,
    kept: &Kept,
    heard: &Heard,
) -> Outcome<()> {
    let failures = report.failures();
    let setup = Setup::new("third boot", CARD, Ports::free()?);
    let Some((mut machine, site)) = come_up(report, root, &setup).await? else { return Ok(()) };
    let guest = machine.guest()?;
    report.check("after the cut every unit runs", system::all_units_run(guest)).await;
    report.check("after the cut it is the same box", same_box(guest, &site, kept)).await;
    let teacher = kept.classroom.teacher_at(&site)?;
    report.check("after the cut nothing acknowledged is lost", talk::all_is_kept(&teacher, heard)).await;
    report.check("third boot: no ordering cycle", system::no_ordering_cycle(guest)).await;
    report.check("third boot: no unexpected warning", system::no_unexpected_warning(guest, seen)).await;
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
