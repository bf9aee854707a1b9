//! Exports: comma-separated values (RFC 4180) with plain numbers, and times as ISO 8601 in UTC.

use axum::response::{IntoResponse as _, Response};
use base::clock::Timestamp;
use http::header;

/// A table that is written line by line.
#[derive(Debug)]
pub(super) struct Csv(String);

impl Csv {
    /// One with this head.
    pub(super) fn new<T: AsRef<str>>(head: impl IntoIterator<Item = T>) -> Self {
        let mut csv = Self(String::new());
        csv.line(head);
        csv
    }

    /// Adds a line.
    pub(super) fn line<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            self.0.push_str(&quoted(cell.as_ref()));
        }
        self.0.push_str("\r\n");
    }

    /// The answer, which a browser saves as `name`.
    pub(super) fn respond(self, name: &str) -> Response {
        let disposition = format!("attachment; filename=\"{name}.csv\"");
        let headers = [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present".to_owned()),
            (header::CONTENT_DISPOSITION, disposition),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ];
        (headers, self.0).into_response()
    }
}

/// In quotes if it must be. What a spreadsheet would take for a formula is text to it.
fn quoted(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok();
    let cell = if !is_number && cell.starts_with(['=', '+', '-', '@']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    };
    if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// Such as `2026-11-24T02:05:00Z`; empty for what no calendar has.
pub(super) fn time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| String::new(), |at| at.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_formulas_are_text() {
        let mut csv = Csv::new(["a", "b, c"]);
        csv.line(["-1.5", "=1+1", "say \"hi\""]);
        assert_eq!(csv.0, "a,\"b, c\"\r\n-1.5,'=1+1,\"say \"\"hi\"\"\"\r\n");
        assert_eq!(time(Timestamp(1_795_485_900_000)), "2026-11-24T02:05:00Z");
    }
}
