//! Unit files as far as the tests ask for them: settings by name.

use std::fs;
use std::path::{Path, PathBuf};

/// A unit file.
#[derive(Debug)]
pub struct Unit {
    /// Its file name.
    pub name: String,
    settings: Vec<(String, String)>,
}

/// The services of `systemd/`, in order of their names.
pub fn services() -> Vec<Unit> {
    ending("service")
}

/// All units of `systemd/`, by kind and name.
pub fn units() -> Vec<Unit> {
    ["service", "socket", "mount", "path", "timer"].into_iter().flat_map(ending).collect()
}

/// The sockets of `systemd/`, in order of their names.
pub fn sockets() -> Vec<Unit> {
    ending("socket")
}

impl Unit {
    /// Reads one of `systemd/`.
    ///
    /// # Panics
    /// If there is none of this name.
    pub fn read(name: &str) -> Self {
        let path = folder().join(name);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let settings = text.lines().filter(|line| !line.starts_with('#'));
        let settings = settings.filter_map(|line| line.split_once('='));
        Self {
            name: name.to_owned(),
            settings: settings.map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        }
    }

    /// All values of a setting, in order.
    pub fn values(&self, key: &str) -> Vec<&str> {
        self.settings.iter().filter(|(known, _)| known == key).map(|(_, value)| value.as_str()).collect()
    }

    /// The value of a setting that stands there once.
    ///
    /// # Panics
    /// If it does not.
    pub fn value(&self, key: &str) -> &str {
        match self.values(key)[..] {
            [value] => value,
            ref values => panic!("{}: {key}= once, not {values:?}", self.name),
        }
    }
}

/// `systemd/` of this repository.
pub(crate) fn folder() -> PathBuf {
    repository().join("systemd")
}

/// `buildroot-overlay/` of this repository.
pub fn overlay() -> PathBuf {
    repository().join("buildroot-overlay")
}

fn repository() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("tests/units lies two folders below the root")
}

fn ending(ending: &str) -> Vec<Unit> {
    let entries = fs::read_dir(folder()).expect("systemd/ can be read");
    let paths = entries.map(|entry| entry.expect("systemd/ can be read").path());
    let paths = paths.filter(|path| path.extension().is_some_and(|found| found == ending));
    let mut names: Vec<String> =
        paths.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect();
    names.sort();
    names.iter().map(|name| Unit::read(name)).collect()
}
