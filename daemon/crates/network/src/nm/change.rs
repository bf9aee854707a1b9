//! Changing the network under a checkpoint: NetworkManager itself takes the change back unless
//! it is confirmed, even if this daemon is dead by then.
//!
//! May use: the model, the plan, the proxies. Used by: `nm`.

use std::time::Duration;

use base::limits::NETWORK_ACTIVATION_S;
use base::{Code, Error, Result};
use futures_util::StreamExt;
use tokio::time::timeout;
use zbus::proxy::CacheProperties;
use zbus::{Connection as Bus, ObjectPath, OwnedObjectPath};

use super::failed;
use super::proxies::readiness::ReadinessProxy;
use super::proxies::{ActiveProxy, Extra, ManagerProxy, ProfileProxy, ProfilesProxy, Settings};
use super::reading::{self, ACTIVATED, Reading, proxy};
use super::settings::{self, Stage};
use crate::model::{Connection, DeviceName, Role, Wanted};
use crate::plan::{Settling, Step, plan};
use crate::port::Applied;

/// `NMSettingsAddConnection2Flags` and `NMSettingsUpdate2Flags`: in memory only, so that a power cut
/// during the trial leaves the card as it was.
const IN_MEMORY: u32 = 0x2;
/// `NMSettingsUpdate2Flags`: on the card.
const TO_DISK: u32 = 0x1;
/// `NMCheckpointCreateFlags`: nothing beyond the devices. There is a flag that deletes connections
/// made meanwhile; it deletes anybody's.
const NO_FLAGS: u32 = 0;
/// `NMActiveConnectionState`: from here on it only goes down.
const DEACTIVATING: u32 = 3;
/// `NMDeviceState`: from here on it can be brought up.
const DISCONNECTED: u32 = 30;

/// A change that waits to be confirmed.
#[derive(Debug)]
pub(super) struct Trial {
    /// None once it is confirmed and only some settling is left.
    pub(super) checkpoint: Option<OwnedObjectPath>,
    /// None until all steps are done.
    pub(super) settling: Option<Vec<Settling>>,
    /// What is kept when it is confirmed.
    pub(super) wanted: Wanted,
}

/// Carries out the plan to `wanted` and leaves it on trial.
pub(super) async fn apply(
    bus: &Bus,
    trial: &mut Option<Trial>,
    wanted: &Wanted,
    trial_s: u32,
) -> Result<Applied> {
    // Also one that has not been taken up: that of a daemon that has been started anew.
    if !checkpoints(bus).await?.is_empty() {
        return Err(Error::new(Code::NetworkTrialOpen));
    }
    let reading = reading::read(bus).await.map_err(failed)?;
    let plan = plan(&reading.observed, wanted)?;
    if plan.is_empty() {
        return Ok(Applied::Unchanged);
    }
    let devices = concerned(&reading, wanted);
    let manager = manager(bus).await.map_err(failed)?;
    let checkpoint = manager.checkpoint_create(&devices, trial_s, NO_FLAGS).await;
    let checkpoint = checkpoint.map_err(failed)?;
    // Noted before the first step: whoever stops waiting for us leaves a trial that runs out.
    let noted =
        trial.insert(Trial { checkpoint: Some(checkpoint.clone()), settling: None, wanted: wanted.clone() });
    let mut profiles = reading.profiles.clone();
    for step in plan.steps {
        if let Err(error) = carry_out(bus, &reading, &mut profiles, step).await {
            *trial = None;
            manager
                .checkpoint_rollback(&checkpoint)
                .await
                .map_err(|cause| failed(cause).because(error.to_string()))?;
            return Err(error);
        }
    }
    noted.settling = Some(plan.settling);
    Ok(Applied::OnTrial)
}

/// Keeps what is on trial. What could not be written to the card is tried again next time.
pub(super) async fn confirm(bus: &Bus, trial: &mut Option<Trial>) -> Result<()> {
    let open = is_open(bus, trial.as_ref()).await?;
    let Some(Trial { checkpoint, settling: Some(settling), wanted }) = trial else {
        return Err(Error::new(Code::NetworkTrialOver));
    };
    if let Some(path) = checkpoint {
        if !open {
            *trial = None;
            return Err(Error::new(Code::NetworkTrialOver));
        }
        manager(bus).await.map_err(failed)?.checkpoint_destroy(path).await.map_err(failed)?;
        *checkpoint = None;
    }
    while let Some(next) = settling.first() {
        settle(bus, *next, wanted).await.map_err(failed)?;
        settling.remove(0);
    }
    *trial = None;
    Ok(())
}

/// Takes back what is on trial.
pub(super) async fn roll_back(bus: &Bus, trial: &mut Option<Trial>) -> Result<()> {
    if !is_open(bus, trial.as_ref()).await? {
        return Err(Error::new(Code::NetworkTrialOver));
    }
    let checkpoint = trial.as_ref().and_then(|trial| trial.checkpoint.clone());
    let checkpoint = checkpoint.ok_or_else(|| Error::new(Code::NetworkTrialOver))?;
    manager(bus).await.map_err(failed)?.checkpoint_rollback(&checkpoint).await.map_err(failed)?;
    *trial = None;
    Ok(())
}

/// Whether NetworkManager still has the checkpoint: it forgets it when the time is over, and
/// when it is started anew, and then what was in memory only is gone as well.
async fn is_open(bus: &Bus, trial: Option<&Trial>) -> Result<bool> {
    let Some(checkpoint) = trial.and_then(|trial| trial.checkpoint.as_ref()) else {
        return Ok(false);
    };
    Ok(checkpoints(bus).await?.contains(checkpoint))
}

pub(super) async fn checkpoints(bus: &Bus) -> Result<Vec<OwnedObjectPath>> {
    manager(bus).await.map_err(failed)?.checkpoints().await.map_err(failed)
}

pub(super) async fn manager(bus: &Bus) -> zbus::Result<ManagerProxy<'static>> {
    Ok(proxy!(ManagerProxy, bus))
}

/// The devices whose state the checkpoint must remember: those that ours are on or go to.
fn concerned(reading: &Reading, wanted: &Wanted) -> Vec<OwnedObjectPath> {
    let mut names: Vec<DeviceName> = Vec::new();
    for role in Role::ALL {
        let before =
            reading.observed.ours(role).and_then(|profile| profile.ours.as_ref()?.connection.clone());
        let both = before.into_iter().chain(wanted.connection(role));
        names.extend(both.map(|connection| connection.device().clone()));
    }
    names.sort();
    names.dedup();
    names.iter().filter_map(|name| reading.device(name).cloned()).collect()
}

async fn carry_out(
    bus: &Bus,
    reading: &Reading,
    profiles: &mut Vec<(Role, OwnedObjectPath)>,
    step: Step,
) -> Result<()> {
    match step {
        Step::SwitchOn => {
            manager(bus).await.map_err(failed)?.set_wireless_enabled(true).await.map_err(failed)
        }
        Step::Deactivate(role) => deactivate(bus, reading, role).await.map_err(failed),
        Step::Write(connection) => write(bus, profiles, &connection).await.map_err(failed),
        Step::Activate(role) => {
            if role == Role::AccessPoint {
                wait_for_radio(bus, reading, profiles).await?;
            }
            activate(bus, profiles, role).await
        }
    }
}

async fn deactivate(bus: &Bus, reading: &Reading, role: Role) -> zbus::Result<()> {
    for (_, path) in reading.active.iter().filter(|(known, _)| *known == role) {
        manager(bus).await?.deactivate_connection(path).await?;
    }
    Ok(())
}

async fn write(
    bus: &Bus,
    profiles: &mut Vec<(Role, OwnedObjectPath)>,
    connection: &Connection,
) -> zbus::Result<()> {
    let (role, told) = (connection.role(), settings::write(connection, Stage::OnTrial));
    if let Some((_, path)) = profiles.iter().find(|(known, _)| *known == role) {
        proxy!(ProfileProxy, bus, path).update2(&told, IN_MEMORY, &Extra::new()).await?;
    } else {
        let (path, _) = proxy!(ProfilesProxy, bus).add_connection2(&told, IN_MEMORY, &Extra::new()).await?;
        profiles.push((role, path));
    }
    Ok(())
}

/// Brings our connection up. The access point is waited for, because the class has nothing
/// without it; an uplink is not, because a school's DHCP server may take its time.
async fn activate(bus: &Bus, profiles: &[(Role, OwnedObjectPath)], role: Role) -> Result<()> {
    let found = profiles.iter().find(|(known, _)| *known == role);
    let (_, profile) = found.ok_or_else(|| Error::new(Code::NetworkRefused))?;
    // "/" lets NetworkManager take the device that the connection names.
    let any = OwnedObjectPath::from(ObjectPath::from_static_str_unchecked("/"));
    let manager = manager(bus).await.map_err(failed)?;
    let active = manager.activate_connection(profile, &any, &any).await.map_err(failed)?;
    if role == Role::Uplink {
        return Ok(());
    }
    match timeout(Duration::from_secs(NETWORK_ACTIVATION_S), is_up(bus, &active)).await {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) | Err(_) => Err(Error::new(Code::NetworkNotUp)),
        // It vanished while it was coming up.
        Ok(Err(error)) => Err(Error::new(Code::NetworkNotUp).because(error)),
    }
}

/// Waits until our radio can be brought up: it cannot before its supplicant answers, which at boot
/// and after it was switched on takes seconds. If it does not get there, NetworkManager says why
/// when it is asked to go on.
async fn wait_for_radio(bus: &Bus, reading: &Reading, profiles: &[(Role, OwnedObjectPath)]) -> Result<()> {
    let found = profiles.iter().find(|(known, _)| *known == Role::AccessPoint);
    let (_, profile) = found.ok_or_else(|| Error::new(Code::NetworkRefused))?;
    let told = profile_settings(bus, profile).await.map_err(failed)?;
    let name = settings::text(&told, "connection", "interface-name").unwrap_or_default();
    let device = DeviceName::parse(&name).ok().and_then(|name| reading.device(&name));
    let Some(device) = device else { return Ok(()) };
    match timeout(Duration::from_secs(NETWORK_ACTIVATION_S), is_ready(bus, device)).await {
        Ok(Ok(())) | Err(_) => Ok(()),
        Ok(Err(error)) => Err(failed(error)),
    }
}

async fn profile_settings(bus: &Bus, path: &OwnedObjectPath) -> zbus::Result<Settings> {
    proxy!(ProfileProxy, bus, path).get_settings().await
}

async fn is_ready(bus: &Bus, device: &OwnedObjectPath) -> zbus::Result<()> {
    let proxy = proxy!(ReadinessProxy, bus, device);
    // Before asking, so that nothing is missed between.
    let mut moves = proxy.receive_state_moved().await?;
    let mut state = proxy.state().await?;
    while state < DISCONNECTED {
        let Some(next) = moves.next().await else { return Ok(()) };
        state = next.args()?.new;
    }
    Ok(())
}

/// Waits until it is up, or until it is certain that it will not be.
async fn is_up(bus: &Bus, active: &OwnedObjectPath) -> zbus::Result<bool> {
    let proxy = proxy!(ActiveProxy, bus, active);
    // Before asking, so that nothing is missed between.
    let mut moves = proxy.receive_state_moved().await?;
    let mut state = proxy.state().await?;
    loop {
        match state {
            ACTIVATED => return Ok(true),
            DEACTIVATING.. => return Ok(false),
            _ => {}
        }
        let Some(next) = moves.next().await else { return Ok(false) };
        state = next.args()?.state;
    }
}

async fn settle(bus: &Bus, settling: Settling, wanted: &Wanted) -> zbus::Result<()> {
    let reading = reading::read(bus).await?;
    let (Settling::Keep(role) | Settling::Remove(role)) = settling;
    for (_, path) in reading.profiles.iter().filter(|(known, _)| *known == role) {
        let profile = proxy!(ProfileProxy, bus, path);
        match wanted.connection(role) {
            Some(connection) => {
                let told = settings::write(&connection, Stage::Kept);
                profile.update2(&told, TO_DISK, &Extra::new()).await?;
            }
            None => profile.delete().await?,
        }
    }
    Ok(())
}
