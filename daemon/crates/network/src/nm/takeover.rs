//! Going on with a change whose daemon ended during its trial. NetworkManager has the checkpoint
//! still; what was to be settled follows from what is wanted.
//!
//! May use: `change`, the plan, the proxies. Used by: `nm`.

use std::io;

use base::{Code, Error, Result};
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

/// By the clock that the kernel's uptime and NetworkManager share (`CLOCK_BOOTTIME`).
pub(super) fn since_boot_ms() -> io::Result<i64> {
    let text = std::fs::read_to_string("/proc/uptime")?;
    uptime_ms(&text).ok_or_else(|| io::Error::other(format!("/proc/uptime says {text:?}")))
}

/// The first number, which has two decimals.
fn uptime_ms(text: &str) -> Option<i64> {
    let (seconds, hundredths) = text.split_whitespace().next()?.split_once('.')?;
    let hundredths: i64 = hundredths.parse().ok().filter(|_| hundredths.len() == 2)?;
    seconds.parse::<i64>().ok()?.checked_mul(1_000)?.checked_add(hundredths * 10)
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

    #[test]
    fn the_kernels_uptime_is_read() {
        assert_eq!(uptime_ms("851.05 1612.33\n"), Some(851_050));
        for wrong in ["", "851", "851.5 2", "x.05"] {
            assert_eq!(uptime_ms(wrong), None, "{wrong}");
        }
        assert!(since_boot_ms().expect("a Linux") > 0);
    }
}
