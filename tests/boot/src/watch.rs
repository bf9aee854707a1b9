//! `boot watch`: ten minutes of a box that is used, and what is written to its card meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::checks::{storage, system};
use crate::classroom::Classroom;
use crate::machine::{self, BOOT, Machine, Ports, Setup};
use crate::report::Report;
use crate::site::Site;

/// How long is watched: long enough for the saved clock, which is written every ten minutes, and
/// for most timers of a first boot.
const WATCHED: Duration = Duration::from_mins(11);
/// Between two pages that somebody reads.
const READING: Duration = Duration::from_secs(10);

/// One boot.
pub(crate) async fn test(root: &Path, report: &mut Report) -> Outcome<()> {
    machine::fresh(root, "watch")?;
    let setup = Setup::new("watch", "watch", Ports::free()?);
    let mut machine = Machine::start(root, &setup).await?;
    let name = "in ten minutes of use nothing outside of the data partition is written";
    if report.check(name, watch(&mut machine, setup.ports)).await.is_none() {
        machine.leave_evidence().await;
    }
    machine.cut().await
}

async fn watch(machine: &mut Machine, ports: Ports) -> Outcome<()> {
    let site = Site::answering(machine, ports).await?;
    let guest = machine.guest()?;
    guest.ready(BOOT).await?;
    system::all_units_run(guest).await?;
    let classroom = Classroom::open(guest, &site).await?;
    let before = storage::writes(guest).await?;
    let began = Instant::now();
    // The time itself is what is tested here.
    let mut pages = tokio::time::interval(READING);
    while began.elapsed() < WATCHED {
        pages.tick().await;
        classroom.is_there(&site).await?;
    }
    let after = storage::writes(guest).await?;
    println!(
        "     written in {} s: {} bytes to the data partition, {} elsewhere; elsewhere before that, for the \
         partition table: {}",
        began.elapsed().as_secs(),
        after.data - before.data,
        after.elsewhere - before.elsewhere,
        before.elsewhere
    );
    if after.elsewhere != before.elsewhere || after.data == before.data {
        return Err(format!("before {before:?}, after {after:?}, in bytes").into());
    }
    Ok(())
}
