//! Which package may depend on which.

use crate::repository::Source;

/// Our packages by folder, and those of ours that each may depend on outside of tests.
const OURS: [(&str, &[&str]); 8] = [
    ("daemon/crates/base", &[]),
    ("daemon/crates/stun", &["base"]),
    ("daemon/crates/room", &["base"]),
    ("daemon/crates/peerjs", &["base"]),
    ("daemon/crates/store", &["base"]),
    ("daemon/crates/trust", &["base"]),
    ("daemon/crates/network", &["base"]),
    ("daemon", &["base", "stun", "room", "peerjs", "store", "trust", "network"]),
];

/// What brings a runtime, a socket or an operating system along.
const RUNTIME: [&str; 9] = [
    "tokio",
    "tokio-util",
    "tokio-rustls",
    "tokio-tungstenite",
    "hyper",
    "hyper-util",
    "axum",
    "nix",
    "socket2",
];

/// Crates that know no runtime.
const PURE: [&str; 4] =
    ["daemon/crates/base", "daemon/crates/stun", "daemon/crates/room", "daemon/crates/peerjs"];

/// Dependencies that belong to one package alone.
const OWNED: [(&str, &str); 2] = [("rusqlite", "daemon/crates/store"), ("zbus", "daemon/crates/network")];

/// A dependency as a manifest has it.
#[derive(Debug)]
struct Dependency<'a> {
    line: usize,
    table: &'a str,
    name: &'a str,
    rest: &'a str,
}

/// `base ← {stun, room, peerjs, store, trust, network} ← daemon`, no runtime in the pure crates, SQL and
/// D-Bus in one crate each.
pub fn directions(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for (folder, manifest) in manifests(sources).filter(|(folder, _)| folder.starts_with("daemon")) {
        let Some((_, allowed)) = OURS.iter().find(|(known, _)| *known == folder) else {
            findings.push(format!("{}: a new crate; give it its place in OURS of tests/tidy", manifest.path));
            continue;
        };
        for dependency in dependencies(manifest).filter(|dependency| dependency.table == "dependencies") {
            let Dependency { line, name, .. } = dependency;
            let place = format!("{}:{line}", manifest.path);
            let ours = OURS.iter().any(|(known, _)| known.rsplit('/').next() == Some(name));
            if ours && !allowed.contains(&name) {
                findings.push(format!("{place}: `{name}` must not be imported here: imports go one way"));
            }
            if PURE.contains(&folder) && RUNTIME.contains(&name) {
                findings.push(format!(
                    "{place}: `{name}` in a crate that knows no runtime; let the daemon do it"
                ));
            }
            if let Some((_, owner)) = OWNED.iter().find(|(owned, _)| *owned == name)
                && *owner != folder
            {
                findings.push(format!("{place}: `{name}` belongs to {owner} alone; ask that crate"));
            }
        }
    }
    findings
}

/// Versions stand in the root `Cargo.toml` alone, and every package takes the workspace's lints.
pub fn one_place_for_versions(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for (_, manifest) in manifests(sources) {
        for Dependency { line, name, rest, .. } in dependencies(manifest) {
            if !(rest.starts_with(".workspace = true") || rest.contains("workspace = true")) {
                findings.push(format!(
                    "{}:{line}: write `{name}.workspace = true` and its version in the root Cargo.toml",
                    manifest.path
                ));
            }
        }
        if !manifest.text.contains("[lints]\nworkspace = true") {
            findings.push(format!("{}: add `[lints]` with `workspace = true`", manifest.path));
        }
    }
    findings
}

/// Members' manifests with their folders.
fn manifests(sources: &[Source]) -> impl Iterator<Item = (&str, &Source)> {
    sources.iter().filter_map(|source| Some((source.path.strip_suffix("/Cargo.toml")?, source)))
}

fn dependencies(manifest: &Source) -> impl Iterator<Item = Dependency<'_>> {
    let mut table = "";
    manifest.lines().filter_map(move |(line, text)| {
        if let Some(header) = text.strip_prefix('[') {
            table = header.trim_end_matches(']');
            return None;
        }
        let end = text.find(|it: char| !(it.is_ascii_alphanumeric() || it == '-' || it == '_'))?;
        let (name, rest) = text.split_at(end);
        (table.ends_with("dependencies") && !name.is_empty()).then_some(Dependency {
            line,
            table,
            name,
            rest,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_direction_a_runtime_and_a_foreign_database_are_found() {
        let examples = [
            ("daemon/crates/base/Cargo.toml", "room.workspace = true"),
            ("daemon/crates/room/Cargo.toml", "store.workspace = true"),
            ("daemon/crates/stun/Cargo.toml", "tokio.workspace = true"),
            ("daemon/Cargo.toml", "rusqlite.workspace = true"),
            ("daemon/crates/news/Cargo.toml", "base.workspace = true"),
        ];
        for (path, line) in examples {
            let manifest = Source::new(path, &format!("[package]\nname = \"x\"\n\n[dependencies]\n{line}\n"));
            assert_eq!(directions(&[manifest]).len(), 1, "{path}: {line}");
        }
        let fine = "[dependencies]\nbase.workspace = true\n[dev-dependencies]\ntokio.workspace = true\n";
        assert_eq!(directions(&[Source::new("daemon/crates/room/Cargo.toml", fine)]), Vec::<String>::new());
    }

    #[test]
    fn a_version_outside_the_root_is_found() {
        let text = "[dependencies]\nserde = \"1\"\nbase.workspace = true\nhttp = { workspace = true }\n";
        let findings = one_place_for_versions(&[Source::new("daemon/Cargo.toml", text)]);
        assert_eq!(findings.len(), 2, "{findings:?}");
    }
}
