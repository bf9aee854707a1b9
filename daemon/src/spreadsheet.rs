//! Tables as CSV that Excel and `LibreOffice` open right by a double click, and in which nothing runs.
//!
//! May use: `base`, `i18n`. Used by: `roster`, `site`.
//!
//! A text that a spreadsheet would take for a formula or would write as another number (`=…`, `+…`,
//! `-…`, `@…`, a number with zeros in front or with twelve digits) gets an apostrophe in front.

use base::{Code, Error, Result};
use csv::{Terminator, WriterBuilder};

use crate::i18n::Language;

/// Digits that a spreadsheet still writes as they are.
const DIGITS: usize = 11;

/// What stands in one place of a table.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// What somebody wrote.
    Text(String),
    /// A number of ours, with the decimal sign of the language.
    Number(String),
}

impl Cell {
    /// A text that may be missing.
    pub(crate) fn of(text: Option<&str>) -> Self {
        Self::Text(text.unwrap_or_default().to_owned())
    }

    fn written(self) -> String {
        match self {
            Self::Text(text) => guarded(text),
            Self::Number(number) => number,
        }
    }
}

/// A table below its headings, with a mark by which Excel knows UTF-8, and the separator that it
/// expects where the language is spoken. Every row has as many cells as there are headings.
pub(crate) fn write<H: Into<String>>(
    language: Language,
    headings: impl IntoIterator<Item = H>,
    rows: impl Iterator<Item: IntoIterator<Item = Cell>>,
) -> Result<Vec<u8>> {
    let separator = match language {
        Language::Id => b';',
        Language::En => b',',
    };
    let mut writer = WriterBuilder::new()
        .delimiter(separator)
        .terminator(Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let headings = headings.into_iter().map(|heading| guarded(heading.into()));
    writer.write_record(headings).map_err(internal)?;
    for row in rows {
        writer.write_record(row.into_iter().map(Cell::written)).map_err(internal)?;
    }
    writer.into_inner().map_err(|error| internal(error.error().kind()))
}

fn guarded(cell: String) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\'', '\t', '\r']);
    let number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    let changes = number && cell.len() > 1 && (cell.starts_with('0') || cell.len() > DIGITS);
    if runs || changes { format!("'{cell}") } else { cell }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(Code::Internal).because(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_text_and_numbers_are_numbers() {
        let cells = [
            "=HYPERLINK(\"http://x\")",
            "+62812",
            "-1+2",
            "@SUM(A1)",
            "\tx",
            "'x",
            "0051",
            "123456789012",
            "51",
            "a;b,c",
            "dua\nbaris",
        ];
        let rows = cells.map(|cell| [Cell::Text(cell.to_owned()), Cell::Number("87,5".to_owned())]);
        let csv = write(Language::Id, ["Nama", "Nilai"], rows.into_iter()).expect("written");
        let text = String::from_utf8(csv).expect("UTF-8");
        let expected = "\u{feff}Nama;Nilai\r\n\"'=HYPERLINK(\"\"http://x\"\")\";87,5\r\n'+62812;87,5\r\n\
            '-1+2;87,5\r\n'@SUM(A1);87,5\r\n'\tx;87,5\r\n''x;87,5\r\n'0051;87,5\r\n'123456789012;87,5\r\n\
            51;87,5\r\n\"a;b,c\";87,5\r\n\"dua\nbaris\";87,5\r\n";
        assert_eq!(text, expected);
        let english = write(Language::En, ["a", "=b"], std::iter::empty::<[Cell; 2]>()).expect("written");
        assert_eq!(english, "\u{feff}a,'=b\r\n".as_bytes());
    }
}
