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

/// When a course is taught, in the school's own words, cleaned as [`name`] is; it may stay empty.
pub fn term(raw: &str) -> Result<Option<String>> {
    match line(raw, limits::TERM_CHARACTERS, Code::TitleEmpty, Code::TermTooLong) {
        Err(error) if error.code == Code::TitleEmpty => Ok(None),
        term => term.map(Some),
    }
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
    optional_line(raw, limits::GROUP_CHARACTERS, Code::GroupTooLong)
}

/// The name of a file as another device gave it, fit for every system: what stands behind the last
/// slash, without control and direction-changing characters and without those that Windows does not
/// allow; at most [`limits::FILE_NAME_BYTES`], the ending kept. `file` where nothing is left.
pub fn file_name(raw: &str) -> String {
    let last = raw.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|character| !is_hostile(*character))
        .map(|character| if character.is_whitespace() { ' ' } else { character })
        .map(|character| if r#"<>:"|?*"#.contains(character) { '_' } else { character })
        .collect();
    // Windows drops dots and spaces at the end; a dot in front hides a file elsewhere.
    let name = plain.trim_matches([' ', '.']);
    if !name.chars().any(|character| !character.is_whitespace() && !is_invisible(character)) {
        return "file".to_owned();
    }
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= FILE_ENDING_BYTES => (stem, format!(".{ending}")),
        _ => (name, String::new()),
    };
    let device = stem.split('.').next().unwrap_or_default().to_ascii_uppercase();
    let mark = if is_device(device.trim_end()) { "_" } else { "" };
    let most = limits::FILE_NAME_BYTES - ending.len() - mark.len();
    format!("{mark}{}{ending}", cut(stem, most).trim_end_matches([' ', '.']))
}

/// A Markdown text of a meeting: line breaks stay, surrounding space goes.
pub fn material(raw: &str) -> Result<String> {
    let text = lines(raw);
    bounded(
        text.trim_matches(['\n', ' ', '\t']),
        limits::MATERIAL_CHARACTERS,
        Code::MaterialEmpty,
        Code::MaterialTooLong,
    )
}

/// The instructions of an assignment, in Markdown; nothing if there are none.
pub fn instructions(raw: &str) -> Result<Option<String>> {
    optional(raw, limits::MATERIAL_CHARACTERS, Code::InstructionsTooLong)
}

/// What a student hands in as text, as it was written; nothing if that is blank.
pub fn submission(raw: &str) -> Result<Option<String>> {
    optional(raw, limits::MATERIAL_CHARACTERS, Code::SubmissionTooLong)
}

/// A teacher's comment on a student's work; nothing if it is blank.
pub fn comment(raw: &str) -> Result<Option<String>> {
    optional(raw, limits::COMMENT_CHARACTERS, Code::CommentTooLong)
}

/// What a question asks, in Markdown.
pub fn question(raw: &str) -> Result<String> {
    let text = lines(raw);
    let text = text.trim_matches(['\n', ' ', '\t']);
    bounded(text, limits::QUESTION_CHARACTERS, Code::QuestionEmpty, Code::QuestionTooLong)
}

/// One choice of a question, or one spelling of its answer, cleaned as [`name`] is; nothing if it is
/// blank.
pub fn choice(raw: &str) -> Result<Option<String>> {
    optional_line(raw, limits::CHOICE_CHARACTERS, Code::ChoiceTooLong)
}

/// A short answer, cleaned as [`name`] is; nothing if it is blank.
pub fn answer(raw: &str) -> Result<Option<String>> {
    optional_line(raw, limits::ANSWER_CHARACTERS, Code::AnswerTooLong)
}

/// What a notice says below its title, in Markdown; nothing if the title says all.
pub fn notice(raw: &str) -> Result<Option<String>> {
    optional(raw, limits::NOTICE_CHARACTERS, Code::NoticeTooLong)
}

/// The address of a link: of the web or of somebody's mail. One without `https://` gets it.
pub fn link(raw: &str) -> Result<String> {
    let typed = raw.trim();
    let lower = typed.to_ascii_lowercase();
    let has_scheme = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    // `localhost:80` begins as a scheme would, `javascript:` is one: what follows tells.
    let foreign = !has_scheme
        && typed.split_once(':').is_some_and(|(before, after)| {
            !before.contains(['.', '/']) || !after.starts_with(|next: char| next.is_ascii_digit())
        });
    let address = if has_scheme { typed.to_owned() } else { format!("https://{typed}") };
    let rest = address.split_once(':').map_or("", |(_, rest)| rest.trim_start_matches('/'));
    let plain = address.chars().all(|character| !character.is_whitespace() && !is_hostile(character));
    let bounded = address.len() <= limits::LINK_BYTES;
    let named = has_scheme || rest.contains('.');
    if foreign || rest.is_empty() || !plain || !bounded || !named {
        return Err(Error::new(Code::LinkInvalid).with("most", limits::LINK_BYTES));
    }
    Ok(address)
}

/// Text of a chat message: line breaks stay, surrounding space goes,
/// 1 to [`limits::CHAT_CHARACTERS`].
pub fn chat(raw: &str) -> Result<String> {
    bounded(lines(raw).trim(), limits::CHAT_CHARACTERS, Code::ChatEmpty, Code::ChatTooLong)
}

/// A join code as typed: case, spaces and dashes do not matter.
pub fn join_code(raw: &str) -> String {
    raw.chars()
        .filter(char::is_ascii_alphanumeric)
        .take(limits::JOIN_CODE_CHARACTERS + 1)
        .map(|character| character.to_ascii_uppercase())
        .collect()
}

/// Text of several lines that may be missing.
fn optional(raw: &str, most: usize, too_long: Code) -> Result<Option<String>> {
    // Which code it has when blank is of no matter.
    match bounded(lines(raw).trim_matches(['\n', ' ', '\t']), most, Code::NotFound, too_long) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Text of one line that may be missing.
fn optional_line(raw: &str, most: usize, too_long: Code) -> Result<Option<String>> {
    match line(raw, most, Code::NotFound, too_long) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.code == Code::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Longest ending that is kept when a name is cut.
const FILE_ENDING_BYTES: usize = 16;

/// Whether Windows takes a file of this name for a device, whatever its ending.
fn is_device(stem: &str) -> bool {
    let numbered =
        |word: &str| stem.strip_prefix(word).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']));
    matches!(stem, "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT")
}

/// The first bytes of a text, whole characters of it.
fn cut(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn lines(raw: &str) -> String {
    raw.replace("\r\n", "\n")
        .chars()
        .filter(|character| matches!(character, '\n' | '\t') || !is_hostile(*character))
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
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
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
    fn what_may_be_missing_is_nothing_when_blank_and_keeps_its_lines_otherwise() {
        assert_eq!(submission(" \r\n\u{200b}").expect("blank"), None);
        assert_eq!(submission("\n1. x = 2\r\n   y\n").expect("text").as_deref(), Some("1. x = 2\n   y"));
        let long = "x".repeat(limits::MATERIAL_CHARACTERS + 1);
        assert_eq!(submission(&long).expect_err("long").code, Code::SubmissionTooLong);
        assert_eq!(instructions(&long).expect_err("long").code, Code::InstructionsTooLong);
        assert_eq!(comment(&long).expect_err("long").code, Code::CommentTooLong);
        assert_eq!(notice(&long).expect_err("long").code, Code::NoticeTooLong);
    }

    #[test]
    fn names_of_files_are_fit_for_every_system() {
        let long = format!("{}.pdf", "ä".repeat(200));
        let kept = format!("{}.pdf", "ä".repeat(125));
        let most = format!("{}.pdf", "a".repeat(251));
        let table = [
            ("Tugas 1.pdf", "Tugas 1.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\boot.ini", "boot.ini"),
            ("C:\\Users\\siti\\foto.jpg", "foto.jpg"),
            ("/", "file"),
            ("..", "file"),
            ("", "file"),
            (" \u{200b} ", "file"),
            (".htaccess", "htaccess"),
            ("foto\u{202e}gpj.exe", "fotogpj.exe"),
            ("a\u{0}b\r\nc.txt", "abc.txt"),
            ("tab\there.txt", "tabhere.txt"),
            ("a<b>:\"c|?*.txt", "a_b___c___.txt"),
            ("con.txt", "_con.txt"),
            ("COM1", "_COM1"),
            ("company.txt", "company.txt"),
            ("akhir. . ", "akhir"),
            ("成績表.xlsx", "成績表.xlsx"),
            ("👩‍🏫.png", "👩‍🏫.png"),
            (&long, &kept),
            (&most, &most),
        ];
        for (raw, name) in table {
            assert_eq!(file_name(raw), name, "{raw:?}");
            assert!(file_name(raw).len() <= limits::FILE_NAME_BYTES, "{raw:?}");
        }
    }

    #[test]
    fn links_lead_to_the_web_or_to_a_mailbox_and_nowhere_else() {
        for (raw, address) in [
            ("https://kemdikbud.go.id/a?b=c#d", "https://kemdikbud.go.id/a?b=c#d"),
            (" HTTP://10.0.0.1:8080 ", "HTTP://10.0.0.1:8080"),
            ("id.wikipedia.org/wiki/Gaya", "https://id.wikipedia.org/wiki/Gaya"),
            ("server.local:8080/x", "https://server.local:8080/x"),
            ("mailto:guru@sekolah.sch.id", "mailto:guru@sekolah.sch.id"),
        ] {
            assert_eq!(link(raw).expect(raw), address);
        }
        let long = format!("https://a.id/{}", "x".repeat(limits::LINK_BYTES));
        for raw in [
            "",
            "https://",
            "javascript:alert(1)",
            "JaVaScRiPt://a.id/%0aalert(1)",
            "java\nscript:alert(1)",
            "data:text/html,<script>",
            "file:///etc/passwd",
            "vbscript:x",
            "https://a b",
            "gaya",
            &long,
        ] {
            assert_eq!(link(raw).expect_err(raw).code, Code::LinkInvalid, "{raw}");
        }
    }

    #[test]
    fn join_codes_forgive_how_they_are_typed() {
        assert_eq!(join_code(" ab-c 23d"), "ABC23D");
        assert_eq!(join_code(&"a".repeat(1000)).len(), 7);
    }
}
