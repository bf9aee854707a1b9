//! A QR code made of the half blocks that every Linux console has in its font.

use fast_qr::ECL;
use fast_qr::qr::{QRBuilder, QRCode};

/// White modules around a code that scanners want (ISO/IEC 18004), and that nearly all of them do with.
const QUIET: [usize; 2] = [4, 2];

/// The QR code in half blocks, of at most so many columns: what is white on paper is lit. Nothing if
/// it has no room.
pub(super) fn draw(text: &str, most: usize) -> Vec<String> {
    // Seven or fifteen per cent that may be dirty are plenty on a screen.
    let codes = [ECL::M, ECL::L].map(|level| QRBuilder::new(text).ecl(level).build().ok());
    let fitting = QUIET.into_iter().flat_map(|quiet| {
        codes
            .iter()
            .flatten()
            .filter(move |code| code.size + 2 * quiet <= most)
            .map(move |code| (code, quiet))
    });
    let Some((code, quiet)) = fitting.into_iter().next() else { return Vec::new() };
    let (code, side) = (code, code.size + 2 * quiet);
    let lit = |row: usize, column: usize| row < side && !is_dark(code, quiet, row, column);
    (0..side.div_ceil(2))
        .map(|line| {
            (0..side)
                .map(|column| match (lit(2 * line, column), lit(2 * line + 1, column)) {
                    (true, true) => '\u{2588}',
                    (true, false) => '\u{2580}',
                    (false, true) => '\u{2584}',
                    (false, false) => ' ',
                })
                .collect()
        })
        .collect()
}

fn is_dark(code: &QRCode, quiet: usize, row: usize, column: usize) -> bool {
    let inside = |place: usize| place.checked_sub(quiet).filter(|place| *place < code.size);
    inside(row).zip(inside(column)).is_some_and(|(row, column)| code[row][column].value())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: usize = 33;

    #[test]
    fn the_code_is_the_one_that_scanners_expect_with_white_around_it() {
        let lines = draw("https://192.168.100.100", COLUMNS);
        assert_eq!((lines.len(), lines[0].chars().count()), (COLUMNS.div_ceil(2), COLUMNS));
        let lit: Vec<Vec<bool>> = lines
            .iter()
            .flat_map(|line| {
                let upper = line.chars().map(|half| matches!(half, '\u{2588}' | '\u{2580}')).collect();
                let lower = line.chars().map(|half| matches!(half, '\u{2588}' | '\u{2584}')).collect();
                [upper, lower]
            })
            .collect();
        let code = QRBuilder::new("https://192.168.100.100").ecl(ECL::M).build().expect("short enough");
        for row in 0..COLUMNS {
            for column in 0..COLUMNS {
                let inside = (4..29).contains(&row) && (4..29).contains(&column);
                let dark = inside && code[row - 4][column - 4].value();
                assert_eq!(lit[row][column], !dark, "{row}, {column}");
            }
        }
        assert_eq!(draw(&"x".repeat(100), 37), Vec::<String>::new());
    }
}
