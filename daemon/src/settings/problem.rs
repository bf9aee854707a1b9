//! What is wrong with a setting, said so that it can be put right.
//!
//! Architecture invariant: a secret's value stands in no problem, and neither does the line of a
//! file that could not be understood, which may hold one.

use std::fmt;

use crate::settings::key::{Key, Visibility};
use crate::settings::layer::Sourced;

/// Characters of what was found that are told: enough to know it again.
const FOUND_CHARACTERS: usize = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A file cannot be read or is not TOML.
    Unreadable { source: String, cause: String },
    /// No setting has this name.
    Unknown { source: String, name: String, meant: Option<&'static str> },
    /// A value of the wrong form; not told if it is a secret.
    Invalid { source: String, name: &'static str, found: Option<String>, allowed: &'static str },
}

impl Problem {
    pub(crate) fn unreadable(source: &str, cause: &str) -> Self {
        let cause: Vec<&str> = cause.lines().filter(|line| !is_excerpt(line)).map(str::trim).collect();
        Self::Unreadable { source: source.to_owned(), cause: one_line(cause.join(" ").trim()) }
    }

    pub(crate) fn unknown(source: &str, name: &str, meant: Option<&'static str>) -> Self {
        Self::Unknown { source: source.to_owned(), name: one_line(name), meant }
    }

    pub(crate) fn invalid(key: &'static Key, value: &Sourced) -> Self {
        let found = match key.visibility {
            Visibility::Shown => Some(one_line(&value.raw.shown())),
            Visibility::Hidden => None,
        };
        Self::Invalid { source: value.source.clone(), name: key.name, found, allowed: key.allowed }
    }
}

/// Whether a line of the parser's message only shows the file: `3 | password = "…"`.
fn is_excerpt(line: &str) -> bool {
    line.trim_start()
        .trim_start_matches(|character: char| character.is_ascii_digit())
        .trim_start()
        .starts_with('|')
}

/// What anybody may have written into a file, as a part of one line of the log.
fn one_line(text: &str) -> String {
    let mut short = String::new();
    for character in text.chars().take(FOUND_CHARACTERS) {
        if character.is_control() {
            short.extend(character.escape_default());
        } else {
            short.push(character);
        }
    }
    if text.chars().nth(FOUND_CHARACTERS).is_some() {
        short.push('…');
    }
    short
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { source, cause } => write!(formatter, "{source}: cannot be read: {cause}"),
            Self::Unknown { source, name, meant: Some(meant) } => {
                write!(formatter, "{source}: {name}: there is no such setting; did you mean {meant}?")
            }
            Self::Unknown { source, name, meant: None } => {
                write!(formatter, "{source}: {name}: there is no such setting")
            }
            Self::Invalid { source, name, found: Some(found), allowed } => {
                write!(formatter, "{source}: {name}: found \"{found}\", allowed is {allowed}")
            }
            Self::Invalid { source, name, found: None, allowed } => {
                write!(formatter, "{source}: {name}: what was found is not allowed; allowed is {allowed}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::layer::Raw;

    static SECRET: Key = Key {
        name: "wifi.password",
        default: "",
        allowed: "8 to 63 characters",
        about: "",
        visibility: Visibility::Hidden,
    };

    #[test]
    fn a_secret_is_not_told() {
        let value = Sourced { raw: Raw::One("geheim".to_owned()), source: "kelas.toml".to_owned() };
        let told = Problem::invalid(&SECRET, &value).to_string();
        assert_eq!(
            told,
            "kelas.toml: wifi.password: what was found is not allowed; allowed is 8 to 63 characters"
        );
    }

    #[test]
    fn what_was_found_makes_neither_a_second_line_nor_a_long_one() {
        let name = format!("a\n\u{1b}[2J{}", "b".repeat(1_000));
        let told = Problem::unknown("kelas.toml", &name, None).to_string();
        assert!(told.starts_with("kelas.toml: a\\n\\u{1b}[2Jbbb") && told.len() < 200, "{told}");
    }
}
