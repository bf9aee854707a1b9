//! A root file system with nothing but `buildroot-overlay/`, what `systemd/install.sh` puts there,
//! and what both stand on: systemd's own targets, an executable in the daemon's place.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::unit::{folder, overlay};

/// How the overlay is copied: whose its files are in a clone means nothing.
const COPY: [&str; 3] = ["--recursive", "--no-dereference", "--preserve=mode,timestamps"];
const UNITS: &str = "usr/lib/systemd/system";

/// What systemd of Debian 12 (252) does not know yet, with the version that does. The box has a
/// newer one; where the tests run on an older, its programs see the line without it, or with what
/// stands third.
const NEWER: [(&str, u32, &str); 3] = [
    ("Type=notify-reload", 253, "Type=notify"),
    ("RestartSteps=", 254, ""),
    ("RestartMaxDelaySec=", 254, ""),
];

/// The root.
#[derive(Debug)]
pub struct Root {
    folder: TempDir,
}

impl Root {
    /// Installs into an empty one.
    ///
    /// # Panics
    /// If `install.sh` fails or systemd's programs are not there.
    #[expect(clippy::new_without_default, reason = "it does work and may fail")]
    pub fn new() -> Self {
        let root = Self { folder: tempfile::tempdir().expect("a folder") };
        let contents = overlay().join(".");
        let copied = Command::new("cp").args(COPY).arg(contents).arg(root.path()).output();
        succeeded("cp", &copied.expect("coreutils are there"));
        fs::create_dir_all(root.path().join("usr/bin")).expect("an own root");
        let installed = Command::new(folder().join("install.sh")).arg(root.path()).output();
        succeeded("install.sh", &installed.expect("bash is there"));
        fs::create_dir_all(root.path().join("usr/sbin")).expect("an own root");
        // What packages bring.
        for program in ["usr/bin/kelasd", "usr/sbin/dnsmasq"] {
            fs::copy("/bin/true", root.path().join(program)).expect("true is there");
        }
        root.without_newer(systemd_version());
        root.add_targets();
        root
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Adds a unit of a test's own.
    ///
    /// # Panics
    /// If it cannot be written.
    pub fn add(&self, name: &str, text: &str) {
        fs::write(self.path().join(UNITS).join(name), text).expect("writable");
    }

    /// Runs one of systemd's programs on this root.
    ///
    /// # Panics
    /// If it is not there.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Output {
        let root = format!("--root={}", self.path().display());
        let output = Command::new(program).arg(root).args(arguments).output();
        output.unwrap_or_else(|error| panic!("{program}: {error}"))
    }

    /// Runs one of systemd's programs on this root and returns what it printed.
    ///
    /// # Panics
    /// If it fails.
    pub fn succeeds(&self, program: &str, arguments: &[&str]) -> String {
        succeeded(program, &self.run(program, arguments))
    }

    fn add_targets(&self) {
        let systemds = files(&Path::new("/").join(UNITS));
        for path in systemds.iter().filter(|path| path.extension().is_some_and(|ending| ending == "target")) {
            let name = path.file_name().expect("a file of a folder");
            let own = self.path().join(UNITS).join(name);
            if !own.is_symlink() {
                // No links: systemd leads those into its root, where there is nothing.
                fs::copy(path, own).expect("an own root");
            }
        }
    }

    fn without_newer(&self, version: u32) {
        for path in
            files(&self.path().join(UNITS)).into_iter().filter(|path| path.is_file() && !path.is_symlink())
        {
            let text = fs::read_to_string(&path).expect("just installed");
            let lines = text.lines().map(|line| {
                let newer =
                    NEWER.iter().find(|(start, since, _)| line.starts_with(start) && version < *since);
                newer.map_or(line, |(_, _, older)| older)
            });
            fs::write(&path, lines.flat_map(|line| [line, "\n"]).collect::<String>()).expect("writable");
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("readable").path()).collect()
}

fn systemd_version() -> u32 {
    let output = Command::new("systemd-analyze").arg("--version").output().expect("systemd is installed");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let number = text.split_whitespace().nth(1).and_then(|word| word.parse().ok());
    number.unwrap_or_else(|| panic!("no version in: {text}"))
}

pub(crate) fn succeeded(program: &str, output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    assert!(output.status.success(), "{program}: {}\n{out}{err}", output.status);
    out.into_owned()
}
