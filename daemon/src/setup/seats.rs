//! How many devices the radio of this board takes at once, as its firmware limits it.
//!
//! No radio tells its limit, so the board does: the numbers are those that were counted with the
//! firmware that the image ships (the "minimal" one of the CYW43455, which leaves room for more
//! stations; the only one of the others).
//!
//! May use: the file system. Used by: `setup`.

use std::fs;

/// Where the kernel says on which board it runs.
const MODEL: &str = "/proc/device-tree/model";

/// Boards by a part of their name, the longer name first, and the seats of their radio.
const BOARDS: [(&str, u16); 9] = [
    ("Raspberry Pi 3 Model B Plus", 19),
    ("Raspberry Pi 3 Model A Plus", 19),
    ("Raspberry Pi 400", 10),
    ("Raspberry Pi 4", 19),
    ("Raspberry Pi Compute Module 4", 19),
    ("Raspberry Pi 5", 19),
    ("Raspberry Pi 3", 10),
    ("Raspberry Pi Zero 2", 10),
    ("Raspberry Pi Zero W", 10),
];

/// How many devices may join.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seats {
    /// This many.
    Counted(u16),
    /// It was never counted with this board.
    Unknown,
}

impl Seats {
    /// Those of the board that we run on.
    pub(crate) fn here() -> Self {
        // No such file is no board that we know.
        fs::read_to_string(MODEL).map_or(Self::Unknown, |model| Self::of(&model))
    }

    fn of(model: &str) -> Self {
        let known = BOARDS.iter().find(|(board, _)| model.contains(board));
        known.map_or(Self::Unknown, |(_, seats)| Self::Counted(*seats))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boards_are_told_apart_by_their_whole_name() {
        for (model, seats) in [
            ("Raspberry Pi 4 Model B Rev 1.4\0", Seats::Counted(19)),
            ("Raspberry Pi 400 Rev 1.0", Seats::Counted(10)),
            ("Raspberry Pi 3 Model B Rev 1.2", Seats::Counted(10)),
            ("Raspberry Pi 3 Model B Plus Rev 1.3", Seats::Counted(19)),
            ("Raspberry Pi 5 Model B Rev 1.0", Seats::Counted(19)),
            ("linux,dummy-virt", Seats::Unknown),
        ] {
            assert_eq!(Seats::of(model), seats, "{model}");
        }
    }
}
