//! Other computers: a box without internet must not need any.

use crate::repository::Source;

/// Names that are not looked up: XML namespaces and the box itself.
const HARMLESS: [&str; 5] = ["www.w3.org", "kelas.internal", "kelas.local", "localhost", "127.0.0.1"];

/// Where packages come from. Commands name the registry's client, never a host.
const REGISTRIES: [&str; 12] = [
    "crates.io",
    "npmjs.com",
    "npmjs.org",
    "pypi.org",
    "pythonhosted.org",
    "deb.debian.org",
    "snapshot.debian.org",
    "static.rust-lang.org",
    "nodejs.org/dist",
    "docker.io",
    "ghcr.io",
    "proxy.golang.org",
];

/// This package names what it looks for.
const HERE: &str = "tests/tidy/";

/// No page, style, script or text names another host.
pub fn other_hosts(sources: &[Source]) -> Vec<String> {
    const FOLDERS: [&str; 4] = ["web/src", "web/styles", "web/templates", "web/locales"];
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| FOLDERS.iter().any(|folder| source.is_below(folder))) {
        for (number, line) in source.lines().filter(|(_, line)| !is_comment(line)) {
            for host in hosts(line).filter(|host| !HARMLESS.contains(host) && !host.ends_with(".example")) {
                findings.push(format!(
                    "{}:{number}: `{host}`: serve it from the box; there is no internet in the classroom",
                    source.path
                ));
            }
        }
    }
    findings
}

/// No registry's host name outside of lock files.
pub fn registries(sources: &[Source]) -> Vec<String> {
    let looked_at = sources.iter().filter(|source| !source.is_lock() && !source.path.starts_with(HERE));
    let found = looked_at.flat_map(|source| {
        source.lines().filter_map(|(number, line)| {
            let host = REGISTRIES.into_iter().find(|host| line.contains(host))?;
            Some(format!(
                "{}:{number}: `{host}`: name the registry's client instead of its host",
                source.path
            ))
        })
    });
    found.collect()
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    ["//", "/*", "* ", "{#", "<!--"].iter().any(|mark| line.starts_with(mark))
}

/// The hosts in `http://host`, `https://host`, `wss://host` and `"//host`.
fn hosts(line: &str) -> impl Iterator<Item = &str> {
    let after = ["http://", "https://", "ws://", "wss://", "\"//", "'//", "(//"];
    after
        .into_iter()
        .flat_map(move |mark| {
            line.match_indices(mark).map(move |(start, _)| {
                let rest = &line[start + mark.len()..];
                let end = rest.find(|it: char| !(it.is_ascii_alphanumeric() || it == '.' || it == '-'));
                rest[..end.unwrap_or(rest.len())].trim_end_matches('.')
            })
        })
        .filter(|host| host.contains(|it: char| it.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_host_is_found_and_an_address_made_at_run_time_is_not() {
        for line in [
            "<script src=\"https://cdn.example.com/x.js\"></script>",
            "@import url(//fonts.example.net/a.css);",
            "new WebSocket(\"wss://relay.example.org\")",
        ] {
            assert_eq!(other_hosts(&[Source::new("web/templates/a.html", line)]).len(), 1, "{line}");
        }
        for line in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\">",
            "const url = `https://${location.host}/x`;",
            "<a href=\"https://{{ host }}/\">",
            "// RFC 6455, https://www.rfc-editor.org/rfc/rfc6455",
        ] {
            assert_eq!(other_hosts(&[Source::new("web/src/io/a.ts", line)]), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn a_registry_is_found_outside_lock_files() {
        let line = "curl https://static.rust-lang.org/rustup";
        assert_eq!(registries(&[Source::new("Makefile", line)]).len(), 1);
        assert_eq!(registries(&[Source::new("web/package-lock.json", line)]), Vec::<String>::new());
    }
}
