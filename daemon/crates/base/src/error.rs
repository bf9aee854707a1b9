//! One error for everything that can go wrong: a code for the user, the cause for the journal.

use std::error::Error as StdError;
use std::fmt;

use crate::code::Code;
use crate::kind::Kind;

/// A result whose error is ours.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong. Its `Display` is for the journal; a user gets `error.<code>` from the
/// catalogue with `args` filled in, never the cause.
#[derive(Debug)]
pub struct Error {
    /// The stable code.
    pub code: Code,
    /// Values for the placeholders of the code's sentence.
    pub args: Vec<(&'static str, String)>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error without a cause.
    pub const fn new(code: Code) -> Self {
        Self { code, args: Vec::new(), source: None }
    }

    /// Adds a value for the sentence's placeholder `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds the cause, which only the journal will see.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The sort of failure.
    pub const fn kind(&self) -> Kind {
        self.code.kind()
    }
}

impl From<Code> for Error {
    fn from(code: Code) -> Self {
        Self::new(code)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code.name())?;
        for (name, value) in &self.args {
            write!(formatter, " {name}={value}")?;
        }
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(formatter, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_journal_sees_code_values_and_cause() {
        let error = Error::new(Code::ChatTooLong).with("most", 4_000).because("a cause");
        assert_eq!(error.to_string(), "chat_too_long most=4000: a cause");
        assert_eq!(error.kind().status(), 400);
    }
}
