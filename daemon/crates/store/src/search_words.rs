//! What somebody searches for, as words; and where they stand in a text that was found.
//!
//! Pure. What is typed never reaches `SQLite` as it is: only its words do, each in quotation marks, so
//! that no sign in it means anything.

use base::limits::{EXCERPT_CHARACTERS, SEARCH_CHARACTERS, SEARCH_WORDS};
use base::{Code, Error, Result};

/// How many characters of a text are shown before the first word that was found.
const BEFORE: usize = 40;

/// The words of a search, in lower case and without accents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

/// A part of a text that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// As it stands there.
    pub text: String,
    /// Whether it is a word that was searched for, or begins with one.
    pub is_match: bool,
}

impl SearchWords {
    /// The words in what was typed; `None` if there are none, as in nothing but signs.
    /// [`Code::SearchTooLong`] if it is longer than [`SEARCH_CHARACTERS`].
    pub fn read(typed: &str) -> Result<Option<Self>> {
        let count = typed.trim().chars().count();
        if count > SEARCH_CHARACTERS {
            return Err(Error::new(Code::SearchTooLong).with("most", SEARCH_CHARACTERS).with("count", count));
        }
        let mut words: Vec<String> = Vec::new();
        for (from, until) in runs(typed) {
            let word = folded(&typed[from..until]);
            if !word.is_empty() && !words.contains(&word) && words.len() < SEARCH_WORDS {
                words.push(word);
            }
        }
        Ok((!words.is_empty()).then_some(Self(words)))
    }

    /// As FTS5 takes it: all of them, each whole or as the beginning of a longer word. A single letter
    /// or digit stands for itself alone, or it would begin half of everything.
    pub(crate) fn expression(&self) -> String {
        let words = self.0.iter().map(|word| {
            let end = if is_single(word) { "" } else { "*" };
            format!("\"{word}\"{end}")
        });
        format!("{{title text}} : ({})", words.collect::<Vec<_>>().join(" AND "))
    }

    /// A text as it is shown, from a little before the first word that was found; all of a short one.
    pub fn excerpt(&self, text: &str) -> Vec<Piece> {
        let found: Vec<(usize, usize)> =
            runs(text).filter(|(from, until)| self.has(&text[*from..*until])).collect();
        let (start, end) = window(text, found.first().map_or(0, |(from, _)| *from));
        let mut pieces = Vec::new();
        let mut push = |text: &str, is_match| {
            if !text.is_empty() {
                pieces.push(Piece { text: text.to_owned(), is_match });
            }
        };
        if start > 0 {
            push("… ", false);
        }
        let mut shown = start;
        for (from, until) in found.into_iter().filter(|(from, until)| *from >= start && *until <= end) {
            push(&text[shown..from], false);
            push(&text[from..until], true);
            shown = until;
        }
        push(text[shown..end].trim_end(), false);
        if end < text.len() {
            push(" …", false);
        }
        pieces
    }

    fn has(&self, word: &str) -> bool {
        let word = folded(word);
        self.0.iter().any(|known| if is_single(known) { word == *known } else { word.starts_with(known) })
    }
}

fn is_single(word: &str) -> bool {
    word.chars().nth(1).is_none()
}

/// Where a text is cut that is too long to show: at spaces if there are any near.
fn window(text: &str, first: usize) -> (usize, usize) {
    let before = text[..first].char_indices().rev().take(BEFORE).last().map_or(first, |(at, _)| at);
    let start = if before == 0 {
        0
    } else {
        text[before..first].find(char::is_whitespace).map_or(before, |space| {
            before + space + text[before + space..].chars().next().map_or(0, char::len_utf8)
        })
    };
    let cut = text[start..].char_indices().nth(EXCERPT_CHARACTERS).map(|(at, _)| start + at);
    let Some(cut) = cut else { return (start, text.len()) };
    let end = text[first.max(start)..cut].rfind(char::is_whitespace).map_or(cut, |at| first.max(start) + at);
    (start, if end > first { end } else { cut })
}

/// From where to where each word of a text goes, as FTS5 takes it apart.
fn runs(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let is_part = |character: char| character.is_alphanumeric() || is_accent(character);
    let mut rest = text.char_indices().peekable();
    std::iter::from_fn(move || {
        while rest.next_if(|(_, character)| !is_part(*character)).is_some() {}
        let (from, _) = *rest.peek()?;
        while rest.next_if(|(_, character)| is_part(*character)).is_some() {}
        Some((from, rest.peek().map_or(text.len(), |(until, _)| *until)))
    })
}

/// Signs of Unicode that stand above or below the letter before them.
const fn is_accent(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// In lower case and without accents, as the index has it (unicode61 with `remove_diacritics 2`), for
/// the letters of languages in Latin script. Of others it is the letter itself, which is then found by
/// the index and not marked at worst.
fn folded(word: &str) -> String {
    let lower = word.chars().flat_map(char::to_lowercase).filter(|character| !is_accent(*character));
    lower.map(plain).collect()
}

fn plain(letter: char) -> char {
    const ACCENTED: [(&str, char); 20] = [
        ("àáâãäåāăąǎạảấầẩẫậắằẳẵặ", 'a'),
        ("çćĉċč", 'c'),
        ("ďḍ", 'd'),
        ("èéêëēĕėęěẹẻẽếềểễệ", 'e'),
        ("ĝğġģ", 'g'),
        ("ĥḥ", 'h'),
        ("ìíîïĩīĭįǐỉị", 'i'),
        ("ĵ", 'j'),
        ("ķ", 'k'),
        ("ĺļľḷ", 'l'),
        ("ñńņňṅṇ", 'n'),
        ("òóôõöōŏőǒọỏốồổỗộớờởỡợơ", 'o'),
        ("ŕŗř", 'r'),
        ("śŝşšșṣ", 's'),
        ("ţťțṭ", 't'),
        ("ùúûüũūŭůűųǔụủứừửữựư", 'u'),
        ("ŵ", 'w'),
        ("ýÿŷỳỵỷỹ", 'y'),
        ("źżž", 'z'),
        ("ḇḃ", 'b'),
    ];
    if letter.is_ascii() {
        return letter;
    }
    ACCENTED.iter().find(|(accented, _)| accented.contains(letter)).map_or(letter, |(_, plain)| *plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<String> {
        SearchWords::read(typed).expect("short").map(|words| words.0).unwrap_or_default()
    }

    /// The text with what was found between brackets.
    fn marked(typed: &str, text: &str) -> String {
        let words = SearchWords::read(typed).expect("short").expect("words");
        let pieces = words.excerpt(text).into_iter();
        pieces.map(|piece| if piece.is_match { format!("[{}]", piece.text) } else { piece.text }).collect()
    }

    #[test]
    fn only_the_words_of_what_is_typed_are_searched_for() {
        for (typed, expected) in [
            ("  Gaya gravitasi ", vec!["gaya", "gravitasi"]),
            ("gaya GAYA gáya", vec!["gaya"]),
            (
                "\"gaya\" OR (x* NOT y) -z ^a title:b",
                vec!["gaya", "or", "x", "not", "y", "z", "a", "title", "b"],
            ),
            ("e-mail 3,5", vec!["e", "mail", "3", "5"]),
            ("gede\u{301} Gedé", vec!["gede"]),
            ("👩‍🏫 🎉", vec![]),
            ("\u{0}'--;{}", vec![]),
            ("東京 школа", vec!["東京", "школа"]),
            ("", vec![]),
        ] {
            assert_eq!(words(typed), expected, "{typed:?}");
        }
        assert_eq!(words("a1 b2 c3 d4 e5 f6 g7 h8 i9 j10 k11 l12 m13").len(), SEARCH_WORDS);
        assert!(SearchWords::read(&"ä".repeat(SEARCH_CHARACTERS)).expect("short").is_some());
        let refused = SearchWords::read(&"ä".repeat(SEARCH_CHARACTERS + 1)).expect_err("too long");
        assert_eq!(refused.code, Code::SearchTooLong);
    }

    #[test]
    fn nothing_in_them_means_anything_to_the_index() {
        let expression = |typed| SearchWords::read(typed).expect("short").expect("words").expression();
        assert_eq!(expression("gaya 7 NOT"), "{title text} : (\"gaya\"* AND \"7\" AND \"not\"*)");
        assert_eq!(expression("place:c1\""), "{title text} : (\"place\"* AND \"c1\"*)");
    }

    #[test]
    fn what_was_found_is_marked_and_a_long_text_is_cut_around_it() {
        for (typed, text, expected) in [
            ("gaya", "Gaya gesek dan gayaberat", "[Gaya] gesek dan [gayaberat]"),
            ("a", "a ab a.", "[a] ab [a]."),
            ("gede", "Gunung Gedé", "Gunung [Gedé]"),
            ("x", "<b>x</b>", "<b>[x]</b>"),
            ("lain", "", ""),
            ("lain", "Tidak ada", "Tidak ada"),
        ] {
            assert_eq!(marked(typed, text), expected, "{typed} in {text}");
        }
        let long = format!("{}kata sebelum jarum kata sesudah{}", "awal ".repeat(50), " akhir".repeat(50));
        let shown = marked("jarum", &long);
        assert!(shown.starts_with("… ") && shown.ends_with(" akhir …"), "{shown}");
        assert!(shown.contains("sebelum [jarum] kata"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT_CHARACTERS + 6, "{shown}");
        let solid = format!("{}é", "a".repeat(999));
        assert!(marked("aaa", &solid).chars().count() <= EXCERPT_CHARACTERS + 6);
        assert!(marked("é", &format!("{} é", "😀".repeat(300))).ends_with("[é]"));
    }
}
