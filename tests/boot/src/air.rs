//! The air around the box: virtual radios (the kernel's `mac80211_hwsim`), of which the first is
//! the box's own and each further one a station with a network of its own. `tests/boot/air` has
//! what is done in the guest, on a disk that only these tests attach, so that the card is tested
//! as it is shipped.
//!
//! A station has a door besides: two ports of this machine that lead through the station's radio
//! to the box. Who connects there is, for the box, that station: any program of this machine can
//! be tried as somebody's phone.

use std::path::{Path, PathBuf};
use std::process::Command as Program;

use tokio::process::Command;

use crate::card;
use crate::guest::{self, Guest};
use crate::machine::Ports;
use crate::{Outcome, machine};

/// Mounts the disk and lets it prepare the air before the network manager looks for radios.
const UNIT: &str = r"[Unit]
DefaultDependencies=no
Before=NetworkManager.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=sh -c 'cd /sys/block; for d in *; do grep -qs tools $$d/serial && mkdir /run/tools && mount -o ro /dev/$$d /run/tools; done; exec /run/tools/prepare'
";

/// The words of the kernel's command line for it.
pub(crate) fn kernel_words() -> String {
    guest::extra_unit("kelas-air", UNIT)
}

/// The disk with what stations are made of.
#[derive(Clone, Debug)]
pub(crate) struct Tools(PathBuf);

impl Tools {
    /// Makes it.
    pub(crate) fn new(root: &Path) -> Outcome<Self> {
        let folder = machine::folder(root, "tools");
        card::run(Program::new(root.join("tests/boot/tools.sh")).arg(&folder))?;
        Ok(Self(folder.join("tools.squashfs")))
    }
}

/// Two stations, for one start of a machine.
#[derive(Clone, Debug)]
pub(crate) struct Air {
    pub(crate) stations: [Station; 2],
    tools: Tools,
}

impl Air {
    /// With doors that nothing uses now.
    pub(crate) fn new(tools: &Tools) -> Outcome<Self> {
        let stations =
            [Station { number: 1, door: Ports::free()? }, Station { number: 2, door: Ports::free()? }];
        Ok(Self { stations, tools: tools.clone() })
    }

    /// Adds radios, disk and doors to the arguments of `qemu.sh`.
    pub(crate) fn attach_to(&self, command: &mut Command) {
        command.arg("--tools").arg(&self.tools.0);
        for Station { door, .. } in self.stations {
            command.args(["--door", &format!("{}:{}", door.http, door.https)]);
        }
    }
}

/// A device with a radio.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Station {
    number: u8,
    /// Where this machine reaches the box as this station.
    pub(crate) door: Ports,
}

/// What a station was told by DHCP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Lease {
    pub(crate) address: String,
    pub(crate) netmask: String,
    pub(crate) router: String,
    pub(crate) resolver: String,
    pub(crate) seconds: u32,
}

impl Station {
    /// Joins a Wi-Fi, an open one without a passphrase, and asks for an address.
    pub(crate) async fn joins(
        self,
        guest: &mut Guest,
        ssid: &str,
        passphrase: Option<&str>,
    ) -> Outcome<Lease> {
        let words = [Some(ssid), passphrase];
        let words: Vec<String> = words.into_iter().flatten().map(quoted).collect();
        let told = guest.ask(&format!("{} join {}", self.tool(), words.join(" "))).await?;
        Lease::parse(&told)
    }

    /// Carries out a command in the station's network and returns what it printed.
    pub(crate) async fn asks(self, guest: &mut Guest, command: &str) -> Outcome<guest::Output> {
        guest.run(&format!("{} in {command}", self.tool())).await
    }

    fn tool(self) -> String {
        format!("/run/tools/station {}", self.number)
    }
}

impl Lease {
    /// Reads `name=value` lines of the station's script.
    fn parse(told: &str) -> Outcome<Self> {
        let value = |name: &str| {
            let found = told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
            found.map(str::to_owned).ok_or_else(|| format!("the lease has no {name}: {told}"))
        };
        Ok(Self {
            address: value("ip")?,
            netmask: value("subnet")?,
            router: value("router")?,
            resolver: value("dns")?,
            seconds: value("lease")?.parse()?,
        })
    }
}

/// As one word of the shell.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_read_and_half_of_one_is_not() {
        let told = "ip=10.42.0.20\nsubnet=255.255.255.0\nrouter=10.42.0.1\ndns=10.42.0.1\nlease=43200\n";
        let lease = Lease::parse(told).expect("a lease");
        assert_eq!((lease.address.as_str(), lease.seconds), ("10.42.0.20", 43_200));
        assert!(Lease::parse("ip=10.42.0.20\n").is_err());
    }

    #[test]
    fn a_word_of_the_shell_is_what_it_was() {
        let word = "it's $HOME";
        let said = card::run(Program::new("sh").args(["-c", &format!("printf %s {}", quoted(word))]));
        assert_eq!(said.expect("a shell"), word);
    }
}
