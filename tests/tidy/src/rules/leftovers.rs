//! What nobody should find in a finished change.

use crate::repository::Source;
use crate::rust::has_word;

/// This package names what it looks for.
const HERE: &str = "tests/tidy/";

/// Words of work that is not done.
const UNFINISHED: [&str; 5] = ["TODO", "FIXME", "XXX", "todo!", "unimplemented!"];

/// What keeps a test from running, or the others from running beside it.
const SWITCHED_OFF: [&str; 9] = [
    "#[ignore",
    "test.only(",
    "it.only(",
    "describe.only(",
    "test.skip(",
    "it.skip(",
    "describe.skip(",
    "test.fixme(",
    "{ skip: true",
];

/// What looks for a mistake leaves behind.
const DEBUGGING: [&str; 3] = ["dbg!(", "console.log(", "debugger;"];

/// Folders of one person's machine.
const MACHINE: [&str; 4] = ["/work/", "/home/", "/root/", "/Users/"];

/// No word of unfinished work.
pub fn unfinished(sources: &[Source]) -> Vec<String> {
    find(
        sources,
        |_, line| UNFINISHED.into_iter().find(|word| has_word(line, word)),
        "finish it, or open an issue",
    )
}

/// No test that is switched off.
pub fn switched_off(sources: &[Source]) -> Vec<String> {
    let switched = |source: &Source, line: &str| {
        source.ends_in(&[".rs", ".ts", ".tsx", ".mjs"]).then_some(())?;
        SWITCHED_OFF.into_iter().find(|word| line.contains(word))
    };
    find(sources, switched, "make the test run, or delete it")
}

/// Nothing that was put in to look for a mistake. Scripts that a person starts may print.
pub fn debugging(sources: &[Source]) -> Vec<String> {
    let left = |source: &Source, line: &str| {
        (source.is_below("daemon") || source.is_below("web/src")).then_some(())?;
        DEBUGGING.into_iter().find(|word| line.contains(word))
    };
    find(sources, left, "take it out")
}

/// No path of somebody's machine, no mark of a merge.
pub fn machine(sources: &[Source]) -> Vec<String> {
    let left = |_: &Source, line: &str| {
        let path = MACHINE.into_iter().find(|path| {
            line.match_indices(path).any(|(start, _)| {
                let before = line[..start].chars().next_back();
                before.is_none_or(|it| {
                    !(it.is_alphanumeric() || matches!(it, '.' | '_' | '-' | '}' | '/' | ')'))
                })
            })
        });
        path.or_else(|| ["<<<<<<< ", ">>>>>>> "].into_iter().find(|mark| line.starts_with(mark)))
    };
    find(sources, left, "say it without a path of one machine, and finish the merge")
}

fn find<'a>(
    sources: &[Source],
    finder: impl Fn(&Source, &str) -> Option<&'a str>,
    what_to_do: &str,
) -> Vec<String> {
    let looked_at = sources.iter().filter(|source| !source.is_lock() && !source.path.starts_with(HERE));
    let found = looked_at.flat_map(|source| {
        let finder = &finder;
        source.lines().filter_map(move |(number, line)| {
            Some(format!("{}:{number}: `{}`: {what_to_do}", source.path, finder(source, line)?))
        })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_leftover_is_found() {
        type Rule = fn(&[Source]) -> Vec<String>;
        let examples: [(Rule, &str, &str); 7] = [
            (unfinished, "README.md", "TODO: write this"),
            (unfinished, "daemon/src/a.rs", "    todo!()"),
            (switched_off, "daemon/src/a.rs", "#[ignore = \"slow\"]"),
            (switched_off, "web/src/core/a.test.ts", "test.only(\"x\", () => {});"),
            (debugging, "web/src/core/a.ts", "console.log(x);"),
            (machine, "docs/a.md", "see /home/somebody/kelas"),
            (machine, "docs/a.md", "<<<<<<< HEAD"),
        ];
        for (rule, path, line) in examples {
            assert_eq!(rule(&[Source::new(path, line)]).len(), 1, "{path}: {line}");
        }
        assert_eq!(
            machine(&[Source::new("docs/a.md", "`${root}/work/x` or a/home/b")]),
            Vec::<String>::new()
        );
    }
}
