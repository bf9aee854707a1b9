//! A roster as CSV that Excel opens right and that comes in again as it went out.

use base::{Code, Error, Result};
use csv::{Terminator, WriterBuilder};
use store::AccountDetails;

use crate::i18n::Language;

/// Digits that a spreadsheet still writes as they are.
const DIGITS: usize = 11;

/// With a mark by which Excel knows UTF-8, and the separator that it expects where the language is
/// spoken.
pub(crate) fn write<'a>(
    language: Language,
    people: impl Iterator<Item = &'a AccountDetails>,
) -> Result<Vec<u8>> {
    let separator = match language {
        Language::Id => b';',
        Language::En => b',',
    };
    let mut writer = WriterBuilder::new()
        .delimiter(separator)
        .terminator(Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let header = [
        language.t("people.name"),
        language.t("people.number"),
        language.t("people.group"),
        language.t("people.login"),
    ];
    writer.write_record(header).map_err(internal)?;
    for person in people {
        let cells =
            [Some(&person.name), person.number.as_ref(), person.group.as_ref(), person.login.as_ref()];
        writer.write_record(cells.map(|cell| guarded(cell.map_or("", String::as_str)))).map_err(internal)?;
    }
    writer.into_inner().map_err(|error| internal(error.error().kind()))
}

/// With an apostrophe in front of what a spreadsheet would run, or write as another number.
fn guarded(cell: &str) -> String {
    let runs = cell.starts_with(['=', '+', '-', '@', '\'', '\t', '\r']);
    let number = !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit());
    let changes = number && cell.len() > 1 && (cell.starts_with('0') || cell.len() > DIGITS);
    if runs || changes { format!("'{cell}") } else { cell.to_owned() }
}

fn internal(error: impl std::fmt::Display) -> Error {
    Error::new(Code::Internal).because(error.to_string())
}
