//! The files of the repository.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Folders that hold what tools make, for the walk without git.
const MADE: [&str; 6] = [".git", ".tools", "dist", "node_modules", "target", "var"];

/// A text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path from the repository's root, with `/`.
    pub path: String,
    /// What it says.
    pub text: String,
}

impl Source {
    /// A source made up for an example.
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    /// Its lines with their numbers, from 1.
    pub fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// Whether it lies below `folder`.
    pub fn is_below(&self, folder: &str) -> bool {
        self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Whether its name ends in one of `endings`, each with its dot.
    pub fn ends_in(&self, endings: &[&str]) -> bool {
        endings.iter().any(|ending| self.path.ends_with(ending))
    }

    /// Whether a tool wrote it to pin versions; it names hosts and holds random letters.
    pub fn is_lock(&self) -> bool {
        self.ends_in(&["Cargo.lock", "package-lock.json"])
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("tests/tidy lies two folders below the root").to_owned()
}

/// Every text file that is tracked or about to be, in order.
pub fn sources() -> Vec<Source> {
    let root = root();
    let mut paths = listed_by_git(&root).unwrap_or_else(|| walked(&root));
    paths.sort();
    paths.dedup();
    let sources: Vec<Source> = paths
        .into_iter()
        // Not text, or deleted and not committed yet.
        .filter_map(|path| Some(Source { text: fs::read_to_string(root.join(&path)).ok()?, path }))
        .collect();
    assert!(sources.iter().any(|source| source.path == "Cargo.toml"), "the list of files is incomplete");
    sources
}

fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    let git = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let paths = String::from_utf8(git.stdout).ok()?;
    Some(paths.split_terminator('\0').map(str::to_owned).collect()).filter(|paths: &Vec<_>| !paths.is_empty())
}

fn walked(root: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        for entry in entries.filter_map(Result::ok) {
            let path = entry.path();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() && !MADE.iter().any(|made| entry.file_name() == *made) {
                folders.push(path);
            } else if kind.is_file() {
                paths.extend(path.strip_prefix(root).ok().and_then(Path::to_str).map(str::to_owned));
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_finds_what_git_lists() {
        let root = root();
        let walked = walked(&root);
        for path in listed_by_git(&root).unwrap_or_default() {
            assert!(walked.contains(&path) || !root.join(&path).is_file(), "{path}");
        }
        assert!(walked.iter().any(|path| path == "tests/tidy/src/repository.rs"));
    }
}
