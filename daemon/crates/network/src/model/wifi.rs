//! The name and the secret of a Wi-Fi, checked once.

use std::fmt;

use base::limits::{PASSPHRASE_BYTES_MAX, PASSPHRASE_BYTES_MIN, SSID_BYTES};
use base::{Code, Error, Result};

/// The name of a Wi-Fi: 1 to [`SSID_BYTES`] bytes, which are characters only by convention (IEEE
/// 802.11-2020, 9.4.2.2). Thirty-two letters fit, but only eight emoji.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ssid(Vec<u8>);

impl Ssid {
    /// A name as somebody typed it. Space around it goes, because no phone shows it.
    ///
    /// # Errors
    /// `ssid_empty`; `ssid_characters` for control characters; `ssid_too_long` with `most` and
    /// `count` in bytes.
    pub fn parse(raw: &str) -> Result<Self> {
        let text = raw.trim();
        if text.is_empty() {
            return Err(Error::new(Code::SsidEmpty));
        }
        if text.chars().any(char::is_control) {
            return Err(Error::new(Code::SsidCharacters));
        }
        if text.len() > SSID_BYTES {
            return Err(Error::new(Code::SsidTooLong).with("most", SSID_BYTES).with("count", text.len()));
        }
        Ok(Self(text.as_bytes().to_vec()))
    }

    /// A name as it was seen in the air, whatever is in it; `None` if it is empty or too long.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (1..=SSID_BYTES).contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    /// The bytes in the air.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Ssid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// The passphrase of a WPA2 network: 8 to 63 printable ASCII characters (IEEE 802.11-2020, J.4.1).
/// Sixty-four would be read as the key itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Passphrase(String);

impl Passphrase {
    /// A passphrase as somebody typed it; nothing is trimmed, a space at its end counts.
    ///
    /// # Errors
    /// `passphrase_characters`; `passphrase_length` with `least`, `most` and `count`.
    pub fn parse(raw: &str) -> Result<Self> {
        if !raw.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
            return Err(Error::new(Code::PassphraseCharacters));
        }
        if !(PASSPHRASE_BYTES_MIN..=PASSPHRASE_BYTES_MAX).contains(&raw.len()) {
            return Err(Error::new(Code::PassphraseLength)
                .with("least", PASSPHRASE_BYTES_MIN)
                .with("most", PASSPHRASE_BYTES_MAX)
                .with("count", raw.len()));
        }
        Ok(Self(raw.to_owned()))
    }

    /// The passphrase, to hand it to the radio, or to show it to those who may join.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Passphrase(…)")
    }
}

/// Who may join a Wi-Fi. The Pi's firmware has no SAE, so there is no WPA3 to offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Anybody, and nothing is encrypted.
    Open,
    /// Who knows the passphrase (WPA2-Personal, CCMP).
    Wpa2(Passphrase),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_bounded_in_bytes_and_not_in_characters() {
        assert_eq!(Ssid::parse(" Kelas 7B ").expect("a name").as_bytes(), b"Kelas 7B");
        assert!(Ssid::parse(&"😀".repeat(8)).is_ok());
        let error = Ssid::parse(&"😀".repeat(9)).expect_err("36 bytes");
        assert_eq!(
            (error.code, error.to_string().as_str()),
            (Code::SsidTooLong, "ssid_too_long most=32 count=36")
        );
        assert_eq!(Ssid::parse(" \t").expect_err("nothing").code, Code::SsidEmpty);
        assert_eq!(Ssid::parse("a\u{0}b").expect_err("control").code, Code::SsidCharacters);
    }

    #[test]
    fn a_name_in_the_air_need_not_be_text() {
        assert_eq!(Ssid::from_bytes(&[0xff, b'a']).expect("bytes").to_string(), "\u{fffd}a");
        assert_eq!(Ssid::from_bytes(&[]), None);
        assert_eq!(Ssid::from_bytes(&[b'a'; 33]), None);
    }

    #[test]
    fn a_passphrase_is_8_to_63_printable_ascii_characters() {
        for length in [8, 63] {
            assert_eq!(Passphrase::parse(&"a".repeat(length)).expect("fits").reveal().len(), length);
        }
        for length in [0, 7, 64] {
            assert_eq!(
                Passphrase::parse(&"a".repeat(length)).expect_err("bounds").code,
                Code::PassphraseLength
            );
        }
        for raw in ["kelas\u{e9}1234", "tab\there99", "12345678\n", "sandi😀😀😀"] {
            assert_eq!(Passphrase::parse(raw).expect_err(raw).code, Code::PassphraseCharacters);
        }
        assert!(Passphrase::parse(" spaces ").is_ok());
    }

    #[test]
    fn a_passphrase_is_never_printed() {
        let protection = Protection::Wpa2(Passphrase::parse("rahasia sekali").expect("fits"));
        assert_eq!(format!("{protection:?}"), "Wpa2(Passphrase(…))");
    }
}
