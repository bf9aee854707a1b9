//! Points and scores as people type them, and as exact numbers.

use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::error::{Error, Result};
use crate::limits;

/// A score in hundredths of a point, so that sums and comparisons are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Score(pub i64);

impl Score {
    /// What a teacher typed, such as `87,5` or `87.5`; nothing if that is blank. `score_invalid` if
    /// it is no number from 0 to `points` with at most two decimals.
    pub fn read(typed: &str, points: i64) -> Result<Option<Self>> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Ok(None);
        }
        hundredths(typed)
            .filter(|score| *score <= points.saturating_mul(100))
            .map(|score| Some(Self(score)))
            .ok_or_else(|| Error::new(Code::ScoreInvalid).with("most", points))
    }

    /// With this decimal sign, and no decimals that say nothing.
    pub fn written(self, point: char) -> String {
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        match (rest, rest % 10) {
            (0, _) => whole.to_string(),
            (_, 0) => format!("{whole}{point}{}", rest / 10),
            _ => format!("{whole}{point}{rest:02}"),
        }
    }
}

/// The points of an assignment. `points_invalid` if it is no whole number from 1 to
/// [`limits::POINTS`].
pub fn points(typed: &str) -> Result<i64> {
    counted(typed, limits::POINTS, Code::PointsInvalid)
}

/// A whole number from 1 to `most`; `code` if it is none.
pub fn counted(typed: &str, most: i64, code: Code) -> Result<i64> {
    let number = typed.trim().parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| Error::new(code).with("most", most))
}

fn hundredths(typed: &str) -> Option<i64> {
    let (whole, decimals) = typed.split_once([',', '.']).unwrap_or((typed, "0"));
    let plain = |digits: &str, most| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit())
    };
    if !plain(whole, 6) || !plain(decimals, 2) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{decimals:0<2}").parse().ok()?;
    Some(whole * 100 + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_read_with_either_decimal_sign_and_written_without_idle_zeros() {
        for (typed, hundredths, written) in [
            ("87", 8_700, "87"),
            (" 87,5 ", 8_750, "87,5"),
            ("87.50", 8_750, "87,5"),
            ("0", 0, "0"),
            ("99.05", 9_905, "99,05"),
            ("100", 10_000, "100"),
        ] {
            let score = Score::read(typed, 100).expect(typed).expect("a score");
            assert_eq!((score.0, score.written(',').as_str()), (hundredths, written), "{typed}");
        }
        assert_eq!(Score::read(" ", 100).expect("blank"), None);
        for typed in ["-1", "100,01", "101", "a", "8,", ",5", "1e2", "1.000", "+5", "9999999"] {
            assert_eq!(Score::read(typed, 100).expect_err(typed).code, Code::ScoreInvalid, "{typed}");
        }
    }

    #[test]
    fn points_are_whole_and_bounded() {
        assert_eq!(points(" 100 ").expect("points"), 100);
        for typed in ["", "0", "-5", "1001", "10,5", "x"] {
            assert_eq!(points(typed).expect_err(typed).code, Code::PointsInvalid, "{typed}");
        }
    }
}
