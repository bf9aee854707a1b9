//! Randomness as an argument: the system's for real, a seeded one for tests that replay.

use data_encoding::{BASE64URL_NOPAD, Encoding};

/// Where random bytes come from.
pub trait Random: Send {
    /// Fills `buffer`.
    fn fill(&mut self, buffer: &mut [u8]);

    /// A URL-safe secret of 128 bits, as 22 characters.
    fn token(&mut self) -> String {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        BASE64URL_NOPAD.encode(&bytes)
    }

    /// `length` characters of `alphabet`, each equally likely.
    fn characters(&mut self, alphabet: &[u8], length: usize) -> String {
        debug_assert!(!alphabet.is_empty() && alphabet.len() <= 256 && alphabet.is_ascii());
        // Bytes past the last whole multiple would make the first characters likelier.
        let fair = 256 - 256 % alphabet.len();
        let mut text = String::with_capacity(length);
        while text.len() < length {
            let mut byte = [0];
            self.fill(&mut byte);
            let value = usize::from(byte[0]);
            if value < fair {
                text.push(char::from(alphabet[value % alphabet.len()]));
            }
        }
        text
    }
}

/// Characters that cannot be mistaken for one another when read aloud from a blackboard.
pub const READABLE: &[u8] = b"ABCDEFGHJKMNPQRSTUVWXYZ23456789";

/// Encoding of secrets and digests in URLs, cookies and JSON.
pub const URL_SAFE: Encoding = BASE64URL_NOPAD;

/// The kernel's random number generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, buffer: &mut [u8]) {
        getrandom::fill(buffer).expect("Linux has had getrandom(2) since 3.17 and it does not fail");
    }
}

/// Repeatable and predictable (SplitMix64): for tests, simulations, and orders that nobody has to
/// keep secret.
#[derive(Debug, Clone)]
pub struct SeededRandom(pub u64);

/// The numbers below `count` in an order that `seed` alone decides, each order equally likely as far
/// as 64 bits can be (Fisher and Yates).
pub fn order(seed: u64, count: usize) -> Vec<usize> {
    let mut random = SeededRandom(seed);
    let mut order: Vec<usize> = (0..count).collect();
    for last in (1..count).rev() {
        let mut bytes = [0; 8];
        random.fill(&mut bytes);
        // Of so few things, no remainder is noticeably likelier.
        let at = u64::from_le_bytes(bytes) % (last as u64 + 1);
        order.swap(last, usize::try_from(at).unwrap_or(last));
    }
    order
}

impl Random for SeededRandom {
    fn fill(&mut self, buffer: &mut [u8]) {
        for byte in buffer {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut mixed = self.0;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = (mixed ^ (mixed >> 31)).to_le_bytes()[0];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_replays_and_two_system_tokens_differ() {
        assert_eq!(SeededRandom(7).token(), SeededRandom(7).token());
        assert_ne!(SystemRandom.token(), SystemRandom.token());
        assert_eq!(SystemRandom.token().len(), 22);
    }

    #[test]
    fn an_order_has_everything_once_and_comes_again_with_its_seed() {
        assert_eq!(order(7, 5), order(7, 5));
        let orders: std::collections::HashSet<_> = (0..500).map(|seed| order(seed, 4)).collect();
        assert_eq!(orders.len(), 24, "every order of four comes");
        for seed in 0..50 {
            let mut sorted = order(seed, 9);
            sorted.sort_unstable();
            assert_eq!(sorted, (0..9).collect::<Vec<_>>());
        }
        assert_eq!((order(1, 0), order(1, 1)), (vec![], vec![0]));
    }

    #[test]
    fn characters_come_from_the_alphabet_alone() {
        let text = SeededRandom(1).characters(READABLE, 500);
        assert_eq!(text.len(), 500);
        assert!(text.bytes().all(|byte| READABLE.contains(&byte)));
    }
}
