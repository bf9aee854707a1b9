//! Months of the calendar, in the time zone of the box.

use base::clock::Timestamp;
use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::Language;
use super::date::MONTHS;

/// One month of one year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The one in which `at` lies.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self::of_in(at, TimeZone::system())
    }

    fn of_in(at: Timestamp, zone: TimeZone) -> Self {
        let day = day_in(at, zone);
        Self { year: day.year(), month: day.month() }
    }

    /// The one that an address names, such as "2026-11".
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let (year, month) = name.split_once('-')?;
        let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok()?;
        Some(Self { year: first.year(), month: first.month() })
    }

    /// How addresses name it.
    pub(crate) fn name(self) -> String {
        format!("{:04}-{:02}", self.year, self.month)
    }
}

/// The day of the month, as a number.
pub(crate) fn day(at: Timestamp) -> i8 {
    day_in(at, TimeZone::system()).day()
}

/// The day as spreadsheets of either language read it, such as "2026-11-24".
pub(crate) fn written_day(at: Timestamp) -> String {
    day_in(at, TimeZone::system()).to_string()
}

fn day_in(at: Timestamp, zone: TimeZone) -> Date {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return date(1970, 1, 1) };
    instant.to_zoned_datetime(zone).date()
}

impl Language {
    /// Such as "November 2026".
    pub(crate) fn month(self, month: Month) -> String {
        let name = usize::try_from(month.month - 1).map_or("", |index| self.t(MONTHS[index]));
        self.text("date.month_of", &[("month", name), ("year", &month.year.to_string())])
    }

    /// Hour and minute, such as "07.15".
    pub(crate) fn clock(self, at: Timestamp) -> String {
        self.clock_in(at, TimeZone::system())
    }

    fn clock_in(self, at: Timestamp, zone: TimeZone) -> String {
        let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return String::new() };
        let local = instant.to_zoned_datetime(zone);
        let (hour, minute) = (format!("{:02}", local.hour()), format!("{:02}", local.minute()));
        self.text("date.clock", &[("hour", &hour), ("minute", &minute)])
    }

    /// Day without the time, such as "24 November 2026".
    pub(crate) fn day(self, at: Timestamp) -> String {
        format!("{} {}", day(at), self.month(Month::of(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_belongs_to_the_month_that_it_is_where_the_box_is() {
        let jakarta = || TimeZone::get("Asia/Jakarta").expect("bundled");
        // 2026-07-31T17:13Z is the first of August, just after midnight.
        let at = Timestamp(1_785_518_000_000);
        assert_eq!(Month::of_in(at, TimeZone::UTC).name(), "2026-07");
        assert_eq!(Month::of_in(at, jakarta()).name(), "2026-08");
        assert_eq!(day_in(at, jakarta()).to_string(), "2026-08-01");
        assert_eq!(Language::Id.clock_in(at, jakarta()), "00.13");
        assert_eq!(Language::En.clock_in(at, TimeZone::UTC), "17:13");
        assert_eq!(Language::Id.clock(Timestamp(i64::MAX)), "");
        assert_eq!(Month::of(Timestamp(i64::MAX)).name(), "1970-01");
    }

    #[test]
    fn addresses_name_months_and_nothing_else() {
        let month = Month::parse("2026-08").expect("a month");
        assert_eq!((month.name().as_str(), Language::Id.month(month).as_str()), ("2026-08", "Agustus 2026"));
        for wrong in ["", "2026", "2026-13", "2026-0", "x-1", "2026-1-1", "99999-1"] {
            assert_eq!(Month::parse(wrong), None, "{wrong}");
        }
        assert!(month < Month::parse("2027-01").expect("a month"));
    }
}
