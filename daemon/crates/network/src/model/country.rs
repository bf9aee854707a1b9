//! The country whose rules the radio keeps.

use std::fmt;

use base::{Code, Error, Result};

/// The officially assigned codes of ISO 3166-1 alpha-2, in order.
const ASSIGNED: &str = "\
ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCN\
COCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHM\
HNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMK\
MLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW\
SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVI\
VNVUWFWSYEYTZAZMZW";

/// A country by its ISO 3166-1 alpha-2 code, in capitals.
///
/// NetworkManager has no property for it: the kernel's regulatory domain is set before the radio
/// is used. Here it is a checked value for whoever does that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Country([u8; 2]);

impl Country {
    /// Where most of the boxes stand.
    pub const INDONESIA: Self = Self(*b"ID");

    /// A code as typed; case and space around it do not matter.
    ///
    /// # Errors
    /// `country_unknown` if it is not assigned to a country.
    pub fn parse(raw: &str) -> Result<Self> {
        let code = raw.trim().to_ascii_uppercase();
        Self::all().find(|country| country.as_str() == code).ok_or_else(|| Error::new(Code::CountryUnknown))
    }

    /// All of them, in order of their codes.
    pub fn all() -> impl Iterator<Item = Self> {
        ASSIGNED.as_bytes().chunks_exact(2).map(|code| Self([code[0], code[1]]))
    }

    /// The two capitals.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("made of ASCII capitals only")
    }
}

impl fmt::Display for Country {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_every_code_once_and_in_order() {
        let codes: Vec<String> = Country::all().map(|country| country.to_string()).collect();
        assert_eq!(codes.len(), 249);
        assert!(codes.is_sorted_by(|one, next| one < next), "{codes:?}");
    }

    #[test]
    fn only_countries_are_taken() {
        assert_eq!(Country::parse(" id ").expect("a country"), Country::INDONESIA);
        for raw in ["", "I", "IDN", "XX", "EU", "00", "DA", "İD"] {
            assert_eq!(Country::parse(raw).expect_err(raw).code, Code::CountryUnknown);
        }
    }
}
