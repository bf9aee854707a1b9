//! Every setting there is: its name, default, form and meaning. `docs/settings.md` is this table.

use crate::settings::answers::keys::ANSWERS;

/// One setting.
#[derive(Debug)]
pub(crate) struct Key {
    /// Its name in files, with dots for TOML tables.
    pub(crate) name: &'static str,
    /// The built-in value, in the form that the environment and flags use.
    pub(crate) default: &'static str,
    /// What is allowed.
    pub(crate) allowed: &'static str,
    /// What it does.
    pub(crate) about: &'static str,
    /// Whether `kelasd check` hides the value.
    pub(crate) visibility: Visibility,
}

/// Whether a setting's value may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// It may.
    Shown,
    /// It is a secret.
    Hidden,
}

impl Key {
    /// The variable of the environment that sets it.
    pub(crate) fn variable(&self) -> String {
        format!("KELASD_{}", self.name.replace('.', "_").to_uppercase())
    }

    pub(super) const fn shown(
        name: &'static str,
        default: &'static str,
        allowed: &'static str,
        about: &'static str,
    ) -> Self {
        Self { name, default, allowed, about, visibility: Visibility::Shown }
    }

    pub(super) const fn hidden(name: &'static str, allowed: &'static str, about: &'static str) -> Self {
        Self { name, default: "", allowed, about, visibility: Visibility::Hidden }
    }
}

const ADDRESSES: &str =
    "a list of addresses with port such as \"[::]:443\" or \"10.42.0.1:443\", or a port alone";
const NETWORK: &str =
    "none, networkmanager, pretend, pretend-no-radio, pretend-blocked, pretend-busy or pretend-hasty";
const SWITCH: &str = "true or false";

/// What the daemon is told of itself. The answers to the wizard follow.
const KEYS: &[Key] = &[
    Key::shown(
        "data",
        "/data/kelas",
        "a path",
        "Folder of everything that is kept: database, certificates, files. It is made if it is not there.",
    ),
    Key::shown(
        "names",
        "kelas.internal, kelas.local",
        "a list of host names of letters, digits, dashes and dots",
        "Names that the box answers to, beside what the school calls it in the setup; the first is the one \
         that is shown. They stand in the certificate, and requests for other names are not trusted with a \
         session.",
    ),
    Key::shown(
        "addresses",
        "",
        "a list of IP addresses, or an empty list",
        "IP addresses that stand in the certificate and are shown. Empty: all private addresses that the \
         machine has, followed as they change.",
    ),
    Key::shown(
        "listen.http",
        "[::]:80",
        ADDRESSES,
        "Where HTTP is answered. `[::]` takes IPv4 too; port 0 takes a free one.",
    ),
    Key::shown("listen.https", "[::]:443", ADDRESSES, "Where HTTPS is answered."),
    Key::shown("listen.stun", "[::]:3478", ADDRESSES, "Where STUN is answered, over UDP."),
    Key::shown(
        "log",
        "info",
        "error, warn, info, debug, trace, or a filter such as \"info,kelasd::http=debug\"",
        "What is logged. SIGHUP reads it again.",
    ),
    Key::shown(
        "demo",
        "false",
        SWITCH,
        "Makes a course to try things with, and a fresh sign-in link for its teacher at each start.",
    ),
    Key::shown(
        "announce",
        "none",
        "text, json or none",
        "What is printed on standard output when ready: for people, for programs, nothing.",
    ),
    Key::shown(
        "console",
        "",
        "a path, or nothing",
        "File in which kelasd keeps what a screen of 80 columns and 25 lines at the box should show: \
         addresses, whether it is ready, what is wrong with the card. Empty: none.",
    ),
    Key::shown(
        "network",
        "none",
        NETWORK,
        "Who runs the network of this machine. `none`: nobody that kelasd may command; it opens no Wi-Fi. \
         `networkmanager`: NetworkManager, through the system's bus. `pretend`: nobody, but the pages behave as \
         if there were a radio and a wired device, to try the setup on a laptop; with `pretend-no-radio`, \
         `pretend-blocked` or `pretend-busy` as if something were wrong with the radio, and with `pretend-hasty` \
         what is not confirmed is taken back after 5 seconds.",
    ),
    Key::shown(
        "host",
        "",
        "a path, or nothing",
        "Socket of the helper that sets the machine's clock, name, country and power for kelasd. Empty: the \
         machine keeps its own.",
    ),
    Key::shown(
        "bots",
        "",
        "a path, or nothing",
        "Socket of the service manager that starts `kelasd bots` when somebody tries what the box carries. Empty: \
         kelasd starts it itself, which needs leave to make connections.",
    ),
    Key {
        name: "setup.claim_code",
        default: "",
        allowed: "a word of up to 64 characters, or nothing",
        about: "What somebody must type to become the first technician of a box that has none, beside being \
                on its Wi-Fi. Empty: nothing.",
        visibility: Visibility::Hidden,
    },
    Key::shown(
        "peerjs.enabled",
        "true",
        SWITCH,
        "Whether unmodified PeerJS programs find a PeerServer at /peerjs.",
    ),
    Key::shown(
        "peerjs.allow_discovery",
        "false",
        SWITCH,
        "Whether a PeerJS program may list the ids of all others.",
    ),
    Key::shown(
        "peerjs.concurrent_limit",
        "5000",
        "a number from 1 to 5000",
        "PeerJS clients at once; further ones are told that the limit is reached.",
    ),
    Key::shown(
        "peerjs.alive_timeout_ms",
        "90000",
        "a number from 1000 to 3600000",
        "Milliseconds without a heartbeat after which a PeerJS client is closed. Clients send one every \
         5000 ms.",
    ),
    Key::shown(
        "peerjs.expire_timeout_ms",
        "5000",
        "a number from 1000 to 60000",
        "Milliseconds that a PeerJS message waits for a peer that is not there yet.",
    ),
    Key::shown(
        "limits.connections",
        "8192",
        "a number from 16 to 8192",
        "TCP connections at once over all ports; more are closed at once.",
    ),
    Key::shown(
        "limits.connections_per_address",
        "512",
        "a number from 4 to 8192",
        "TCP connections at once from one IP address. A second access point in front of a class may hide \
         forty devices behind one.",
    ),
    Key::shown(
        "limits.stun_per_second",
        "50",
        "a number from 1 to 10000",
        "STUN answers per second to one IP address, with a burst of ten times that.",
    ),
    Key::shown(
        "limits.files_gb",
        "0",
        "a number from 0 to 100000",
        "Gigabytes that the files of all courses may take. 0: as much as the data partition has, but for a \
         quarter of a gigabyte, on a small one a tenth of it, that is always left to the database.",
    ),
];

/// Every setting, in the order in which it is shown.
pub(crate) fn all() -> impl Iterator<Item = &'static Key> {
    KEYS.iter().chain(ANSWERS)
}

/// The key of this name.
pub(crate) fn find(name: &str) -> Option<&'static Key> {
    all().find(|key| key.name == name)
}
