//! What an answer to a question is worth: pure, so that it can be counted anew at any time.
//!
//! An answer is a line of text whatever the question is: the numbers of the choices, counted from 1
//! and separated by spaces; a number as it was typed; a word as it was typed.
//!
//! The rule for several choices: each right one that was chosen counts for, each wrong one against;
//! never less than nothing. So nobody gains by choosing all of them, and a half that is right counts
//! half.

use std::collections::BTreeSet;

use crate::decimal::Decimal;
use crate::score::Score;

/// What makes an answer right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Solution {
    /// This choice, counted from 1.
    Single(usize),
    /// These choices and no others, counted from 1.
    Multiple(BTreeSet<usize>),
    /// A number, and how far from it an answer may be.
    Number(Decimal, Decimal),
    /// Any of these spellings, whatever the case and the spaces.
    Text(Vec<String>),
}

impl Solution {
    /// What `answer` earns of `points`; broken points are cut off at hundredths.
    pub fn earned(&self, answer: &str, points: i64) -> Score {
        let full = points.saturating_mul(100);
        let all_or_nothing = |is_right: bool| Score(if is_right { full } else { 0 });
        match self {
            Self::Single(right) => all_or_nothing(chosen(answer) == BTreeSet::from([*right])),
            Self::Multiple(right) => {
                let chosen = chosen(answer);
                let hits = whole(chosen.intersection(right).count());
                let misses = whole(chosen.difference(right).count());
                Score(full * (hits - misses).max(0) / whole(right.len()).max(1))
            }
            Self::Number(right, tolerance) => {
                all_or_nothing(Decimal::read(answer).is_ok_and(|given| given.is_near(*right, *tolerance)))
            }
            Self::Text(spellings) => {
                let given = plain(answer);
                all_or_nothing(!given.is_empty() && spellings.iter().any(|spelling| plain(spelling) == given))
            }
        }
    }
}

/// The choices that an answer names.
pub fn chosen(answer: &str) -> BTreeSet<usize> {
    answer.split_ascii_whitespace().filter_map(|number| number.parse().ok()).collect()
}

/// An answer that names `choices`.
pub fn choosing(choices: &BTreeSet<usize>) -> String {
    choices.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A short text as it is compared: in lower case, with single spaces and nothing around it but what
/// belongs to it; a full stop at the end says nothing.
pub fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split_whitespace().collect();
    words.join(" ").trim_end_matches(['.', ' ']).to_owned()
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(typed: &str) -> Decimal {
        Decimal::read(typed).expect(typed)
    }

    #[test]
    fn one_choice_is_right_or_not() {
        for (answer, earned) in [("2", 500), ("1", 0), ("", 0), ("2 3", 0), ("x", 0), ("99", 0)] {
            assert_eq!(Solution::Single(2).earned(answer, 5), Score(earned), "{answer:?}");
        }
    }

    #[test]
    fn several_choices_count_for_and_against() {
        let solution = Solution::Multiple(BTreeSet::from([1, 3, 4]));
        for (answer, earned, why) in [
            ("1 3 4", 1_000, "all"),
            ("4 3 1", 1_000, "in any order"),
            ("1 3", 666, "two of three"),
            ("1", 333, "one of three"),
            ("1 2", 0, "a right one and a wrong one"),
            ("1 3 2", 333, "two right ones and a wrong one"),
            ("1 2 3 4 5", 333, "everything"),
            ("2 5", 0, "never less than nothing"),
            ("", 0, "nothing"),
            ("1 1 1", 333, "each once"),
        ] {
            assert_eq!(solution.earned(answer, 10), Score(earned), "{why}");
        }
        assert_eq!(Solution::Multiple(BTreeSet::new()).earned("1", 10), Score(0));
    }

    #[test]
    fn a_number_may_be_near() {
        let solution = Solution::Number(number("3,14"), number("0,01"));
        for (answer, is_right) in [
            ("3.14", true),
            ("3,15", true),
            (" 3,13 ", true),
            ("3,1501", false),
            ("3", false),
            ("pi", false),
            ("", false),
        ] {
            assert_eq!(solution.earned(answer, 1), Score(if is_right { 100 } else { 0 }), "{answer:?}");
        }
        assert_eq!(Solution::Number(number("-2"), number("0")).earned("\u{2212}2,0", 1), Score(100));
    }

    #[test]
    fn a_text_has_several_spellings_whatever_case_and_spaces() {
        let solution = Solution::Text(vec!["Ki Hajar Dewantara".into(), "Ki Hadjar Dewantara".into()]);
        for (answer, is_right) in [
            ("ki hajar dewantara", true),
            ("  KI  HADJAR   DEWANTARA. ", true),
            ("Ki Hajar", false),
            ("", false),
            (".", false),
        ] {
            assert_eq!(solution.earned(answer, 2), Score(if is_right { 200 } else { 0 }), "{answer:?}");
        }
        assert_eq!(plain("ÉTÉ "), "été");
    }

    #[test]
    fn what_is_chosen_is_written_as_it_is_read() {
        let choices = BTreeSet::from([10, 2, 1]);
        assert_eq!(choosing(&choices), "1 2 10");
        assert_eq!(chosen(&choosing(&choices)), choices);
    }
}
