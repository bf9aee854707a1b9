//! Which language a request gets: the chosen one, else the browser's, else Indonesian.

use http::{HeaderMap, header};

use super::{LANGUAGE_COOKIE, Language};

impl Language {
    /// The language for a request with these headers.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        chosen(headers).or_else(|| accepted(headers)).unwrap_or_default()
    }
}

fn chosen(headers: &HeaderMap) -> Option<Language> {
    let values = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == LANGUAGE_COOKIE).and_then(|(_, tag)| Language::by_tag(tag))
}

/// The best known language of `Accept-Language` (RFC 9110, 12.5.4). `ms` is answered in
/// Indonesian, which its speakers read; `in` is what old Android calls Indonesian.
fn accepted(headers: &HeaderMap) -> Option<Language> {
    let value = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    let mut best: Option<(f32, Language)> = None;
    for range in value.split(',').take(32) {
        let mut parts = range.split(';');
        let primary = parts.next().unwrap_or_default().trim().split('-').next().unwrap_or_default();
        let language = match primary.to_ascii_lowercase().as_str() {
            "id" | "in" | "ms" => Language::Id,
            "en" => Language::En,
            _ => continue,
        };
        let quality = parts
            .find_map(|part| part.trim().strip_prefix("q="))
            .map_or(1.0, |quality| quality.parse::<f32>().unwrap_or(0.0));
        if quality > 0.0 && best.is_none_or(|(better, _)| quality > better) {
            best = Some((quality, language));
        }
    }
    best.map(|(_, language)| language)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn language(cookie: &'static str, accept: &'static str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(cookie));
        headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(accept));
        Language::of(&headers)
    }

    #[test]
    fn the_choice_wins_over_the_browser_and_indonesian_over_the_unknown() {
        assert_eq!(Language::of(&HeaderMap::new()), Language::Id);
        assert_eq!(language("a=b; kelas_language=en", "id"), Language::En);
        assert_eq!(language("kelas_language=xx", "en-GB,en;q=0.9"), Language::En);
        assert_eq!(language("", "de-DE,de;q=0.9"), Language::Id);
    }

    #[test]
    fn the_browsers_order_of_preference_is_kept() {
        assert_eq!(language("", "de,en;q=0.5,id;q=0.8"), Language::Id);
        assert_eq!(language("", "ms-MY,en;q=0.5"), Language::Id);
        assert_eq!(language("", "id;q=0,en;q=0.1"), Language::En);
        assert_eq!(language("", "en;q=much,id;q=0.1"), Language::Id);
    }
}
