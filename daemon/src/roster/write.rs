//! A roster as CSV that comes in again as it went out.

use base::Result;
use store::AccountDetails;

use crate::i18n::Language;
use crate::spreadsheet::{self, Cell};

/// The people's list.
pub(crate) fn write<'a>(
    language: Language,
    people: impl Iterator<Item = &'a AccountDetails>,
) -> Result<Vec<u8>> {
    let headings = [
        language.t("people.name"),
        language.t("people.number"),
        language.t("people.group"),
        language.t("people.login"),
    ];
    let rows = people.map(|person| {
        [Some(&person.name), person.number.as_ref(), person.group.as_ref(), person.login.as_ref()]
            .map(|cell| Cell::of(cell.map(String::as_str)))
    });
    spreadsheet::write(language, headings, rows)
}
