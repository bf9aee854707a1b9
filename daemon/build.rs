//! Checks and embeds the catalogues, and says what to run when the browser side is not built.
//!
//! The build fails when a key or a placeholder is in one language only, and when a page or a
//! handler asks for a key that no catalogue has. Nothing of that can then happen to a user.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

type Catalogue = BTreeMap<String, String>;

fn main() {
    let crate_root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let web = crate_root.parent().expect("the daemon is a folder of the repository").join("web");
    let mut problems = Vec::new();

    let indonesian = read_catalogue(&web.join("locales/id.json"), &mut problems);
    let english = read_catalogue(&web.join("locales/en.json"), &mut problems);
    compare(&indonesian, &english, &mut problems);
    for root in [web.join("templates"), crate_root.join("src")] {
        println!("cargo::rerun-if-changed={}", root.display());
        check_uses(&root, &english, &mut problems);
    }
    write_catalogue(&indonesian, &english);
    check_assets(&web.join("dist"), &mut problems);
    tell_build_time();

    for problem in &problems {
        println!("cargo::error={problem}");
    }
}

/// Reads one flat JSON object of strings, and insists that it is sorted by key: two people who
/// add a key then seldom meet in a merge.
fn read_catalogue(path: &Path, problems: &mut Vec<String>) -> Catalogue {
    println!("cargo::rerun-if-changed={}", path.display());
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            problems.push(format!("{}: {error}", path.display()));
            return Catalogue::new();
        }
    };
    let catalogue: Catalogue = match serde_json::from_str(&text) {
        Ok(catalogue) => catalogue,
        Err(error) => {
            problems.push(format!("{}: must be one flat object of texts: {error}", path.display()));
            return Catalogue::new();
        }
    };
    let keys: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix('"')?.split('"').next()).collect();
    for pair in keys.windows(2) {
        if pair[0] >= pair[1] {
            problems.push(format!("{}: `{}` must stand before `{}`", path.display(), pair[1], pair[0]));
        }
    }
    catalogue
}

/// Both languages have the same keys and placeholders. Indonesian has one plural form, so its
/// `….one` may be missing.
fn compare(indonesian: &Catalogue, english: &Catalogue, problems: &mut Vec<String>) {
    for (key, text) in english {
        match indonesian.get(key) {
            Some(other) if placeholders(other) != placeholders(text) => {
                problems.push(format!("`{key}`: the placeholders differ between id.json and en.json"));
            }
            None if key.strip_suffix(".one").is_none() => {
                problems.push(format!("`{key}` is missing in web/locales/id.json"));
            }
            _ => {}
        }
        if let Some(stem) = key.strip_suffix(".one")
            && !english.contains_key(&format!("{stem}.other"))
        {
            problems.push(format!("`{key}` has no `{stem}.other`"));
        }
    }
    for key in indonesian.keys().filter(|key| !english.contains_key(*key)) {
        problems.push(format!("`{key}` is missing in web/locales/en.json"));
    }
}

fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

/// Every `t("…")`, `fill("…")`, `text("…")` and `count("…")` in templates and handlers names a key there is.
fn check_uses(folder: &Path, catalogue: &Catalogue, problems: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            check_uses(&path, catalogue, problems);
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        for (call, suffix) in [(".t(\"", ""), (".fill(\"", ""), (".text(\"", ""), (".count(\"", ".other")] {
            for key in text.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
                if !catalogue.contains_key(&format!("{key}{suffix}")) {
                    problems.push(format!("{}: no catalogue has `{key}{suffix}`", path.display()));
                }
            }
        }
    }
}

/// Writes the table that `i18n::catalogue` includes: sorted, so that a lookup is a binary search
/// in read-only memory.
fn write_catalogue(indonesian: &Catalogue, english: &Catalogue) {
    let mut code = String::from("[\n");
    for (key, text) in english {
        let plural = key.strip_suffix(".one").and_then(|stem| indonesian.get(&format!("{stem}.other")));
        let other = indonesian.get(key).or(plural).unwrap_or(text);
        writeln!(code, "    ({key:?}, [{other:?}, {text:?}]),").expect("a String takes all that is written");
    }
    code.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("catalogue.rs");
    fs::write(&out, code).expect("OUT_DIR can be written");
}

/// A release carries the browser side inside; a debug build reads it from the disk when it runs.
fn check_assets(dist: &Path, problems: &mut Vec<String>) {
    let manifest = dist.join("manifest.json");
    println!("cargo::rerun-if-changed={}", dist.display());
    if manifest.exists() {
        return;
    }
    let message = "web/dist is not built, so pages have no style and no script: run `make web`";
    if env::var("PROFILE").as_deref() == Ok("release") {
        problems.push(message.to_owned());
    } else {
        println!("cargo::warning={message}");
    }
}

/// When the program was built, for machines whose clock knows no better. `SOURCE_DATE_EPOCH`
/// makes it repeatable (reproducible-builds.org, "`SOURCE_DATE_EPOCH`"). `KELASD_BUILT_SECONDS`
/// says the same to this crate alone: at a change of the other, the C code of dependencies is
/// compiled anew.
fn tell_build_time() {
    let given = ["KELASD_BUILT_SECONDS", "SOURCE_DATE_EPOCH"].into_iter().find_map(|name| {
        println!("cargo::rerun-if-env-changed={name}");
        env::var(name).ok()?.parse::<u64>().ok()
    });
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    println!("cargo::rustc-env=KELASD_BUILT_MS={}", given.unwrap_or_else(now) * 1_000);
}
