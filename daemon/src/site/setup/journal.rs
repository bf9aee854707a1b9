//! One line of the journal for each change that a technician makes here: who, what, and what came
//! of it. Never what was typed.

use base::Error;
use store::Person;

/// `what` is a verb that stays the same over versions, so that it can be searched for.
pub(in crate::site) fn log(who: &Person, what: &'static str, error: Option<&Error>) {
    let who = format!("{} ({})", who.id.0, who.login.as_deref().unwrap_or(&who.name));
    match error {
        None => tracing::info!(who, what, result = "done", "applied"),
        Some(error) => tracing::warn!(who, what, result = %error, "not applied"),
    }
}
