//! The two catalogues of texts. That pages and handlers ask only for keys there are is checked
//! when the daemon is built; here is what the build cannot see.

use std::collections::{BTreeMap, BTreeSet};

use base::Code;

use crate::repository::Source;
use crate::rust::{code, is_test};

const INDONESIAN: &str = "web/locales/id.json";
const ENGLISH: &str = "web/locales/en.json";

/// Stands for what is filled in at run time.
const HOLE: char = '\0';

/// Both have the same keys in order, no empty text, and the same placeholders for each key.
/// Indonesian has one plural form, so its `….one` may be missing.
pub fn agreement(sources: &[Source]) -> Vec<String> {
    let (indonesian, english) = (texts(sources, INDONESIAN), texts(sources, ENGLISH));
    let mut findings = Vec::new();
    for (path, texts) in [(INDONESIAN, &indonesian), (ENGLISH, &english)] {
        let empty = texts.iter().filter(|(_, text)| text.trim().is_empty());
        findings.extend(empty.map(|(key, _)| format!("{path}: `{key}` is empty; write it")));
        findings.extend(out_of_order(sources, path));
    }
    for (key, text) in &english {
        match indonesian.get(key) {
            None if key.strip_suffix(".one").is_some() => {}
            None => findings.push(format!("{INDONESIAN}: `{key}` is missing; translate it")),
            Some(other) if placeholders(other) != placeholders(text) => {
                findings.push(format!("`{key}`: the two languages have different placeholders"));
            }
            Some(_) => {}
        }
    }
    let missing = indonesian.keys().filter(|key| !english.contains_key(*key));
    findings.extend(missing.map(|key| format!("{ENGLISH}: `{key}` is missing; translate it")));
    findings
}

/// Every error code has its sentence, and every sentence its code.
pub fn error_sentences(sources: &[Source]) -> Vec<String> {
    let catalogue = texts(sources, ENGLISH);
    let codes: BTreeSet<String> = Code::ALL.iter().map(|code| format!("error.{}", code.name())).collect();
    let sentences: BTreeSet<String> =
        catalogue.keys().filter(|key| key.starts_with("error.")).cloned().collect();
    let silent = codes
        .difference(&sentences)
        .map(|key| format!("`{key}` has no sentence; write it in both catalogues"));
    let stray = sentences
        .difference(&codes)
        .map(|key| format!("`{key}` belongs to no code of base::Code; remove it"));
    silent.chain(stray).collect()
}

/// Every text is asked for by a handler, a template or a script.
pub fn unused(sources: &[Source]) -> Vec<String> {
    let asked: BTreeSet<Vec<String>> = askers(sources).flat_map(|(_, text)| literals(&text)).collect();
    let is_asked = |key: &str| {
        let key: Vec<&str> = key.split('.').collect();
        asked.iter().any(|pattern| matches(pattern, &key))
    };
    let unused = texts(sources, ENGLISH).into_keys().filter(|key| {
        let stem = key.strip_suffix(".one").or_else(|| key.strip_suffix(".other"));
        !is_asked(key) && !stem.is_some_and(is_asked)
    });
    unused.map(|key| format!("`{key}` is never shown; remove it from both catalogues")).collect()
}

/// Every text that a script asks for is there.
pub fn scripts(sources: &[Source]) -> Vec<String> {
    let catalogue = texts(sources, ENGLISH);
    let areas: BTreeSet<&str> = catalogue.keys().filter_map(|key| key.split('.').next()).collect();
    let keys: Vec<Vec<&str>> = catalogue
        .keys()
        .flat_map(|key| [Some(key.as_str()), key.strip_suffix(".other")])
        .flatten()
        .map(|key| key.split('.').collect())
        .collect();
    let mut findings = Vec::new();
    for (source, text) in askers(sources).filter(|(source, _)| source.is_below("web/src")) {
        for pattern in literals(&text) {
            if areas.contains(pattern[0].as_str()) && !keys.iter().any(|key| matches(&pattern, key)) {
                let key = pattern.join(".").replace(HOLE, "…");
                findings.push(format!("{}: no catalogue has `{key}`; write it in both", source.path));
            }
        }
    }
    findings
}

fn texts(sources: &[Source], path: &str) -> BTreeMap<String, String> {
    let source = sources.iter().find(|source| source.path == path);
    let source = source.unwrap_or_else(|| panic!("{path} is missing"));
    serde_json::from_str(&source.text)
        .unwrap_or_else(|error| panic!("{path}: one flat object of texts: {error}"))
}

fn out_of_order(sources: &[Source], path: &str) -> Vec<String> {
    let text = sources.iter().find(|source| source.path == path).map_or("", |source| &source.text);
    let keys: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect();
    let pairs = keys.windows(2).filter(|pair| pair[0] >= pair[1]);
    pairs.map(|pair| format!("{path}: `{}` must stand before `{}`", pair[1], pair[0])).collect()
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// What may ask for a text, tests aside.
fn askers(sources: &[Source]) -> impl Iterator<Item = (&Source, String)> {
    sources.iter().filter(|source| !is_test(source)).filter_map(|source| {
        let rust = source.is_below("daemon/src") && source.ends_in(&[".rs"]);
        let web = source.is_below("web/templates") || source.is_below("web/src");
        let text = if rust {
            code(source).flat_map(|(_, line)| [line, "\n"]).collect()
        } else if web {
            source.text.clone()
        } else {
            return None;
        };
        Some((source, text))
    })
}

/// Everything in quotes that has the form of a key, by its parts between dots. What is filled
/// in (`{…}` in Rust, `${…}` in a script, the end of `"area." + name`) is a hole.
fn literals(text: &str) -> Vec<Vec<String>> {
    let quotes = text.char_indices().filter(|(_, character)| matches!(character, '"' | '\'' | '`'));
    let found = quotes.filter_map(|(start, quote)| {
        let literal = literal(&text[start + 1..], quote)?;
        let mut parts: Vec<String> = literal.split('.').map(str::to_owned).collect();
        if parts.last().is_some_and(String::is_empty) {
            parts.pop();
            parts.push(HOLE.to_string());
        }
        let plain = |part: &String| !part.is_empty();
        (parts.len() > 1 && parts.iter().all(plain) && !parts[0].contains(HOLE)).then_some(parts)
    });
    found.collect()
}

/// The text up to the closing `quote`, if all of it can stand in a key.
fn literal(text: &str, quote: char) -> Option<String> {
    let mut literal = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            _ if character == quote => return Some(literal),
            'a'..='z' | '0'..='9' | '_' | '.' => literal.push(character),
            '$' if characters.peek() == Some(&'{') => {}
            '{' => {
                let mut depth = 1;
                while depth > 0 {
                    match characters.next()? {
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        '\n' => return None,
                        _ => {}
                    }
                }
                literal.push(HOLE);
            }
            _ => return None,
        }
    }
    None
}

/// Whether `key` can come out of `pattern`.
fn matches(pattern: &[String], key: &[&str]) -> bool {
    pattern.len() == key.len()
        && pattern.iter().zip(key).all(|(pattern, part)| match pattern.split_once(HOLE) {
            None => pattern == part,
            Some((before, after)) => {
                part.starts_with(before) && part.ends_with(after.trim_start_matches(HOLE))
            }
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogues(indonesian: &str, english: &str) -> Vec<Source> {
        vec![Source::new(INDONESIAN, indonesian), Source::new(ENGLISH, english)]
    }

    #[test]
    fn catalogues_that_differ_are_found() {
        let english = "{\n\"a.b\": \"x {n}\",\n\"a.c.one\": \"y\",\n\"a.c.other\": \"y\"\n}";
        let fine = "{\n\"a.b\": \"x {n}\",\n\"a.c.other\": \"y\"\n}";
        assert_eq!(agreement(&catalogues(fine, english)), Vec::<String>::new());
        for wrong in [
            "{\n\"a.b\": \"x {m}\",\n\"a.c.other\": \"y\"\n}",
            "{\n\"a.b\": \"x {n}\"\n}",
            "{\n\"a.b\": \"x {n}\",\n\"a.c.other\": \" \"\n}",
            "{\n\"a.c.other\": \"y\",\n\"a.b\": \"x {n}\"\n}",
            "{\n\"a.b\": \"x {n}\",\n\"a.c.other\": \"y\",\n\"a.d\": \"z\"\n}",
        ] {
            assert_eq!(agreement(&catalogues(wrong, english)).len(), 1, "{wrong}");
        }
    }

    #[test]
    fn a_key_is_used_by_name_by_stem_and_through_holes() {
        let catalogue =
            "{\"a.b\":\"\",\"a.n.other\":\"\",\"r.x.on\":\"\",\"r.y.on\":\"\",\"s.t\":\"\",\"u.v\":\"\"}";
        let mut sources = catalogues(catalogue, catalogue);
        sources.push(Source::new(
            "web/templates/a.html",
            "<p title=\"{{ page.t(\"a.b\") }}\">{{ page.count(\"a.n\", 3) }}",
        ));
        sources.push(Source::new("web/src/room/a.ts", "t(`r.${name}.on`); t(\"s.\" + x);"));
        sources.push(Source::new("daemon/src/a.rs", "#[cfg(test)]\nmod tests {\n\"u.v\"\n}\n"));
        let findings = unused(&sources);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].contains("u.v"));
    }

    #[test]
    fn a_script_that_asks_for_an_unknown_text_is_found() {
        let catalogue = "{\"r.x.on\":\"\",\"r.n.other\":\"\"}";
        let mut sources = catalogues(catalogue, catalogue);
        sources.push(Source::new(
            "web/src/room/a.ts",
            "t(`r.${name}.on`); t('r.n', {count}); \"other.thing\"; \"r.z\"",
        ));
        let findings = scripts(&sources);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert!(findings[0].contains("r.z"));
    }

    #[test]
    fn an_error_without_sentence_and_a_sentence_without_error_are_found() {
        let english = "{\"error.not_found\":\"x\",\"error.no_such_code\":\"x\"}";
        let findings = error_sentences(&catalogues(english, english));
        assert_eq!(findings.len(), Code::ALL.len(), "all but one code, and one sentence");
    }
}
