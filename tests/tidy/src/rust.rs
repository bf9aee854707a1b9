//! Reading Rust sources just well enough for the rules.

use crate::repository::Source;

/// The Rust files.
pub fn rust(sources: &[Source]) -> impl Iterator<Item = &Source> {
    sources.iter().filter(|source| source.ends_in(&[".rs"]))
}

/// The Rust files that go into the product: the daemon's, without tests and build scripts.
pub fn product(sources: &[Source]) -> impl Iterator<Item = &Source> {
    rust(sources).filter(|source| {
        source.path.starts_with("daemon/") && source.path.contains("/src/") && !is_test(source)
    })
}

/// Whether a whole file is a test.
pub fn is_test(source: &Source) -> bool {
    source.path.starts_with("tests/")
        || source.path.contains("/tests/")
        || source.ends_in(&["/tests.rs", "_tests.rs", ".test.ts", ".test.tsx"])
}

/// The lines of code with their numbers: without an inline `mod tests` at the end and without
/// comments that have a line of their own.
pub fn code(source: &Source) -> impl Iterator<Item = (usize, &str)> {
    let end = production_lines(source);
    source.lines().take(end).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// How many lines stand before an inline `mod tests`.
pub fn production_lines(source: &Source) -> usize {
    let lines: Vec<&str> = source.text.lines().collect();
    let begins_tests = |index: usize| {
        lines[index].trim() == "#[cfg(test)]"
            && lines[index + 1..]
                .iter()
                .find(|line| !line.trim_start().starts_with("#["))
                .is_some_and(|line| line.starts_with("mod ") && line.trim_end().ends_with('{'))
    };
    (0..lines.len()).find(|&index| begins_tests(index)).unwrap_or(lines.len())
}

/// Whether `line` holds `word` with no letter, digit or underscore on either side.
pub fn has_word(line: &str, word: &str) -> bool {
    let joins = |character: Option<char>| character.is_some_and(|it| it.is_alphanumeric() || it == '_');
    line.match_indices(word).any(|(start, _)| {
        !joins(line[..start].chars().next_back()) && !joins(line[start + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_and_comments_are_no_code() {
        let source = Source::new(
            "daemon/src/a.rs",
            "//! a\nuse x;\n// tokio::spawn\n#[cfg(test)]\nmod tests;\n\n#[cfg(test)]\n#[allow(x)]\nmod cases {\n}\n",
        );
        let lines: Vec<&str> = code(&source).map(|(_, line)| line).collect();
        assert_eq!(lines, ["use x;", "#[cfg(test)]", "mod tests;", ""]);
    }

    #[test]
    fn a_word_ends_where_letters_end() {
        assert!(has_word("tokio::spawn(x)", "tokio::spawn"));
        assert!(!has_word("tokio::spawn_blocking(x)", "tokio::spawn"));
        assert!(!has_word("my_tokio::spawn(x)", "tokio::spawn"));
    }
}
