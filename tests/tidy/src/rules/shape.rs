//! What every file looks like.

use crate::repository::Source;
use crate::rust::{is_test, production_lines, rust};

/// Lines of a file, tests aside: more is two files.
const MOST_LINES: usize = 300;

/// A table that nobody reads from top to bottom: every code of an error with what it means.
const TABLE: &str = "daemon/crates/base/src/code.rs";

/// Written by a tool from the Rust types.
const GENERATED: &str = "web/src/protocol/";

/// Every Rust file begins by saying what it is for.
pub fn headers(sources: &[Source]) -> Vec<String> {
    rust(sources)
        .filter(|source| !source.text.starts_with("//! "))
        .map(|source| {
            format!("{}: begin it with `//!`: what it is for, what it may use, who uses it", source.path)
        })
        .collect()
}

/// No file of the product or of the browser side is longer than [`MOST_LINES`].
pub fn lengths(sources: &[Source]) -> Vec<String> {
    sources
        .iter()
        .filter(|source| source.is_below("daemon") || source.is_below("web"))
        .filter(|source| source.ends_in(&[".rs", ".ts", ".tsx", ".mjs", ".css", ".html"]))
        .filter(|source| !is_test(source) && !source.path.starts_with(GENERATED) && source.path != TABLE)
        .filter_map(|source| {
            let lines = production_lines(source);
            (lines > MOST_LINES).then(|| format!("{}: {lines} lines; make it two files", source.path))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_header_and_a_long_one_are_found() {
        let long = "//! x\n".repeat(301);
        assert_eq!(headers(&[Source::new("daemon/src/a.rs", "use x;\n")]).len(), 1);
        assert_eq!(lengths(&[Source::new("daemon/src/a.rs", &long)]).len(), 1);
        assert_eq!(lengths(&[Source::new("daemon/src/a/tests.rs", &long)]), Vec::<String>::new());
        let tested = format!("//! x\n#[cfg(test)]\nmod tests {{\n{long}}}\n");
        assert_eq!(lengths(&[Source::new("daemon/src/a.rs", &tested)]), Vec::<String>::new());
    }
}
