//! The text of the screen: 25 lines of 80 columns, of characters that every Linux console has in
//! its font (code page 437), in both languages, as nobody can choose one there.

use std::net::{IpAddr, SocketAddr};

use network::model::Problem;

use super::qr;
use crate::addresses::{self, with_port};
use crate::i18n::Language;
use crate::problems::CardProblem;

/// Columns that may be written. A line of all 80 would be followed by an empty one.
const COLUMNS: usize = 79;
/// Lines beside the QR code.
const LINES_ABOVE: usize = 17;
/// Columns of the QR code: two of its rows share a line, so it is as wide as it is high.
const QR_COLUMNS: usize = 2 * LINES_ABOVE - 1;
/// Columns where nothing is wrong and so nothing stands below: room for a long passphrase, and
/// beside it for the longest line.
const LARGE_QR_COLUMNS: usize = 37;
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
    /// The box's own Wi-Fi, while it is open.
    pub(super) wifi: Option<Wifi>,
    /// What keeps it from being opened.
    pub(super) network: Option<Problem>,
}

/// A Wi-Fi to join.
#[derive(Debug)]
pub(super) struct Wifi {
    pub(super) name: String,
    /// The text of the QR code by which phones join.
    pub(super) code: String,
    /// Devices on it, if anybody counts them.
    pub(super) joined: Option<usize>,
    /// Devices that fit, if that is known.
    pub(super) seats: Option<u16>,
}

impl Screen<'_> {
    /// Its text.
    pub(super) fn draw(&self) -> String {
        let (urls, wrong) = (self.urls(), self.what_is_wrong());
        let code = self.code(&urls, if wrong.is_empty() { LARGE_QR_COLUMNS } else { QR_COLUMNS });
        let mut above = self.ways_in(&urls);
        above.resize(LINES_ABOVE.max(code.len()), String::new());
        let width = COLUMNS - code.first().map_or(0, |line| line.chars().count());
        let mut lines: Vec<String> = above
            .iter()
            .enumerate()
            .map(|(line, text)| {
                let text = cut(text, width);
                code.get(line).map_or(text.clone(), |modules| format!("{text:width$}{modules}"))
            })
            .collect();
        lines.extend(wrong.iter().map(|line| cut(line, COLUMNS)));
        lines.iter().flat_map(|line| [line.trim_end(), "\n"]).collect()
    }

    /// Of the Wi-Fi, where a device has to be before anything else; else of the first address.
    fn code(&self, urls: &[String], most: usize) -> Vec<String> {
        let joins = self.wifi.as_ref().map(|wifi| qr::draw(&wifi.code, most)).filter(|code| !code.is_empty());
        joins.or_else(|| urls.first().map(|url| qr::draw(url, QR_COLUMNS))).unwrap_or_default()
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
        let mut lines = vec![String::new(), " KELAS".to_owned()];
        lines.extend(self.on_air());
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

    /// The Wi-Fi with those on it, or why there is none.
    fn on_air(&self) -> Vec<String> {
        if let Some(wifi) = &self.wifi {
            let seats = wifi.seats.map_or_else(String::new, |seats| format!("/{seats}"));
            let joined = wifi.joined.map(|joined| format!("{joined}{seats}"));
            let name = Language::Id.text("console.wifi", &[("name", &wifi.name)]);
            let joined = joined.map(|joined| {
                Language::ALL
                    .map(|language| language.text("console.joined", &[("count", &joined)]))
                    .join("  ")
            });
            return [Some(name), joined].into_iter().flatten().map(|line| format!(" {line}")).collect();
        }
        let Some(problem) = self.network else { return vec![String::new()] };
        let error = base::Error::new(problem.code());
        let sentences = Language::ALL.map(|language| language.error(&error));
        sentences.iter().map(|text| format!(" {}", first_sentence(text))).collect()
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

/// What is wrong, without what a person at a page could do about it.
fn first_sentence(text: &str) -> &str {
    text.split_inclusive(". ").next().unwrap_or_default().trim_end()
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
        Screen { name: "kelas.internal", bound, fingerprint, addresses, problems, wifi: None, network: None }
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
    fn the_code_joins_the_wifi_beside_whatever_else_there_is_to_say() {
        let fingerprint = ["AB"; 32].join(":");
        let long: IpAddr = "fd12:3456:789a:bcde:f012:3456:789a:bcde".parse().expect("an address");
        let wrong = CardProblems::new(vec![CardProblem::new("data-missing", Vec::new())]).now();
        for (passphrase, problems, side) in [
            ("bintang-7", &[][..], 33),
            ("rumah-biru-kuda-terbang-47", &[][..], 37),
            ("bintang-7", &wrong, 33),
        ] {
            let code = format!("WIFI:T:WPA;S:Kelas SMPN 3;P:{passphrase};;");
            let wifi = Wifi {
                name: "Kelas SMPN 3".to_owned(),
                code: code.clone(),
                joined: Some(17),
                seats: Some(19),
            };
            let text = Screen { wifi: Some(wifi), ..screen(&fingerprint, &[long; 3], problems) }.draw();
            fits(&text);
            assert!(text.contains(" Wi-Fi: Kelas SMPN 3") && text.contains("17/19"), "{text}");
            assert!(text.contains(&qr::draw(&code, side)[8]), "another code:\n{text}");
            assert!(!text.contains(passphrase), "only as a code:\n{text}");
            assert_eq!(text.lines().filter(|line| line.starts_with("   AB:")).count(), 3, "{text}");
        }
        // What has no room leaves the address to scan.
        let wifi = Wifi { name: "x".repeat(32), code: "x".repeat(120), joined: None, seats: None };
        let text = Screen { wifi: Some(wifi), ..screen(&fingerprint, &[[10, 42, 0, 1].into()], &[]) }.draw();
        fits(&text);
        assert!(text.contains(&qr::draw("https://10.42.0.1", QR_COLUMNS)[8]), "{text}");
    }

    #[test]
    fn why_there_is_no_wifi_is_said() {
        for problem in
            [Problem::Away, Problem::RadioMissing, Problem::RadioBlocked, Problem::RadioWithoutAccessPoint]
        {
            let fingerprint = ["AB"; 32].join(":");
            let text =
                Screen { network: Some(problem), ..screen(&fingerprint, &[[10, 0, 0, 1].into(); 3], &[]) }
                    .draw();
            fits(&text);
            for language in Language::ALL {
                let error = language.error(&base::Error::new(problem.code()));
                assert!(text.contains(first_sentence(&error)), "{text}");
            }
        }
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
}
