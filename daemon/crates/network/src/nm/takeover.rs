//! Going on with a change whose daemon ended during its trial. NetworkManager has the checkpoint
//! still; what was to be settled follows from what is wanted.
//!
//! May use: `change`, the plan, the proxies. Used by: `nm`.

use base::{Code, Error, Result};
use nix::time::{ClockId, clock_gettime};
use zbus::proxy::CacheProperties;
use zbus::{Connection as Bus, OwnedObjectPath};

use super::change::{self, Trial};
use super::failed;
use super::proxies::CheckpointProxy;
use super::reading::{self, proxy};
use crate::model::Wanted;
use crate::plan::plan;

/// Takes the open checkpoint up if its change was carried out, and takes it back if it is not. Nobody
/// but this daemon makes one on the box, whose bus lets nobody else near.
pub(super) async fn take_up(bus: &Bus, trial: &mut Option<Trial>, wanted: &Wanted) -> Result<Option<u32>> {
    let open = change::checkpoints(bus).await?;
    let Some(checkpoint) = open.first() else { return Ok(None) };
    let reading = reading::read(bus).await.map_err(failed)?;
    let plan = plan(&reading.observed, wanted)?;
    let left = seconds_left(bus, checkpoint).await?;
    if !plan.is_carried_out(&reading.observed) || left == 0 {
        let manager = change::manager(bus).await.map_err(failed)?;
        manager.checkpoint_rollback(checkpoint).await.map_err(failed)?;
        return Ok(None);
    }
    let (checkpoint, wanted) = (Some(checkpoint.clone()), wanted.clone());
    *trial = Some(Trial { checkpoint, settling: Some(plan.settling), wanted });
    Ok(Some(left))
}

async fn seconds_left(bus: &Bus, checkpoint: &OwnedObjectPath) -> Result<u32> {
    let told = async {
        let proxy = proxy!(CheckpointProxy, bus, checkpoint);
        Ok((proxy.created().await?, proxy.rollback_timeout().await?))
    };
    let (created_ms, timeout_s) = told.await.map_err(failed)?;
    let now_ms = since_boot_ms().map_err(|error| Error::new(Code::Internal).because(error))?;
    Ok(left_s(created_ms, timeout_s, now_ms))
}

/// Whole seconds, so that nobody is promised one that is not there.
fn left_s(created_ms: i64, timeout_s: u32, now_ms: i64) -> u32 {
    let end_ms = created_ms.saturating_add(i64::from(timeout_s) * 1_000);
    let left_s = end_ms.saturating_sub(now_ms).max(0) / 1_000;
    u32::try_from(left_s).map_or(timeout_s, |left| left.min(timeout_s))
}

/// By the clock that NetworkManager counts a checkpoint's time by. Not from /proc/uptime, which the
/// daemon's sandbox hides.
pub(super) fn since_boot_ms() -> nix::Result<i64> {
    let now = clock_gettime(ClockId::CLOCK_BOOTTIME)?;
    Ok(now.tv_sec() * 1_000 + now.tv_nsec() / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_counted_from_the_checkpoints_own_moment() {
        assert_eq!(left_s(50_000, 120, 50_000), 120);
        assert_eq!(left_s(50_000, 120, 100_001), 69);
        assert_eq!(left_s(50_000, 120, 200_000), 0);
        assert_eq!(left_s(50_000, 120, 10_000), 120, "never more than it was");
        assert_eq!(left_s(i64::MIN, 120, i64::MAX), 0);
    }
}
