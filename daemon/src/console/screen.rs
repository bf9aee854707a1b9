//! The text of the screen: 25 lines of 80 columns, of characters that every Linux console has in
//! its font (code page 437), in both languages, as nobody can choose one there.

use std::net::{IpAddr, SocketAddr};

use fast_qr::ECL;
use fast_qr::qr::{QRBuilder, QRCode};

use crate::addresses::{self, with_port};
use crate::i18n::Language;
use crate::problems::CardProblem;

/// Columns that may be written. A line of all 80 would be followed by an empty one.
const COLUMNS: usize = 79;
/// Lines beside the QR code.
const LINES_ABOVE: usize = 17;
/// Columns of the QR code: two of its rows share a line, so it is as wide as it is high.
const QR_COLUMNS: usize = 2 * LINES_ABOVE - 1;
/// White modules around it that scanners want (ISO/IEC 18004), and that nearly all of them do with.
const QUIET: [usize; 2] = [4, 2];
/// Addresses that have room.
const MOST_ADDRESSES: usize = 3;
/// Characters of the fingerprint in a line: eleven bytes.
const FINGERPRINT_COLUMNS: usize = 33;

/// What is shown.
#[derive(Debug)]
pub(super) struct Screen<'a> {
    pub(super) name: &'a str,
    /// Where HTTPS is answered.
    pub(super) bound: Option<SocketAddr>,
    pub(super) fingerprint: &'a str,
    pub(super) addresses: &'a [IpAddr],
    pub(super) problems: &'a [CardProblem],
}

impl Screen<'_> {
    /// Its text.
    pub(super) fn draw(&self) -> String {
        let urls = self.urls();
        let code = urls.first().map(|url| qr(url)).unwrap_or_default();
        let mut above = self.ways_in(&urls);
        above.resize(LINES_ABOVE, String::new());
        let mut lines: Vec<String> = (0..LINES_ABOVE)
            .map(|line| {
                let width = COLUMNS - QR_COLUMNS;
                let text = cut(&above[line], if code.is_empty() { COLUMNS } else { width });
                code.get(line).map_or(text.clone(), |modules| format!("{text:width$}{modules}"))
            })
            .collect();
        lines.extend(self.what_is_wrong().iter().map(|line| cut(line, COLUMNS)));
        lines.iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    /// By address. There is none before the box is in a network.
    fn urls(&self) -> Vec<String> {
        let Some(bound) = self.bound else { return Vec::new() };
        let mut addresses = addresses::outside(bound, self.addresses);
        addresses.truncate(MOST_ADDRESSES);
        let url = |address| with_port(&format!("https://{}", addresses::host(address)), bound.port(), 443);
        addresses.into_iter().map(url).collect()
    }

    fn ways_in(&self, urls: &[String]) -> Vec<String> {
        let mut lines = vec![String::new(), " KELAS".to_owned(), String::new()];
        if urls.is_empty() {
            lines.extend(both("console.no_network"));
        } else {
            lines.extend(both("console.ready"));
            lines.extend(urls.iter().map(|url| format!("   {url}")));
            let port = self.bound.map_or(443, |bound| bound.port());
            lines.push(format!("   {}", with_port(&format!("https://{}", self.name), port, 443)));
        }
        lines.push(String::new());
        lines.extend(both("console.fingerprint"));
        let bytes: Vec<char> = self.fingerprint.chars().collect();
        let parts =
            bytes.chunks(FINGERPRINT_COLUMNS).map(|part| format!("   {}", part.iter().collect::<String>()));
        lines.extend(parts);
        lines
    }

    /// The worst problem with what to do about it, as the site may have nobody left who can sign
    /// in and read it there; of the others the codes.
    fn what_is_wrong(&self) -> Vec<String> {
        let Some((worst, others)) = self.problems.split_first() else { return Vec::new() };
        let mut lines = Vec::new();
        for (language, mark) in
            Language::ALL.into_iter().zip([format!(" ! {}: ", worst.code), "   ".to_owned()])
        {
            lines.push(format!("{mark}{}", worst.what(language)));
            lines.extend(wrapped(worst.advice(language)).into_iter().map(|line| format!("   {line}")));
        }
        if !others.is_empty() {
            let codes: Vec<&str> = others.iter().map(|problem| problem.code.as_str()).collect();
            lines.push(format!(" ! {}", codes.join(", ")));
        }
        lines
    }
}

/// The words of a text in lines that fit behind three spaces.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= COLUMNS - 3 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn both(key: &str) -> [String; 2] {
    Language::ALL.map(|language| format!(" {}", language.t(key)))
}

/// The QR code in half blocks: what is white on paper is lit. Nothing if it has no room.
fn qr(text: &str) -> Vec<String> {
    // Seven or fifteen per cent that may be dirty are plenty on a screen.
    let codes = [ECL::M, ECL::L].map(|level| QRBuilder::new(text).ecl(level).build().ok());
    let fitting = QUIET.into_iter().flat_map(|quiet| {
        codes
            .iter()
            .flatten()
            .filter(move |code| code.size + 2 * quiet <= QR_COLUMNS)
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

/// At most `columns` characters, of those that the console has. Names and details may hold others.
fn cut(text: &str, columns: usize) -> String {
    let plain =
        |character: char| if character == ' ' || character.is_ascii_graphic() { character } else { '?' };
    text.chars().take(columns).map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problems::{CardProblem, CardProblems};

    fn screen<'a>(fingerprint: &'a str, addresses: &'a [IpAddr], problems: &'a [CardProblem]) -> Screen<'a> {
        let bound = Some("[::]:443".parse().expect("an address"));
        Screen { name: "kelas.internal", bound, fingerprint, addresses, problems }
    }

    fn fits(text: &str) {
        assert!(text.lines().count() <= 24, "no line may scroll away:\n{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= COLUMNS, "too wide: {line}");
            let drawn =
                |character: char| character.is_ascii() || "\u{2580}\u{2584}\u{2588}".contains(character);
            assert!(line.chars().all(drawn) && !line.contains('?'), "not in the console's font: {line}");
        }
    }

    #[test]
    #[allow(clippy::needless_raw_string_hashes, reason = "expect_test writes them")]
    fn it_shows_the_ways_in_with_a_code_to_scan() {
        let fingerprint = ["AB"; 32].join(":");
        let addresses = [[10, 42, 0, 1], [192, 168, 1, 5]].map(IpAddr::from);
        let problems = CardProblems::new(vec![CardProblem::new("data-missing", Vec::new())]).now();
        let text = screen(&fingerprint, &addresses, &problems).draw();
        fits(&text);
        // The frame keeps the margin, which the comparison would take for its own.
        let framed: String = text.lines().flat_map(|line| ["|", line, "\n"]).collect();
        expect_test::expect![[r#"
            |                                              █████████████████████████████████
            | KELAS                                        █████████████████████████████████
            |                                              ████ ▄▄▄▄▄ █▀▄▀▄ ▄ ▀ █ ▄▄▄▄▄ ████
            | Siap. Buka di peramban:                      ████ █   █ ██▀▀▀▄  ▀ █ █   █ ████
            | Ready. Open in a browser:                    ████ █▄▄▄█ █▄▄▀ ▄▀▄ ▄█ █▄▄▄█ ████
            |   https://10.42.0.1                          ████▄▄▄▄▄▄▄█▄▀ ▀ ▀ █ █▄▄▄▄▄▄▄████
            |   https://192.168.1.5                        ████▄▀▄█ ▀▄▀██▀▀▄█ ▄▄█▀▀▄██▄▀████
            |   https://kelas.internal                     ████▄█▀▄▀█▄█▀▀  █▄█▀▄▀▄ ▄█▄ ▄████
            |                                              ██████▄▄█ ▄▀▀▄▀  ▀███▀  █ █▄ ████
            | Sidik jari sertifikat (SHA-256):             ████▄▀  ▀█▄█▄▀█▄ ▀ █  ▀▄▀█▄ ▄████
            | Fingerprint of the certificate (SHA-256):    ████▄█████▄█ ▀▄ ██   ▄▄▄  █▀▀████
            |   AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:          ████ ▄▄▄▄▄ ██▄▀▀█▄█  █▄█  █▄▄████
            |   AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:AB:          ████ █   █ █▄▄▀▀ ▀█▀  ▄   ▀█▄████
            |   AB:AB:AB:AB:AB:AB:AB:AB:AB:AB              ████ █▄▄▄█ █▄██▄ ▀ █ ▄██ ▀█▀▄████
            |                                              ████▄▄▄▄▄▄▄█▄█▄▄██▄█▄█▄▄███▄▄████
            |                                              █████████████████████████████████
            |                                              ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
            | ! data-missing: Partisi data tidak ada: tidak ada yang disimpan.
            |   Semua yang ditulis hilang saat server dimatikan. Matikan, tulis ulang kartu
            |   atau pakai kartu lain, lalu nyalakan lagi.
            |   The data partition is missing: nothing is kept.
            |   Whatever is written is lost when the server is switched off. Switch it off,
            |   write the card anew or use another one, and switch it on again.
        "#]]
        .assert_eq(&framed);
    }

    #[test]
    fn without_an_address_it_waits_for_a_network() {
        let text = screen("AB:CD", &[], &[]).draw();
        fits(&text);
        assert!(text.contains("belum ada alamat") && text.contains("no address yet"), "{text}");
        assert!(!text.contains("https://") && !text.contains('\u{2588}'), "{text}");
    }

    #[test]
    fn whatever_there_is_to_say_fits() {
        let fingerprint = ["AB"; 32].join(":");
        let long: IpAddr = "fd12:3456:789a:bcde:f012:3456:789a:bcde".parse().expect("an address");
        let known = CardProblems::new(Vec::new()).by_code().into_iter().map(|(code, _)| code);
        for code in known.chain(["x".repeat(40)]) {
            let problems: Vec<CardProblem> =
                (0..4).map(|_| CardProblem { code: code.clone(), details: Vec::new() }).collect();
            for addresses in [vec![long; 9], vec![[255, 255, 255, 255].into(); 9]] {
                let text = screen(&fingerprint, &addresses, &problems).draw();
                fits(&text);
                let words: Vec<&str> = text.split_whitespace().collect();
                let words = words.join(" ");
                for language in Language::ALL {
                    let (what, advice) = (problems[0].what(language), problems[0].advice(language));
                    assert!(words.contains(what) && words.contains(advice), "cut short:\n{text}");
                }
                assert!(text.contains(&format!(" ! {code}, ")), "{text}");
            }
        }
    }

    #[test]
    fn the_code_is_the_one_that_scanners_expect_with_white_around_it() {
        let lines = qr("https://192.168.100.100");
        assert_eq!((lines.len(), lines[0].chars().count()), (LINES_ABOVE, QR_COLUMNS));
        let lit: Vec<Vec<bool>> = lines
            .iter()
            .flat_map(|line| {
                let upper = line.chars().map(|half| matches!(half, '\u{2588}' | '\u{2580}')).collect();
                let lower = line.chars().map(|half| matches!(half, '\u{2588}' | '\u{2584}')).collect();
                [upper, lower]
            })
            .collect();
        let code = QRBuilder::new("https://192.168.100.100").ecl(ECL::M).build().expect("short enough");
        for row in 0..QR_COLUMNS {
            for column in 0..QR_COLUMNS {
                let inside = (4..29).contains(&row) && (4..29).contains(&column);
                let dark = inside && code[row - 4][column - 4].value();
                assert_eq!(lit[row][column], !dark, "{row}, {column}");
            }
        }
        assert_eq!(qr(&"x".repeat(100)), Vec::<String>::new());
    }
}
