//! Where settings come from: files, environment and flags, each flattened to names and raw values.
//!
//! A layer is read as a whole: a name that no setting has is a problem, not noise.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use base::limits::SETTINGS_FILE_BYTES;
use config::{FileFormat, Source as _, Value, ValueKind};

use crate::args::{Announce, Options};
use crate::settings::key;
use crate::settings::problem::Problem;

/// A value as found, before its meaning is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Raw {
    /// A text, number or switch.
    One(String),
    /// An array.
    Many(Vec<String>),
}

impl Raw {
    /// The value for people.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::Many(items) => items.join(", "),
        }
    }

    /// The value as a list: an array's items, or a text's parts between commas.
    pub(crate) fn items(&self) -> Vec<&str> {
        match self {
            Self::One(text) => text.split(',').map(str::trim).filter(|item| !item.is_empty()).collect(),
            Self::Many(items) => items.iter().map(|item| item.trim()).collect(),
        }
    }
}

/// A value and the layer that it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Sourced {
    pub(crate) raw: Raw,
    /// A file's path, a variable's name, a flag, or `built in`.
    pub(crate) source: String,
}

/// The winning value of every key.
pub(crate) type Layers = BTreeMap<&'static str, Sourced>;

/// The built-in layer.
pub(crate) fn built_in() -> Layers {
    key::all()
        .map(|key| {
            (key.name, Sourced { raw: Raw::One(key.default.to_owned()), source: "built in".to_owned() })
        })
        .collect()
}

/// Lays the settings of a TOML file over `layers`.
pub(crate) fn file(path: &Path, layers: &mut Layers, problems: &mut Vec<Problem>) {
    let source = path.display().to_string();
    for (name, raw) in values(path, problems) {
        put(&name, raw, &source, layers, problems);
    }
}

/// All names and values of a TOML file; none, and a problem, if it cannot be understood.
pub(super) fn values(path: &Path, problems: &mut Vec<Problem>) -> Vec<(String, Raw)> {
    let mut flat = Vec::new();
    let read = text(path).map_err(|error| error.to_string()).and_then(|text| {
        config::File::from_str(&text, FileFormat::Toml).collect().map_err(|error| error.to_string())
    });
    match read {
        Ok(table) => flatten("", table.into_iter().collect(), &mut flat),
        Err(cause) => problems.push(Problem::unreadable(&path.display().to_string(), &cause)),
    }
    flat
}

/// The text of a file of no unreasonable size.
fn text(path: &Path) -> io::Result<String> {
    let mut bytes = Vec::new();
    File::open(path)?.take(SETTINGS_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > SETTINGS_FILE_BYTES {
        return Err(io::Error::other(format!("it is larger than {SETTINGS_FILE_BYTES} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not text in UTF-8"))
}

/// Lays `KELASD_*` variables over `layers`.
pub(crate) fn environment(
    variables: impl IntoIterator<Item = (String, String)>,
    layers: &mut Layers,
    problems: &mut Vec<Problem>,
) {
    for (variable, text) in variables.into_iter().filter(|(variable, _)| variable.starts_with("KELASD_")) {
        match key::all().find(|key| key.variable() == variable) {
            Some(key) => put(key.name, Raw::One(text), &variable, layers, problems),
            None => problems.push(Problem::unknown("environment", &variable, None)),
        }
    }
}

/// Lays flags over `layers`.
pub(crate) fn flags(options: &Options, layers: &mut Layers) {
    let announce = options.announce.map(|form| match form {
        Announce::Text => "text".to_owned(),
        Announce::Json => "json".to_owned(),
        Announce::None => "none".to_owned(),
    });
    let given: [(&'static str, &str, Option<String>); 8] = [
        ("data", "--data", options.data.clone()),
        ("listen.http", "--listen-http", options.listen_http.clone()),
        ("listen.https", "--listen-https", options.listen_https.clone()),
        ("listen.stun", "--listen-stun", options.listen_stun.clone()),
        ("log", "--log", options.log.clone()),
        ("announce", "--announce", announce),
        ("console", "--console", options.console.clone()),
        ("demo", "--demo", options.demo.then(|| "true".to_owned())),
    ];
    for (name, flag, text) in given {
        if let Some(text) = text {
            layers.insert(name, Sourced { raw: Raw::One(text), source: flag.to_owned() });
        }
    }
}

fn put(name: &str, raw: Raw, source: &str, layers: &mut Layers, problems: &mut Vec<Problem>) {
    match key::find(name) {
        Some(key) => {
            layers.insert(key.name, Sourced { raw, source: source.to_owned() });
        }
        None => problems.push(Problem::unknown(source, name, nearest(name))),
    }
}

fn flatten(prefix: &str, table: BTreeMap<String, Value>, flat: &mut Vec<(String, Raw)>) {
    for (part, value) in table {
        let name = if prefix.is_empty() { part } else { format!("{prefix}.{part}") };
        match value.kind {
            ValueKind::Table(inner) => flatten(&name, inner.into_iter().collect(), flat),
            ValueKind::Array(items) => {
                flat.push((name, Raw::Many(items.iter().map(ToString::to_string).collect())));
            }
            ref other => flat.push((name, Raw::One(other.to_string()))),
        }
    }
}

/// The key that was probably meant: the one with the fewest differing letters, if few differ.
fn nearest(name: &str) -> Option<&'static str> {
    key::all()
        .map(|key| (distance(name, key.name), key.name))
        .min()
        .filter(|(differing, _)| *differing <= 3)
        .map(|(_, name)| name)
}

/// Levenshtein's distance.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, letter) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for column in 0..right.len() {
            let replaced = diagonal + usize::from(letter != right[column]);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[right.len()]
}
