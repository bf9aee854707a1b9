//! Bounded text: raw input becomes a checked value once, at the edge.

use crate::code::Code;
use crate::error::{Error, Result};
use crate::limits;

/// A person's name as shown to others: trimmed, single spaces, no control or
/// direction-changing characters, 1 to [`limits::NAME_CHARACTERS`].
pub fn name(raw: &str) -> Result<String> {
    line(raw, limits::NAME_CHARACTERS, Code::NameEmpty, Code::NameTooLong)
}

/// A title of a course or a meeting, cleaned as [`name`] is.
pub fn title(raw: &str) -> Result<String> {
    line(raw, limits::TITLE_CHARACTERS, Code::TitleEmpty, Code::TitleTooLong)
}

/// A school's name, cleaned as [`name`] is.
pub fn school(raw: &str) -> Result<String> {
    line(raw, limits::SCHOOL_CHARACTERS, Code::SchoolEmpty, Code::SchoolTooLong)
}

/// A school's number of a student, without the spaces in it; nothing if there is none.
/// [`Code::NumberInvalid`] with other than letters, digits and `.-/`, or over the limit.
pub fn number(raw: &str) -> Result<Option<String>> {
    let number: String =
        raw.chars().filter(|character| !character.is_whitespace() && !is_hostile(*character)).collect();
    let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '/');
    if number.chars().count() > limits::NUMBER_CHARACTERS || !number.chars().all(plain) {
        return Err(Error::new(Code::NumberInvalid).with("most", limits::NUMBER_CHARACTERS));
    }
    Ok((!number.is_empty()).then_some(number))
}

/// A group's name, cleaned as [`name`] is; nothing if there is none.
pub fn group(raw: &str) -> Result<Option<String>> {
    match line(raw, limits::GROUP_CHARACTERS, Code::NotFound, Code::GroupTooLong) {
        Ok(group) => Ok(Some(group)),
        Err(error) if error.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Text of a chat message: line breaks stay, surrounding space goes,
/// 1 to [`limits::CHAT_CHARACTERS`].
pub fn chat(raw: &str) -> Result<String> {
    let text: String = raw
        .replace("\r\n", "\n")
        .chars()
        .filter(|character| matches!(character, '\n' | '\t') || !is_hostile(*character))
        .collect();
    bounded(text.trim(), limits::CHAT_CHARACTERS, Code::ChatEmpty, Code::ChatTooLong)
}

/// A join code as typed: case, spaces and dashes do not matter.
pub fn join_code(raw: &str) -> String {
    raw.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(limits::JOIN_CODE_CHARACTERS + 1)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

fn line(raw: &str, most: usize, empty: Code, too_long: Code) -> Result<String> {
    let visible: String = raw
        .chars()
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .filter(|character| !is_hostile(*character))
        .collect();
    let words: Vec<&str> = visible.split(' ').filter(|word| !word.is_empty()).collect();
    bounded(&words.join(" "), most, empty, too_long)
}

fn bounded(text: &str, most: usize, empty: Code, too_long: Code) -> Result<String> {
    let count = text.chars().count();
    if !text.chars().any(|character| !character.is_whitespace() && !is_invisible(character)) {
        return Err(Error::new(empty));
    }
    if count > most {
        return Err(Error::new(too_long).with("most", most).with("count", count));
    }
    Ok(text.to_owned())
}

/// Control characters, and those that reorder the text around them (Unicode TR 36, 3.6).
fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{200e}' | '\u{200f}')
}

/// Characters that print nothing by themselves; the joiners stay because emoji need them.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{fe0f}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_bounded() {
        assert_eq!(name("  Siti \t Nur\u{202e}haliza ").expect("a name"), "Siti Nurhaliza");
        assert_eq!(name(" \u{200b} ").expect_err("nothing visible").code, Code::NameEmpty);
        assert_eq!(name(&"ä".repeat(60)).expect("sixty characters").chars().count(), 60);
        assert_eq!(name(&"ä".repeat(61)).expect_err("too long").code, Code::NameTooLong);
    }

    #[test]
    fn numbers_and_groups_may_be_missing_but_not_strange() {
        assert_eq!(number(" 0051 234.567 ").expect("a number").as_deref(), Some("0051234.567"));
        assert_eq!(number(" ").expect("none"), None);
        for strange in ["1,23457E+09", "<b>", "=1", &"1".repeat(31)] {
            assert_eq!(number(strange).expect_err(strange).code, Code::NumberInvalid);
        }
        assert_eq!(group("  7  A ").expect("a group").as_deref(), Some("7 A"));
        assert_eq!(group("\u{200b}").expect("none"), None);
        assert_eq!(group(&"x".repeat(41)).expect_err("long").code, Code::GroupTooLong);
    }

    #[test]
    fn chat_keeps_line_breaks_and_emoji() {
        assert_eq!(chat("Halo\r\n👩‍🏫\u{0}\n").expect("text"), "Halo\n👩‍🏫");
        assert_eq!(chat("\n \n").expect_err("blank").code, Code::ChatEmpty);
        assert_eq!(chat(&"😀".repeat(4_001)).expect_err("too long").code, Code::ChatTooLong);
    }

    #[test]
    fn join_codes_forgive_how_they_are_typed() {
        assert_eq!(join_code(" ab-c 23d"), "ABC23D");
        assert_eq!(join_code(&"a".repeat(1000)).len(), 7);
    }
}
