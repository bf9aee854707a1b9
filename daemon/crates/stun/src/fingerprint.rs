//! FINGERPRINT: a checksum that tells STUN from other protocols on the same port (RFC 8489, 14.7).

/// What the CRC is mixed with, so that a protocol that carries its own CRC-32 is told apart.
const MIX: u32 = 0x5354_554e;

/// The reversed polynomial of CRC-32 (ITU-T V.42).
const POLYNOMIAL: u32 = 0xedb8_8320;

/// The CRC of every byte.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index: u32 = 0;
    while index < 256 {
        let mut value = index;
        let mut bit = 0;
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ POLYNOMIAL } else { value >> 1 };
            bit += 1;
        }
        table[index as usize] = value;
        index += 1;
    }
    table
};

/// The value of FINGERPRINT for the `message` before it, whose header's length must already
/// count the FINGERPRINT attribute.
pub(crate) fn fingerprint(message: &[u8]) -> u32 {
    let crc = message.iter().fold(u32::MAX, |crc, &byte| {
        let [low, ..] = crc.to_le_bytes();
        TABLE[usize::from(low ^ byte)] ^ (crc >> 8)
    });
    !crc ^ MIX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_value_of_crc_32_comes_out() {
        assert_eq!(fingerprint(b"123456789") ^ MIX, 0xcbf4_3926);
    }
}
