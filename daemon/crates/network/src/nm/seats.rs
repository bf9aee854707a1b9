//! How many stations a radio takes at once, as its firmware limits it.
//!
//! No radio tells its limit, so the board does, for the radio that is soldered onto it: the
//! numbers are those that were counted with the firmware that the image ships.
//!
//! May use: the model, the kernel's `/sys`. Used by: `reading`.

use std::fs;
use std::path::Path;

use crate::model::DeviceName;

/// Boards by a part of their name, the longer name first, and the seats of their radio: the
/// CYW43455 with its "minimal" firmware takes 19, the others have none but the usual firmware.
const BOARDS: [(&str, Firmware); 10] = [
    ("Raspberry Pi 3 Model B Plus", Firmware::Minimal),
    ("Raspberry Pi 3 Model A Plus", Firmware::Minimal),
    ("Raspberry Pi 400", Firmware::Usual),
    ("Raspberry Pi 4", Firmware::Minimal),
    ("Raspberry Pi Compute Module 4", Firmware::Minimal),
    ("Raspberry Pi 500", Firmware::Minimal),
    ("Raspberry Pi 5", Firmware::Minimal),
    ("Raspberry Pi 3", Firmware::Usual),
    ("Raspberry Pi Zero 2", Firmware::Usual),
    ("Raspberry Pi Zero W", Firmware::Usual),
];
/// SDIO's number for Broadcom (`linux/mmc/sdio_ids.h`): a radio on the board and not in its USB port.
const BROADCOM: &str = "0x02d0";
/// The folder of the CYW43455's usual firmware, to which a technician may go back.
const GONE_BACK: &str = "kelas-standard";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Firmware {
    /// For more stations, without what a class does not need.
    Minimal,
    /// The chip's only one.
    Usual,
}

impl Firmware {
    const fn seats(self, gone_back: bool) -> u16 {
        match (self, gone_back) {
            (Self::Minimal, false) => 19,
            (Self::Minimal, true) => 8,
            (Self::Usual, _) => 10,
        }
    }
}

/// The seats of the radio `name` on this machine; none if they were never counted.
pub(super) fn here(name: &DeviceName) -> Option<u16> {
    below(Path::new("/sys"), name)
}

fn below(sys: &Path, name: &DeviceName) -> Option<u16> {
    // What cannot be read is a machine that is no such board.
    let read = |path: &str| fs::read_to_string(sys.join(path)).ok();
    let vendor = read(&format!("class/net/{name}/device/vendor"))?;
    if vendor.trim() != BROADCOM {
        return None;
    }
    let model = read("firmware/devicetree/base/model")?;
    let (_, firmware) = BOARDS.iter().find(|(board, _)| model.contains(board))?;
    let folder = read("module/firmware_class/parameters/path").unwrap_or_default();
    Some(firmware.seats(folder.contains(GONE_BACK)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(sys: &Path, path: &str, text: &str) {
        let path = sys.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    #[test]
    fn a_radio_on_the_board_has_the_seats_of_the_board_and_its_firmware() {
        let folder = tempfile::tempdir().expect("a folder");
        let (sys, radio) = (folder.path(), DeviceName::parse("wlan0").expect("a name"));
        assert_eq!(below(sys, &radio), None);
        write(sys, "class/net/wlan0/device/vendor", "0x02d0\n");
        assert_eq!(below(sys, &radio), None);
        for (model, seats) in [
            ("Raspberry Pi 4 Model B Rev 1.4\0", Some(19)),
            ("Raspberry Pi 400 Rev 1.0\0", Some(10)),
            ("Raspberry Pi 3 Model B Rev 1.2\0", Some(10)),
            ("Raspberry Pi 3 Model B Plus Rev 1.3\0", Some(19)),
            ("Raspberry Pi Zero 2 W Rev 1.0\0", Some(10)),
            ("Raspberry Pi 5 Model B Rev 1.0\0", Some(19)),
            ("linux,dummy-virt\0", None),
        ] {
            write(sys, "firmware/devicetree/base/model", model);
            assert_eq!(below(sys, &radio), seats, "{model}");
        }
        write(sys, "firmware/devicetree/base/model", "Raspberry Pi 4 Model B Rev 1.4\0");
        write(sys, "module/firmware_class/parameters/path", "/usr/lib/firmware/kelas-standard\n");
        assert_eq!(below(sys, &radio), Some(8));
        // One in the USB port.
        write(sys, "class/net/wlan0/device/vendor", "0x0e8d\n");
        assert_eq!(below(sys, &radio), None);
    }
}
