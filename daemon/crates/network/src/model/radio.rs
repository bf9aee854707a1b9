//! Bands and channels that the box may offer its Wi-Fi on.

use base::{Code, Error, Result};

/// A band of frequencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Band {
    /// 2.4 GHz: every phone has it, and it goes through a wall.
    Ghz2,
    /// 5 GHz: quicker and less crowded, shorter reach, not in every phone.
    Ghz5,
}

impl Band {
    /// The channels that are offered, the first by default. At 2.4 GHz those that do not overlap;
    /// at 5 GHz those without radar detection, which the Pi's firmware lacks.
    pub const fn channels(self) -> &'static [u8] {
        match self {
            Self::Ghz2 => &[6, 1, 11],
            Self::Ghz5 => &[36, 40, 44, 48],
        }
    }
}

/// A channel of a band, 20 MHz wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Channel {
    band: Band,
    number: u8,
}

impl Channel {
    /// The channel `number` of `band`, if it is one of [`Band::channels`].
    ///
    /// # Errors
    /// `channel_unknown` with `channel`.
    pub fn new(band: Band, number: u8) -> Result<Self> {
        if band.channels().contains(&number) {
            Ok(Self { band, number })
        } else {
            Err(Error::new(Code::ChannelUnknown).with("channel", number))
        }
    }

    /// What suits every phone and every country: channel 6 at 2.4 GHz.
    pub const fn usual() -> Self {
        Self { band: Band::Ghz2, number: 6 }
    }

    /// Its band.
    pub const fn band(self) -> Band {
        self.band
    }

    /// Its number within the band.
    pub const fn number(self) -> u8 {
        self.number
    }

    /// Its middle in MHz (IEEE 802.11-2020, 17.3.8.4.2 and table 15-6).
    pub const fn frequency_mhz(self) -> u32 {
        match self.band {
            Band::Ghz2 => 2_407 + 5 * self.number as u32,
            Band::Ghz5 => 5_000 + 5 * self.number as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_channels_of_the_band_are_taken() {
        assert_eq!(Channel::new(Band::Ghz2, 11).expect("a channel").frequency_mhz(), 2_462);
        assert_eq!(Channel::new(Band::Ghz5, 36).expect("a channel").frequency_mhz(), 5_180);
        for (band, number) in
            [(Band::Ghz2, 36), (Band::Ghz2, 2), (Band::Ghz5, 6), (Band::Ghz5, 52), (Band::Ghz2, 0)]
        {
            assert_eq!(Channel::new(band, number).expect_err("refused").code, Code::ChannelUnknown);
        }
        assert_eq!(Channel::new(Band::Ghz2, 6).expect("a channel"), Channel::usual());
    }
}
