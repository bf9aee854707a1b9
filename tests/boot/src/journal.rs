//! Warnings of the journal, and which of them are expected.

use std::fmt;

use serde_json::Value;

use crate::Outcome;
use crate::expected::{EXPECTED, Occurs};

/// A warning or worse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The program that wrote it.
    pub(crate) from: String,
    pub(crate) message: String,
}

impl fmt::Display for Entry {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.from, self.message)
    }
}

/// Which of the expected warnings have been seen in any boot.
#[derive(Debug, Default)]
pub(crate) struct Seen([bool; EXPECTED.len()]);

impl Seen {
    /// Marks what is expected and returns the rest.
    pub(crate) fn judge(&mut self, entries: &[Entry]) -> Vec<Entry> {
        let Self(seen) = self;
        let mut unexpected: Vec<Entry> = Vec::new();
        for entry in entries {
            let mut known = false;
            for (index, expected) in EXPECTED.iter().enumerate() {
                if expected.from == entry.from && matches(expected.pattern, &entry.message) {
                    seen[index] = true;
                    known = true;
                }
            }
            if !known && !unexpected.contains(entry) {
                unexpected.push(entry.clone());
            }
        }
        unexpected
    }

    /// Every entry of the list that always occurs did occur: a list grows stale otherwise.
    pub(crate) fn all_occurred(&self) -> Outcome<()> {
        let missing: Vec<String> = EXPECTED
            .iter()
            .zip(self.0)
            .filter(|(expected, seen)| expected.occurs == Occurs::Always && !seen)
            .map(|(expected, _)| format!("{} ({})", expected.pattern, expected.reason))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(format!("take out of tests/boot/src/expected.rs: {}", missing.join(" | ")).into())
    }
}

/// Parses `journalctl -o json`, an object in each line.
pub(crate) fn entries(lines: &str) -> Outcome<Vec<Entry>> {
    lines
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line)?;
            let text = |name: &str| match &value[name] {
                Value::String(text) => text.clone(),
                // Bytes that are no text come as a list of numbers.
                other => other.to_string(),
            };
            let identifier = if value["SYSLOG_IDENTIFIER"].is_null() { "_COMM" } else { "SYSLOG_IDENTIFIER" };
            Ok(Entry { from: text(identifier), message: text("MESSAGE") })
        })
        .collect()
}

/// Whether `text` is `pattern`, in which `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((head, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(head) else { return false };
    let parts: Vec<&str> = rest.split('*').collect();
    let Some((last, middle)) = parts.split_last() else { return false };
    for part in middle {
        match text.split_once(part) {
            Some((_, rest)) => text = rest,
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_stands_for_the_whole_message() {
        assert!(matches("a*b*c", "a1b2c") && matches("a", "a") && matches("*", "") && matches("a*a", "aa"));
        assert!(
            !matches("a", "ab") && !matches("a*b", "a1c") && !matches("a*a", "a") && !matches("b*", "ab")
        );
    }

    #[test]
    fn journal_lines_become_entries() {
        let lines =
            "{\"SYSLOG_IDENTIFIER\":\"kernel\",\"MESSAGE\":\"a\"}\n{\"_COMM\":\"x\",\"MESSAGE\":[27,91]}\n";
        let found = entries(lines).expect("JSON");
        assert_eq!(found[0], Entry { from: "kernel".into(), message: "a".into() });
        assert_eq!(found[1], Entry { from: "x".into(), message: "[27,91]".into() });
        assert!(entries("nothing").is_err());
    }

    #[test]
    fn what_is_not_listed_is_unexpected_once() {
        let entry = Entry { from: "nobody".into(), message: "never heard of".into() };
        assert_eq!(Seen::default().judge(&[entry.clone(), entry.clone()]), [entry]);
    }

    #[test]
    fn every_expected_warning_has_a_reason() {
        assert!(EXPECTED.iter().all(|expected| expected.reason.len() > 20 && !expected.pattern.is_empty()));
    }
}
