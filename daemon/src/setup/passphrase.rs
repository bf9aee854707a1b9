//! A passphrase that people read to each other and type on a phone without changing its keyboard
//! twice: `kutari-masedo-472`.
//!
//! Six syllables of ten consonants and five vowels are 6 × log2 50 = 33.9 bits, three digits out
//! of eight another 9: 42.9 bits. WPA2 hashes each guess 4096 times (IEEE 802.11-2020, J.4.1), so
//! a machine that tries a million a second needs a hundred days for half of them, and the school
//! changes it each term.
//!
//! May use: `base`. Used by: `setup`.

use base::random::Random;

/// Sounds that Indonesian and English spell alike, and no letter that is mistaken for a digit.
const CONSONANTS: &[u8] = b"dkmnprstwj";
const VOWELS: &[u8] = b"aiueo";
/// Without 0 and 1, which look like letters on a wall.
const DIGITS: &[u8] = b"23456789";

/// A new one.
pub(super) fn suggest(random: &mut impl Random) -> String {
    let word = |random: &mut _| -> String { (0..3).map(|_| syllable(random)).collect() };
    let (first, second) = (word(random), word(random));
    format!("{first}-{second}-{}", random.characters(DIGITS, 3))
}

fn syllable(random: &mut impl Random) -> String {
    random.characters(CONSONANTS, 1) + &random.characters(VOWELS, 1)
}

#[cfg(test)]
mod tests {
    use base::random::SeededRandom;
    use network::model::Passphrase;

    use super::*;

    #[test]
    fn it_is_a_passphrase_that_can_be_read_aloud() {
        let mut random = SeededRandom(4);
        for _ in 0..200 {
            let suggested = suggest(&mut random);
            assert_eq!(suggested.len(), 17, "{suggested}");
            Passphrase::parse(&suggested).expect("fits");
            assert!(!suggested.contains(['0', '1', 'l', 'O']), "{suggested}");
        }
        assert_ne!(suggest(&mut random), suggest(&mut random));
    }

    #[test]
    fn it_has_the_bits_that_its_comment_promises() {
        let syllables = (CONSONANTS.len() * VOWELS.len()) as u128;
        let possible = syllables.pow(6) * (DIGITS.len() as u128).pow(3);
        assert!(possible > 2_u128.pow(42), "{possible}");
    }
}
