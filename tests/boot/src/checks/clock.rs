//! The clock of a board without battery, which QEMU starts in 1970.

use crate::Outcome;
use crate::guest::Guest;

/// Seconds since 1970 in the guest, by its own clock.
pub(crate) async fn now(guest: &mut Guest) -> Outcome<u64> {
    guest.number("date +%s").await
}

/// The hardware's clock was really set back: without this the other checks would prove nothing.
pub(crate) async fn hardware_is_in_1970(guest: &mut Guest) -> Outcome<()> {
    let year = guest.run("cat /sys/class/rtc/rtc0/date").await?;
    match year.status {
        0 if !year.text.starts_with("1970-") => {
            Err(format!("the hardware's clock says {}", year.text).into())
        }
        // Or there is none at all, as on a Pi.
        _ => Ok(()),
    }
}

/// The clock is not before the time at which the image was built.
pub(crate) async fn not_before_the_build(guest: &mut Guest) -> Outcome<()> {
    let built = guest.number("stat -c %Y /usr/lib/clock-epoch").await?;
    let now = now(guest).await?;
    if now < built { Err(format!("{now} is before the build, {built}").into()) } else { Ok(()) }
}

/// The clock went on from where it was before the reboot.
pub(crate) async fn not_before(guest: &mut Guest, earlier: u64) -> Outcome<()> {
    let now = now(guest).await?;
    if now < earlier { Err(format!("{now} is {} s in the past", earlier - now).into()) } else { Ok(()) }
}
