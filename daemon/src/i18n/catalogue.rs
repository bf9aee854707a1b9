//! The table of texts that the build made from `web/locales/`, sorted by key.

use super::Language;

static TEXTS: &[(&str, [&str; 2])] = &include!(concat!(env!("OUT_DIR"), "/catalogue.rs"));

const fn column(language: Language) -> usize {
    match language {
        Language::Id => 0,
        Language::En => 1,
    }
}

/// The text of `key`.
pub(super) fn find(language: Language, key: &str) -> Option<&'static str> {
    let at = TEXTS.binary_search_by_key(&key, |(name, _)| name).ok()?;
    Some(TEXTS[at].1[column(language)])
}

/// Every key with its text.
pub(super) fn all(language: Language) -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXTS.iter().map(move |(key, texts)| (*key, texts[column(language)]))
}

/// Replaces each `{name}` by its value. Values are not looked at again; a name without a value
/// stays as it is, so that a mistake is seen.
pub(super) fn fill(text: &str, args: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let value = after.split_once('}').and_then(|(name, tail)| {
            let (_, value) = args.iter().find(|(known, _)| *known == name)?;
            Some((*value, tail))
        });
        if let Some((value, tail)) = value {
            filled.push_str(value);
            rest = tail;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}
