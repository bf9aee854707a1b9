//! Numbers as people write them.

use base::decimal::Decimal;
use base::score::Score;

use super::Language;

impl Language {
    /// A score as people write it.
    pub(crate) fn score(self, score: Score) -> String {
        score.written(self.point())
    }

    /// An exact number as people write it.
    pub(crate) fn decimal(self, number: Decimal) -> String {
        number.written(self.point())
    }

    /// What stands before the decimals.
    const fn point(self) -> char {
        match self {
            Self::Id => ',',
            Self::En => '.',
        }
    }

    /// A number with so many decimals, such as "1.234,5" in Indonesian and "1,234.5" in English.
    pub(crate) fn number(self, value: f64, decimals: usize) -> String {
        let point = self.point();
        let group = if point == ',' { '.' } else { ',' };
        let plain = format!("{:.decimals$}", value.abs());
        let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
        let is_zero = plain.chars().all(|digit| matches!(digit, '0' | '.'));
        let mut text = String::new();
        if value < 0.0 && !is_zero {
            text.push('\u{2212}');
        }
        for (place, digit) in whole.chars().enumerate() {
            if place > 0 && (whole.len() - place).is_multiple_of(3) {
                text.push(group);
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(point);
            text.push_str(fraction);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_and_decimals_stand_as_each_language_has_them() {
        for (value, decimals, indonesian, english) in [
            (1_234.5, 1, "1.234,5", "1,234.5"),
            (999.0, 0, "999", "999"),
            (1_000_000.0, 0, "1.000.000", "1,000,000"),
            (-61.25, 1, "\u{2212}61,2", "\u{2212}61.2"),
            (-0.01, 1, "0,0", "0.0"),
        ] {
            assert_eq!(Language::Id.number(value, decimals), indonesian);
            assert_eq!(Language::En.number(value, decimals), english);
        }
    }
}
