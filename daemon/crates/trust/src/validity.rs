//! Time as certificates see it, on a machine whose clock has no battery.

use std::time::Duration;

use base::clock::Timestamp;
use rcgen::CertificateParams;

/// Milliseconds of a day.
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// The latest present that is believed: 2100-01-01. A clock beyond it is wrong.
const LATEST_MS: i64 = 4_102_444_800_000;

/// What is known about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// What the machine's clock says; after a power cut it may be far in the past.
    pub now: Timestamp,
    /// When this program was built: it cannot be earlier than that.
    pub built: Timestamp,
}

impl Times {
    /// The best guess at the present.
    pub(crate) fn present(self) -> Timestamp {
        Timestamp(self.now.max(self.built).0.clamp(0, LATEST_MS))
    }

    /// When the program was built, within what is believed.
    pub(crate) fn beginning(self) -> Timestamp {
        Timestamp(self.built.0.clamp(0, LATEST_MS))
    }
}

/// From when until when a certificate is valid, both ends included, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Validity {
    pub(crate) from: Timestamp,
    pub(crate) until: Timestamp,
}

impl Validity {
    /// `days` from `from` on.
    pub(crate) fn days(from: Timestamp, days: i64) -> Self {
        let from = Timestamp(from.0 / 1_000 * 1_000);
        // Both ends count, so the last second of the last day is the one before.
        Self { from, until: from.plus(days * DAY_MS - 1_000) }
    }

    /// Writes it into what is about to be signed.
    pub(crate) fn apply(self, params: &mut CertificateParams) {
        let epoch = rcgen::date_time_ymd(1970, 1, 1);
        let since = |moment: Timestamp| Duration::from_millis(u64::try_from(moment.0).unwrap_or_default());
        params.not_before = epoch + since(self.from);
        params.not_after = epoch + since(self.until);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_is_never_before_the_build_nor_absurdly_late() {
        let built = Timestamp(1_790_000_000_000);
        for (now, present) in
            [(0, built.0), (built.0 + 5, built.0 + 5), (i64::MAX, LATEST_MS), (i64::MIN, built.0)]
        {
            assert_eq!(Times { now: Timestamp(now), built }.present(), Timestamp(present));
        }
    }

    #[test]
    fn days_are_counted_with_both_ends() {
        let validity = Validity::days(Timestamp(1_999), 1);
        assert_eq!(validity, Validity { from: Timestamp(1_000), until: Timestamp(DAY_MS) });
    }
}
