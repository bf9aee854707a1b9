//! Sharing the internet: what the kernel and a station's resolver say of it. Nothing is beyond the
//! uplink of an emulated box, so a foreign name has no answer while names are asked there.

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::air::Station;
use crate::checks::hotspot::{self, BOX};
use crate::guest::Guest;
use crate::machine::LOOK;

/// For rules and resolver to follow the switch.
const FOLLOWS: Duration = Duration::from_mins(2);

/// Stations go out behind the box's address, are given the names of the internet by the uplink,
/// and the box's own names, also the one of the school, by the box.
pub(crate) async fn is_on(guest: &mut Guest, station: Station, box_name: &str) -> Outcome<()> {
    let ready = "nft list table inet kelas | grep -q masquerade && systemctl -q is-active kelas-resolver";
    becomes(guest, ready).await?;
    for name in
        ["kelas.internal", "kelas.local", &format!("{box_name}.internal"), &format!("{box_name}.local")]
    {
        let told = resolve(guest, station, name).await?;
        if told != BOX {
            return Err(format!("{name} is {told:?}").into());
        }
    }
    let told = resolve(guest, station, "sekolah.example").await?;
    if told.contains(BOX) { Err(format!("a foreign name is the box still: {told}").into()) } else { Ok(()) }
}

/// Nothing goes out, and every name is the box again.
pub(crate) async fn is_off(guest: &mut Guest, station: Station) -> Outcome<()> {
    let ready = "! nft list table inet kelas | grep -q masquerade && ! systemctl -q is-active kelas-resolver";
    becomes(guest, ready).await?;
    hotspot::names_lead_to_the_box(guest, station).await?;
    hotspot::closed_doors_are_refused_at_once(guest, station).await
}

async fn becomes(guest: &mut Guest, ready: &str) -> Outcome<()> {
    let began = Instant::now();
    while guest.run(ready).await?.status != 0 {
        if began.elapsed() > FOLLOWS {
            let rules = guest.run("nft list ruleset; systemctl status --no-pager kelas-resolver").await?.text;
            return Err(format!("not so within {} s: {ready}\n{rules}", FOLLOWS.as_secs()).into());
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// What a station hears of a name: addresses, or why not.
async fn resolve(guest: &mut Guest, station: Station, name: &str) -> Outcome<String> {
    let told = station.asks(guest, &format!("dig +short +time=3 +tries=1 @{BOX} {name} A")).await?;
    Ok(told.text.trim().to_owned())
}
