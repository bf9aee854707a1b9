//! The keys of the answers to the wizard, for the table of all settings.
//!
//! May use: `settings::key`. Used by: `settings`.

use crate::settings::key::Key;

/// Their keys.
pub(in crate::settings) const ANSWERS: &[Key] = &[
    Key::shown("setup.language", "", "id, en, or nothing", "Language of the box, as of its printed sheet."),
    Key::shown("setup.school", "", "a name of up to 80 characters, or nothing", "Whose the box is."),
    Key::shown(
        "setup.box_name",
        "",
        "letters from a to z, digits and dashes between them, up to 63, or nothing",
        "The machine's name in the network. Raspberry Pi Imager's host name, in `rpi-preseed.toml` beside \
         `kelas.toml`, is taken for it.",
    ),
    Key::shown(
        "setup.country",
        "",
        "a code of two letters such as ID, or nothing",
        "Country whose rules the radio keeps. Raspberry Pi Imager's Wi-Fi country is taken for it; the Wi-Fi \
         that Imager asks for is one to join, and is not used.",
    ),
    Key::shown(
        "setup.wifi.kind",
        "",
        "own, open, school, or nothing",
        "`own`: the box opens a Wi-Fi with a passphrase. `open`: without. `school`: the school's access point, \
         and the box hangs on its cable. Nothing: `own` if there is a name.",
    ),
    Key::shown("setup.wifi.name", "", "1 to 32 bytes, or nothing", "Name of the Wi-Fi that the box opens."),
    Key::hidden(
        "setup.wifi.passphrase",
        "8 to 63 letters without accents, digits, spaces and ordinary punctuation, or nothing",
        "Its passphrase. It is taken out of the file when the box has it.",
    ),
    Key::shown("setup.wifi.band", "2.4", "2.4 or 5", "Its band in GHz."),
    Key::shown(
        "setup.wifi.channel",
        "",
        "1, 6 or 11 at 2.4 GHz; 36, 40, 44 or 48 at 5 GHz; or nothing",
        "Its channel. Nothing: 6, or 36.",
    ),
    Key::shown(
        "setup.wired.address",
        "",
        "dhcp, none, an address with its prefix such as 192.168.1.50/24, or nothing",
        "Address of the box on the school's cable; `none` does not use the cable.",
    ),
    Key::shown(
        "setup.wired.gateway",
        "",
        "a neighbour's IPv4 address, or nothing",
        "Next hop of a fixed address, which needs one.",
    ),
    Key::shown(
        "setup.wired.resolvers",
        "",
        "a list of up to 3 IPv4 addresses, or an empty list",
        "Resolvers of a fixed address.",
    ),
    Key::shown(
        "setup.sharing",
        "false",
        "true or false",
        "Whether stations reach the internet over that cable.",
    ),
    Key::shown(
        "setup.portal",
        "",
        "ask, stay, or nothing",
        "`ask`: a device that joins is shown the portal. `stay`: it is told that all is well.",
    ),
    Key::shown(
        "setup.technician.name",
        "",
        "a name, or nothing",
        "Name of the first technician; nothing: the sign-in name.",
    ),
    Key::shown(
        "setup.technician.login",
        "",
        "a sign-in name without spaces, or nothing",
        "Sign-in name of the first technician.",
    ),
    Key::hidden(
        "setup.technician.password",
        "8 to 200 characters, or nothing",
        "Password of the first technician. With it, and with Wi-Fi and school answered, the box sets itself up \
         without the wizard. It is taken out of the file when the box has it.",
    ),
];
