//! Dates as people write them, in the time zone of the box.

use base::clock::Timestamp;
use jiff::tz::TimeZone;

use super::Language;

pub(super) const MONTHS: [&str; 12] = [
    "date.month_01",
    "date.month_02",
    "date.month_03",
    "date.month_04",
    "date.month_05",
    "date.month_06",
    "date.month_07",
    "date.month_08",
    "date.month_09",
    "date.month_10",
    "date.month_11",
    "date.month_12",
];

impl Language {
    /// Day and time, such as "24 November 2026, 09.05".
    pub(crate) fn date(self, at: Timestamp) -> String {
        self.date_in(at, TimeZone::system())
    }

    fn date_in(self, at: Timestamp, zone: TimeZone) -> String {
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return String::new() };
        let local = instant.to_zoned_datetime(zone);
        let month = usize::try_from(local.month() - 1).map_or("", |index| self.t(MONTHS[index]));
        self.text(
            "date.long",
            &[
                ("day", &local.day().to_string()),
                ("month", month),
                ("year", &local.year().to_string()),
                ("hour", &format!("{:02}", local.hour())),
                ("minute", &format!("{:02}", local.minute())),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_reads_as_people_write_it() {
        let at = Timestamp(1_795_485_900_000);
        assert_eq!(Language::En.date_in(at, TimeZone::UTC), "24 November 2026, 02:05");
        assert_eq!(Language::Id.date_in(at, TimeZone::UTC), "24 November 2026, 02.05");
        let jakarta = TimeZone::get("Asia/Jakarta").expect("bundled");
        assert_eq!(Language::Id.date_in(Timestamp(1_785_500_000_000), jakarta), "31 Juli 2026, 19.13");
        assert_eq!(Language::Id.date(Timestamp(i64::MAX)), "");
    }
}
