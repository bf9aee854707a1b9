//! Text to rows: which sign separates the cells, where the header is, and which line a row began in.

use base::{Code, Error, Result, limits};
use csv::{ReaderBuilder, StringRecord};

use super::columns::Columns;

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];
/// Registers put a title, the school and the date above the header.
const HEADER_WITHIN: usize = 20;
/// Characters of a header that a mistake is told with.
const FOUND_CHARACTERS: usize = 200;

/// A roster's rows, and what their cells mean.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) columns: Columns,
    pub(super) rows: Vec<Row>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row {
    /// Counted from one, as an editor does.
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    /// The cell at `at`, without the apostrophe that keeps spreadsheets off it; empty if there is none.
    pub(super) fn cell(&self, at: Option<usize>) -> &str {
        let cell = at.and_then(|at| self.cells.get(at)).map_or("", |cell| cell.trim());
        cell.strip_prefix('\'').unwrap_or(cell)
    }

    fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// `roster_no_name`, `roster_quote_open`, `roster_too_long`, `roster_empty` without a single row.
pub(super) fn read(text: &str) -> Result<Table> {
    // Windows and old Macs end lines in their own ways.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (text, separators, skipped) = announced(&text);
    let best = separators
        .iter()
        .filter_map(|separator| Some((header(text, *separator)?, *separator)))
        // Of equals the first: max_by_key would take the last.
        .rev()
        .max_by_key(|((_, columns), _)| columns.known());
    let Some(((at, columns), separator)) = best else { return Err(no_name(text)) };
    if let Some(line) = open_quote(text, separator) {
        return Err(Error::new(Code::RosterQuoteOpen).with("line", line + skipped));
    }
    let mut rows = Vec::new();
    for row in records(text, separator).skip(at + 1).filter(|row| !row.is_blank()) {
        if rows.len() == limits::ROSTER_ROWS {
            return Err(Error::new(Code::RosterTooLong).with("most", limits::ROSTER_ROWS));
        }
        rows.push(Row { line: row.line + skipped, ..row });
    }
    if rows.is_empty() {
        return Err(Code::RosterEmpty.into());
    }
    Ok(Table { columns, rows })
}

/// Excel's own first line `sep=;` says what separates. The rest, what may separate, and how many
/// lines were taken off.
fn announced(text: &str) -> (&str, Vec<u8>, u64) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let separator = first.trim_end().to_ascii_lowercase();
    match separator.strip_prefix("sep=").map(str::as_bytes) {
        Some([one]) => (rest, vec![*one], 1),
        _ => (text, SEPARATORS.to_vec(), 0),
    }
}

fn records(text: &str, separator: u8) -> impl Iterator<Item = Row> {
    let reader = ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut line, mut counted) = (1, 0);
    // Text that is UTF-8 and rows of any length: there is nothing left that could fail.
    reader.into_records().map_while(std::result::Result::ok).map(move |record: StringRecord| {
        // The reader puts the empty lines above a row to the row.
        let bytes = text.as_bytes();
        let begins = record.position().map_or(counted, |position| {
            let at = usize::try_from(position.byte()).unwrap_or(bytes.len()).min(bytes.len());
            at + bytes[at..].iter().take_while(|byte| **byte == b'\n').count()
        });
        line += bytes[counted..begins].iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>();
        counted = begins;
        Row { line, cells: record.iter().map(str::to_owned).collect() }
    })
}

/// The first row that has a column for names in it.
fn header(text: &str, separator: u8) -> Option<(usize, Columns)> {
    let mut first = records(text, separator).take(HEADER_WITHIN).enumerate();
    first.find_map(|(at, row)| Some((at, Columns::of(&row.cells)?)))
}

fn no_name(text: &str) -> Error {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let found: String = first.trim().chars().take(FOUND_CHARACTERS).collect();
    Error::new(Code::RosterNoName).with("found", found)
}

/// The line in which a quotation mark opens a cell that the text ends in. Without this, all rows
/// below it would be one cell, and nobody would be told.
fn open_quote(text: &str, separator: u8) -> Option<u64> {
    let (mut line, mut opened, mut begins) = (1, None, true);
    for byte in text.bytes() {
        match byte {
            b'"' if opened.is_some() => opened = None,
            // Within a cell: a second mark is one, and opens again what the first has closed.
            b'"' if begins => opened = Some(line),
            _ => {}
        }
        begins = opened.is_none() && (byte == separator || matches!(byte, b'\n' | b'"'));
        line += u64::from(byte == b'\n');
    }
    opened
}
