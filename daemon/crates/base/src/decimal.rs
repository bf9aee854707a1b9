//! Numbers as people answer them: exact, with either decimal sign.

use crate::code::Code;
use crate::error::{Error, Result};

/// Digits behind the decimal sign.
const DECIMALS: usize = 6;
/// Digits before it.
const WHOLE: usize = 12;

/// A number in millionths, so that comparisons are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal(pub i64);

impl Decimal {
    /// What somebody typed, such as `3,14`, `3.14` or `-2`. One sign is the decimal sign, whichever it
    /// is; so `1.000` is one. `number_unreadable` for all that is no number, or has more than twelve
    /// digits before or six behind the sign.
    pub fn read(typed: &str) -> Result<Self> {
        let typed = typed.trim();
        let (negative, digits) = match typed.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, typed.strip_prefix('+').unwrap_or(typed)),
        };
        let size = millionths(digits).ok_or_else(|| Error::new(Code::NumberUnreadable))?;
        Ok(Self(if negative { -size } else { size }))
    }

    /// With this decimal sign, and no decimals that say nothing.
    pub fn written(self, point: char) -> String {
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let decimals = format!("{:06}", size % 1_000_000);
        let decimals = decimals.trim_end_matches('0');
        let whole = size / 1_000_000;
        if decimals.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}{point}{decimals}") }
    }

    /// Whether `other` is no further away than `tolerance`.
    pub fn is_near(self, other: Self, tolerance: Self) -> bool {
        self.0.abs_diff(other.0) <= tolerance.0.unsigned_abs()
    }
}

fn millionths(digits: &str) -> Option<i64> {
    let (whole, decimals) = digits.split_once([',', '.']).unwrap_or((digits, "0"));
    let plain = |digits: &str, most| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    if !plain(whole, WHOLE) || !plain(decimals, DECIMALS) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{decimals:0<DECIMALS$}").parse().ok()?;
    Some(whole * 1_000_000 + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them_and_written_without_idle_zeros() {
        for (typed, millionths, written) in [
            ("3,14", 3_140_000, "3,14"),
            (" 3.140 ", 3_140_000, "3,14"),
            ("-2", -2_000_000, "-2"),
            ("\u{2212} 0,5", -500_000, "-0,5"),
            ("+7", 7_000_000, "7"),
            ("0", 0, "0"),
            ("-0", 0, "0"),
            ("1.000", 1_000_000, "1"),
            ("0,000001", 1, "0,000001"),
            ("999999999999,999999", 999_999_999_999_999_999, "999999999999,999999"),
        ] {
            let number = Decimal::read(typed).expect(typed);
            assert_eq!((number.0, number.written(',').as_str()), (millionths, written), "{typed}");
        }
        for typed in ["", "-", "x", "1e3", "1.000,5", "1,", ",5", "1/2", "--1", "1234567890123", "0,1234567"]
        {
            assert_eq!(Decimal::read(typed).expect_err(typed).code, Code::NumberUnreadable, "{typed}");
        }
    }

    #[test]
    fn nearness_has_its_edges() {
        let number = |typed| Decimal::read(typed).expect(typed);
        assert!(number("3,14").is_near(number("3,15"), number("0,01")));
        assert!(!number("3,14").is_near(number("3,150001"), number("0,01")));
        assert!(number("-1").is_near(number("1"), number("2")));
        assert!(number("5").is_near(number("5"), number("0")));
    }
}
