//! What people read, in Indonesian and English: which language a visitor gets, and its texts.
//!
//! May use: `base`. Used by: `site`, `live`, `run`. The texts stand in `web/locales/` alone; the
//! build fails when one is missing (`daemon/build.rs`).

mod catalogue;
mod choice;
mod date;
pub(crate) mod local;
pub(crate) mod month;
mod number;

use base::Error;

/// A language of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    /// Indonesian, which a visitor gets who asks for nothing that we have.
    #[default]
    Id,
    /// English.
    En,
}

/// The cookie that remembers which language somebody chose.
pub(crate) const LANGUAGE_COOKIE: &str = "kelas_language";

impl Language {
    /// Every language, in the order in which the switch shows them.
    pub(crate) const ALL: [Self; 2] = [Self::Id, Self::En];

    /// The tag for `lang` and `Accept-Language` (RFC 5646).
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::En => "en",
        }
    }

    /// The language's own name for itself.
    pub(crate) const fn own_name(self) -> &'static str {
        match self {
            Self::Id => "Bahasa Indonesia",
            Self::En => "English",
        }
    }

    /// The language with this tag.
    pub(crate) fn by_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| tag.eq_ignore_ascii_case(language.tag()))
    }

    /// The text of `key`. The build makes sure that there is one for each key that stands in
    /// templates and handlers; for any other, nothing and a line in the journal.
    pub(crate) fn t(self, key: &str) -> &'static str {
        catalogue::find(self, key).unwrap_or_else(|| {
            tracing::error!(key, "no text for this key");
            ""
        })
    }

    /// The text of `key` with its placeholders filled in.
    pub(crate) fn text(self, key: &str, args: &[(&str, &str)]) -> String {
        catalogue::fill(self.t(key), args)
    }

    /// The text for a number of things: `key.one` or `key.other` by the language's rule, with
    /// `{count}` filled in.
    pub(crate) fn count(self, key: &str, count: usize) -> String {
        let form = match self {
            Self::En if count == 1 => "one",
            Self::Id | Self::En => "other",
        };
        self.text(&format!("{key}.{form}"), &[("count", &count.to_string())])
    }

    /// The sentence for an error.
    pub(crate) fn error(self, error: &Error) -> String {
        let args: Vec<(&str, &str)> =
            error.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.text(&format!("error.{}", error.code.name()), &args)
    }

    /// Every key that begins with one of `prefixes`, with its text: what a script needs.
    pub(crate) fn messages(self, prefixes: &[&str]) -> serde_json::Map<String, serde_json::Value> {
        catalogue::all(self)
            .filter(|(key, _)| prefixes.iter().any(|prefix| key.starts_with(prefix)))
            .map(|(key, text)| (key.to_owned(), text.into()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use base::Code;

    use super::*;

    #[test]
    fn every_error_code_has_a_sentence_in_both_languages() {
        for language in Language::ALL {
            for code in Code::ALL {
                let key = format!("error.{}", code.name());
                assert!(catalogue::find(language, &key).is_some_and(|text| !text.is_empty()), "{key}");
            }
        }
    }

    #[test]
    fn placeholders_are_filled_once_and_values_are_left_alone() {
        let error = Error::new(Code::NameTooLong).with("most", 60).with("count", "{most}");
        assert_eq!(Language::En.error(&error), "The name is too long: {most} characters, at most 60.");
    }

    #[test]
    fn a_script_gets_the_keys_it_asked_for_and_no_others() {
        let messages = Language::Id.messages(&["error.chat_"]);
        assert!(messages.contains_key("error.chat_empty"));
        assert!(messages.keys().all(|key| key.starts_with("error.chat_")));
    }
}
