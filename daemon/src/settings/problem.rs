//! What is wrong with a setting, said so that it can be put right.

use std::fmt;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A file cannot be read or is not TOML.
    Unreadable { source: String, cause: String },
    /// No setting has this name.
    Unknown { source: String, name: String, meant: Option<&'static str> },
    /// A value of the wrong form.
    Invalid { source: String, name: &'static str, found: String, allowed: &'static str },
}

impl Problem {
    pub(crate) fn unreadable(source: &str, cause: &str) -> Self {
        Self::Unreadable { source: source.to_owned(), cause: cause.trim().replace('\n', " ") }
    }

    pub(crate) fn unknown(source: &str, name: &str, meant: Option<&'static str>) -> Self {
        Self::Unknown { source: source.to_owned(), name: name.to_owned(), meant }
    }
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
            Self::Invalid { source, name, found, allowed } => {
                write!(formatter, "{source}: {name}: found \"{found}\", allowed is {allowed}")
            }
        }
    }
}
