//! Which module of the daemon, and which folder of the browser side, may import which.

use crate::repository::Source;
use crate::rust::{code, product};

/// The daemon's modules from the ground up. A module may import from layers below its own.
const LAYERS: &[&[&str]] = &[
    &["addresses", "exit", "i18n", "logging", "names", "notifications", "signals", "tasks"],
    &["args", "problems", "settings", "spreadsheet"],
    &["archive", "host", "hotspot", "http", "sockets", "space"],
    &["auth", "bots", "certificate", "files", "portal"],
    &["demo", "roster", "setup"],
    &[
        "advance",
        "announcement",
        "backup",
        "console",
        "course_archive",
        "live",
        "quiz_clock",
        "stun_task",
        "trust_files",
    ],
    &["load"],
    &["measurement"],
    &["health", "site"],
    &["watchdog"],
    &["metrics"],
    &["check"],
    &["invite", "restore"],
    &["run"],
    &["main"],
];

/// Modules of one layer that are one thing: the flags are a layer of the settings, and the
/// settings' keys are the flags.
const TOGETHER: [&str; 2] = ["args", "settings"];

/// Folders of `web/src` with those that they may import. `core` has no DOM; the protocol's
/// types are generated.
const WEB: [(&str, &[&str]); 9] = [
    ("protocol", &[]),
    ("core", &["protocol"]),
    ("io", &["protocol", "core"]),
    ("room", &["protocol", "core", "io"]),
    ("page", &[]),
    ("load", &[]),
    ("material", &[]),
    ("quiz", &[]),
    ("setup", &[]),
];

/// `crate::…` goes down the layers only.
pub fn daemon(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in product(sources) {
        let Some(path) = source.path.strip_prefix("daemon/src/") else { continue };
        let module = path.split(['/', '.']).next().unwrap_or_default();
        let Some(own) = layer(module) else {
            findings.push(format!(
                "{}: give the module `{module}` its place in LAYERS of tests/tidy",
                source.path
            ));
            continue;
        };
        let text: String = code(source).flat_map(|(_, line)| [line, "\n"]).collect();
        for imported in imported(&text) {
            let together = TOGETHER.contains(&module) && TOGETHER.contains(&imported.as_str());
            if imported != module && !together && layer(&imported).is_none_or(|below| below >= own) {
                findings.push(format!(
                    "{}: imports `{imported}`, which is not below `{module}`; hand it over in `run` instead",
                    source.path
                ));
            }
        }
        if !path.contains('/') && text.contains("use super::") {
            findings.push(format!("{}: write `crate::` instead of `super::`", source.path));
        }
    }
    findings
}

/// `core ← io ← room` in `web/src`, and nothing of a page's window in `core`.
pub fn web(sources: &[Source]) -> Vec<String> {
    let mut findings = Vec::new();
    for source in sources.iter().filter(|source| source.ends_in(&[".ts", ".tsx"])) {
        let Some(path) = source.path.strip_prefix("web/src/") else { continue };
        let Some((folder, _)) = path.split_once('/') else { continue };
        let Some((_, allowed)) = WEB.iter().find(|(known, _)| *known == folder) else {
            findings
                .push(format!("{}: give the folder `{folder}` its place in WEB of tests/tidy", source.path));
            continue;
        };
        for (number, line) in source.lines() {
            let imported =
                line.split(['"', '\'']).filter(|piece| piece.starts_with("../")).filter_map(|piece| {
                    piece.trim_start_matches("../").split('/').next().filter(|folder| known_in_web(folder))
                });
            for imported in imported.filter(|imported| *imported != folder && !allowed.contains(imported)) {
                findings.push(format!("{}:{number}: `{folder}` must not import `{imported}`", source.path));
            }
            let comment = ["//", "/*", "*"].iter().any(|mark| line.trim_start().starts_with(mark));
            if folder == "core" && !comment && ["document.", "window."].iter().any(|word| line.contains(word))
            {
                findings.push(format!(
                    "{}:{number}: `core` has no DOM; take what it needs as a port",
                    source.path
                ));
            }
        }
    }
    findings
}

fn known_in_web(folder: &str) -> bool {
    WEB.iter().any(|(known, _)| *known == folder)
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The modules after `crate::`, also in `crate::{a, b::c}`.
fn imported(text: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for (start, found) in text.match_indices("crate::") {
        let before = text[..start].chars().next_back();
        if before.is_some_and(|character| character.is_alphanumeric() || character == '_') {
            continue;
        }
        let rest = &text[start + found.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            modules.extend(first_level(list));
        } else {
            modules.push(identifier(rest));
        }
    }
    modules.retain(|module| !module.is_empty());
    modules
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|character| character.is_alphanumeric() || *character == '_').collect()
}

fn first_level(list: &str) -> Vec<String> {
    let mut depth = 1;
    let mut items = vec![String::new()];
    for character in list.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if let Some(item) = items.last_mut() {
            item.push(character);
        }
    }
    items.iter().map(|item| identifier(item.trim_start())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_import_upwards_or_sideways_is_found() {
        for text in [
            "use crate::site::page;",
            "use crate::{\n    tasks::Tasks,\n    run::{a, b},\n};",
            "fn x() { crate::auth::y() }",
            "use super::tasks;",
            "use crate::news;",
        ] {
            let source = Source::new("daemon/src/http.rs", text);
            assert_eq!(daemon(&[source]).len(), 1, "{text}");
        }
        let fine = Source::new(
            "daemon/src/http/a.rs",
            "use crate::http::b;\nuse crate::tasks::Tasks;\nuse super::c;\n",
        );
        assert_eq!(daemon(&[fine]), Vec::<String>::new());
    }

    #[test]
    fn the_core_of_the_room_imports_no_view_and_touches_no_window() {
        for text in ["import { x } from \"../room/x\";", "const a = document.body;"] {
            assert_eq!(web(&[Source::new("web/src/core/x.ts", text)]).len(), 1, "{text}");
        }
        let fine =
            Source::new("web/src/room/x.tsx", "import { x } from \"../core/x\";\ndocument.title = x;\n");
        assert_eq!(web(&[fine]), Vec::<String>::new());
    }
}
