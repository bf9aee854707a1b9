//! The card's system as far as its shell programs see it: the root that an image gets, with
//! `BusyBox` for a shell, an emulated disk below `/dev` and `/sys`, and in mount namespaces of its
//! own. What would change this machine, or the clock, is replaced by a program that notes how it
//! was called.
//!
//! May use: `BusyBox`, util-linux, e2fsprogs. Used by: the tests beside it.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use nix::unistd::geteuid;

use crate::root::{Root, succeeded};

/// Programs that are not `BusyBox`'s, here as on the card.
const TOOLS: [&str; 8] = [
    "usr/sbin/nft",
    "usr/sbin/sfdisk",
    "usr/sbin/e2fsck",
    "usr/sbin/mke2fs",
    "usr/sbin/debugfs",
    "usr/bin/mountpoint",
    // BusyBox's would make a loop device of a file that stands for a device.
    "usr/bin/mount",
    "usr/bin/umount",
];

/// Programs that would change this machine: they only note how they were called.
const NOTED: [&str; 6] = [
    "usr/bin/date",
    "usr/bin/hostname",
    "usr/bin/systemctl",
    "usr/sbin/iw",
    "usr/sbin/partx",
    "usr/lib/systemd/systemd-growfs",
];

/// Mounts what the root borrows from this machine and goes there. `$1` is the root.
const ENTER: &str = "mount --make-rprivate /; mount --bind $1 $1; mount --rbind / $1/host; mount --rbind /proc $1/proc; \
    mount --bind /dev/null $1/dev/null; root=$1; shift; exec chroot $root /bin/sh -eu -c \"$@\"";

/// Where programs are looked for on the card.
const PATH: &str = "/usr/sbin:/usr/bin";

/// The card.
#[derive(Debug)]
pub struct Card {
    root: Root,
}

impl Card {
    /// A system whose root lies on `/dev/vda5`, on a disk without any other partition.
    ///
    /// # Panics
    /// If a program that it is made of is not installed.
    #[expect(clippy::new_without_default, reason = "it does work and may fail")]
    pub fn new() -> Self {
        let card = Self { root: Root::new() };
        card.borrow_libraries();
        card.install_busybox();
        for tool in TOOLS {
            let own = card.path(tool);
            match fs::remove_file(&own) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
                _ => symlink(Path::new("/host").join(tool), own).expect("an own root"),
            }
        }
        for noted in NOTED {
            card.note_calls(noted);
        }
        for folder in ["dev", "sys/dev/block", "run", "proc", "host", "data", "boot/firmware"] {
            fs::create_dir_all(card.path(folder)).expect("an own root");
        }
        for file in ["dev/kmsg", "dev/null"] {
            fs::write(card.path(file), "").expect("an own root");
        }
        card.add_partition(5);
        let number = card.succeeds("mountpoint -d /");
        let link = card.path("sys/dev/block").join(number.trim());
        symlink("../../devices/vda/vda5", link).expect("an own root");
        card
    }

    /// A file of the card by its path without the first slash.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    /// What stands in a file of the card; nothing, if there is none.
    pub fn text(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_default()
    }

    /// Makes the users of the image.
    ///
    /// # Panics
    /// If systemd-sysusers fails.
    pub fn add_users(&self) {
        self.root.succeeds("systemd-sysusers", &[]);
    }

    /// Lets the kernel know a partition of the disk that nobody asks for its place.
    ///
    /// # Panics
    /// If it cannot be noted.
    pub fn add_partition(&self, number: u32) {
        self.place_partition(number, 0, 0);
    }

    /// Lets the kernel know a partition of the disk, with its place in sectors.
    ///
    /// # Panics
    /// If it cannot be noted.
    pub fn place_partition(&self, number: u32, start: u32, size: u32) {
        let folder = self.path(&format!("sys/devices/vda/vda{number}"));
        fs::create_dir_all(&folder).expect("an own root");
        for (file, value) in [("partition", number), ("start", start), ("size", size)] {
            fs::write(folder.join(file), format!("{value}\n")).expect("an own root");
        }
    }

    /// Puts a program into the place of another.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn replace(&self, path: &str, program: &str) {
        let path = self.path(path);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => panic!("{error}"),
            _ => fs::write(&path, program).expect("an own root"),
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("an own file");
    }

    /// Runs a shell script on the card, as root. Mounts that it makes end with it.
    ///
    /// # Panics
    /// If there is no unshare(1).
    pub fn run(&self, script: &str) -> Output {
        if geteuid().is_root() { self.enter(&[], script) } else { self.run_as(0, script) }
    }

    /// Runs a shell script on the card, as the one user whom it knows then, with all rights.
    ///
    /// # Panics
    /// If there is no unshare(1).
    pub fn run_as(&self, user: u32, script: &str) -> Output {
        let [user, group] = ["user", "group"].map(|kind| format!("--map-{kind}={user}"));
        self.enter(&["--user", "--keep-caps", &user, &group], script)
    }

    /// Runs a shell script on the card and returns what it printed.
    ///
    /// # Panics
    /// If it fails.
    pub fn succeeds(&self, script: &str) -> String {
        succeeded(script, &self.run(script))
    }

    /// The codes of the problems that were noted, in order.
    pub fn problems(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.path("run/kelas/problems")) else { return Vec::new() };
        let names = entries.map(|entry| entry.expect("readable").file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// How a program that only notes its calls was called.
    pub fn calls(&self, name: &str) -> Vec<String> {
        let calls = self.text("calls");
        let calls = calls.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        calls.map(ToOwned::to_owned).collect()
    }

    fn enter(&self, namespaces: &[&str], script: &str) -> Output {
        let mut command = Command::new("unshare");
        command.args(namespaces);
        command.args(["--mount", "sh", "-eu", "-c", ENTER, "sh"]).arg(self.root.path()).arg(script);
        command.env_clear().env("PATH", format!("{PATH}:/sbin:/bin"));
        command.output().expect("util-linux is there")
    }

    fn note_calls(&self, path: &str) {
        self.replace(path, "#!/bin/sh\necho \"${0##*/} $*\" >>/calls\n");
    }

    /// The loader and the libraries of this machine, for its programs.
    fn borrow_libraries(&self) {
        for library in fs::read_dir("/usr/lib").expect("readable") {
            let name = library.expect("readable").file_name();
            let own = self.path("usr/lib").join(&name);
            if !own.exists() {
                symlink(Path::new("/host/usr/lib").join(name), own).expect("an own root");
            }
        }
        for folder in ["lib", "lib32", "lib64", "libx32"] {
            if Path::new("/").join(folder).exists() {
                symlink(Path::new("/host").join(folder), self.path(folder)).expect("an own root");
            }
        }
        symlink("/host/etc/ld.so.cache", self.path("etc/ld.so.cache")).expect("an own root");
    }

    fn install_busybox(&self) {
        fs::create_dir_all(self.path("usr/sbin")).expect("an own root");
        symlink("usr/bin", self.path("bin")).expect("an own root");
        let list = Command::new("busybox").arg("--list").output().expect("BusyBox is installed");
        let found = Command::new("sh").args(["-c", "command -v busybox"]).output().expect("a shell");
        let found = String::from_utf8(found.stdout).expect("a path");
        fs::copy(found.trim(), self.path("usr/bin/busybox")).expect("BusyBox is installed");
        for applet in String::from_utf8(list.stdout).expect("names").lines() {
            let link = self.path("usr/bin").join(applet);
            if !link.exists() {
                symlink("busybox", link).expect("an own root");
            }
        }
    }
}
