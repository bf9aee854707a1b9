//! Bytes of a file to text: UTF-8 with or without a mark, UTF-16 with one, else Windows-1252.

use base::{Code, Error, Result, limits};

/// How files begin that people take for CSV: a zipped workbook (.xlsx, .ods), an older one (.xls),
/// a PDF.
const FOREIGN: [&[u8]; 3] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"];
const UTF_8_MARK: &[u8] = b"\xef\xbb\xbf";

/// Windows-1252 from 0x80 to 0x9F (encoding.spec.whatwg.org/#windows-1252); above and below, a byte is
/// its own character. The five that mean nothing stay what they are.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// A file's text, and whether its letters had to be guessed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decoded {
    pub(crate) text: String,
    pub(crate) guessed: bool,
}

/// `roster_empty`, `roster_not_csv`, `roster_too_large`.
pub(crate) fn text(bytes: &[u8]) -> Result<Decoded> {
    if bytes.len() > limits::ROSTER_BYTES {
        return Err(Code::RosterTooLarge.into());
    }
    if FOREIGN.iter().any(|beginning| bytes.starts_with(beginning)) {
        return Err(Code::RosterNotCsv.into());
    }
    let decoded = match bytes {
        [0xff, 0xfe, rest @ ..] => utf_16(rest, u16::from_le_bytes)?,
        [0xfe, 0xff, rest @ ..] => utf_16(rest, u16::from_be_bytes)?,
        _ => eight_bits(bytes.strip_prefix(UTF_8_MARK).unwrap_or(bytes)),
    };
    if decoded.text.contains('\0') {
        return Err(Code::RosterNotCsv.into());
    }
    if decoded.text.trim().is_empty() {
        return Err(Code::RosterEmpty.into());
    }
    Ok(decoded)
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Decoded> {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    let text = String::from_utf16(&units);
    let text = text.map_err(|error| Error::new(Code::RosterNotCsv).because(error))?;
    Ok(Decoded { text, guessed: false })
}

fn eight_bits(bytes: &[u8]) -> Decoded {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: text.to_owned(), guessed: false };
    }
    let character = |byte: &u8| match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        other => char::from(*other),
    };
    Decoded { text: bytes.iter().map(character).collect(), guessed: true }
}
