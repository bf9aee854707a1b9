//! Moments as a form's `datetime-local` field writes them, in the time zone of the box; and as
//! somebody types them whose browser has no such field.

use base::clock::Timestamp;
use base::{Code, Error, Result};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// Such as `2026-11-24T09:05`.
pub(crate) fn written(at: Timestamp) -> String {
    written_in(at, TimeZone::system())
}

/// The moment that a form names: `2026-11-24T09:05`, or with a space or `09.05`. `time_invalid`
/// for anything else.
pub(crate) fn read(typed: &str) -> Result<Timestamp> {
    read_in(typed, &TimeZone::system())
}

fn written_in(at: Timestamp, zone: TimeZone) -> String {
    let Ok(instant) = jiff::Timestamp::from_millisecond(at.0) else { return String::new() };
    instant.to_zoned_datetime(zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

fn read_in(typed: &str, zone: &TimeZone) -> Result<Timestamp> {
    let invalid = |error: jiff::Error| Error::new(Code::TimeInvalid).because(error);
    let typed = typed.trim().replacen(' ', "T", 1).replace('.', ":");
    let local: DateTime = typed.parse().map_err(invalid)?;
    let at = zone.to_timestamp(local).map_err(invalid)?;
    Ok(Timestamp(at.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_writes_is_read_back_and_what_people_type_is_understood() {
        let jakarta = || TimeZone::get("Asia/Jakarta").expect("bundled");
        let at = Timestamp(1_785_500_000_000);
        assert_eq!(written_in(at, jakarta()), "2026-07-31T19:13");
        let minute = Timestamp(at.0 / 60_000 * 60_000);
        for typed in ["2026-07-31T19:13", "2026-07-31 19.13", " 2026-07-31 19:13:00 "] {
            assert_eq!(read_in(typed, &jakarta()).expect(typed), minute, "{typed}");
        }
        for typed in ["besok", "2026-13-01T10:00", "31-07-2026 19:13", "2026-07-31T25:00"] {
            assert_eq!(read_in(typed, &jakarta()).expect_err(typed).code, Code::TimeInvalid, "{typed}");
        }
        assert_eq!(written(Timestamp(i64::MAX)), "");
    }
}
