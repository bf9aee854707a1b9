//! Things that only few files may do.

use crate::repository::Source;
use crate::rust::{code, has_word, product};

/// What is restricted, who may do it, and what the others do instead.
struct Restriction {
    words: &'static [&'static str],
    /// Files, or folders that end in `/`.
    allowed: &'static [&'static str],
    instead: &'static str,
}

const SPAWNING: Restriction = Restriction {
    words: &[
        "tokio::spawn",
        "task::spawn",
        "spawn_local",
        "thread::spawn",
        "thread::Builder",
        "thread::scope",
        "JoinSet",
    ],
    allowed: &["daemon/src/tasks.rs", "daemon/crates/store/src/writer.rs"],
    instead: "use `Tasks::spawn`, which names the task, tells it of the stop and waits for it",
};

/// The store's callers wait for what it runs on a blocking thread.
const BLOCKING: Restriction = Restriction {
    words: &["spawn_blocking", "block_in_place"],
    allowed: &["daemon/src/tasks.rs", "daemon/crates/store/src/"],
    instead: "use what `tasks` offers for work that blocks",
};

const CLOCK: Restriction = Restriction {
    words: &["SystemTime::now", "Instant::now", "Utc::now", "Zoned::now", "Timestamp::now"],
    allowed: &["daemon/crates/base/src/clock.rs"],
    instead: "take the time as an argument, ask a `base::clock::Clock`, or measure with a `Stopwatch`",
};

/// Arms a timer of the runtime for a while from now, which tells nobody what time it is.
const TIMER: &str = "Instant::now() + ";

const SQL: Restriction = Restriction {
    words: &["rusqlite"],
    allowed: &["daemon/crates/store/src/"],
    instead: "ask `store` with a function that has a name",
};

const BUS: Restriction = Restriction {
    words: &["zbus"],
    allowed: &["daemon/crates/network/src/nm/"],
    instead: "ask the network port in our own words",
};

const RUNTIME: Restriction = Restriction {
    words: &["tokio", "std::net::TcpListener", "std::net::TcpStream", "std::net::UdpSocket"],
    allowed: &["daemon/src/", "daemon/crates/store/src/", "daemon/crates/network/src/"],
    instead: "this crate knows no runtime and no socket; return an effect or bytes",
};

/// Only `tasks` and the store's writer spawn.
pub fn spawning(sources: &[Source]) -> Vec<String> {
    let mut findings = SPAWNING.check(sources);
    findings.extend(BLOCKING.check(sources));
    findings
}

/// Only `base::clock` reads the clock.
pub fn clock(sources: &[Source]) -> Vec<String> {
    let unarmed = |source: &Source| Source::new(&source.path, &source.text.replace(TIMER, ""));
    CLOCK.check(&sources.iter().map(unarmed).collect::<Vec<_>>())
}

/// Only `store` knows SQL, only `network::nm` the bus.
pub fn database_and_bus(sources: &[Source]) -> Vec<String> {
    let mut findings = SQL.check(sources);
    findings.extend(BUS.check(sources));
    findings
}

/// The pure crates use no runtime and no socket.
pub fn runtime(sources: &[Source]) -> Vec<String> {
    RUNTIME.check(sources)
}

impl Restriction {
    fn check(&self, sources: &[Source]) -> Vec<String> {
        let restricted = product(sources).filter(|source| {
            !self.allowed.iter().any(|allowed| {
                source.path == *allowed || allowed.ends_with('/') && source.path.starts_with(allowed)
            })
        });
        let found = restricted.flat_map(|source| {
            code(source).filter_map(|(number, line)| {
                let word = self.words.iter().find(|word| has_word(line, word))?;
                Some(format!("{}:{number}: `{word}`: {}", source.path, self.instead))
            })
        });
        found.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_restriction_finds_its_example_and_leaves_the_owner_alone() {
        type Rule = fn(&[Source]) -> Vec<String>;
        let examples: [(Rule, &str, &str, &str); 6] = [
            (spawning, "tokio::spawn(async {});", "daemon/src/live/a.rs", "daemon/src/tasks.rs"),
            (
                spawning,
                "spawn_blocking(f).await",
                "daemon/src/auth/a.rs",
                "daemon/crates/store/src/reader.rs",
            ),
            (clock, "let a = Instant::now();", "daemon/src/health.rs", "daemon/crates/base/src/clock.rs"),
            (database_and_bus, "use rusqlite::Row;", "daemon/src/site/a.rs", "daemon/crates/store/src/a.rs"),
            (
                database_and_bus,
                "use zbus::proxy;",
                "daemon/src/site/a.rs",
                "daemon/crates/network/src/nm/a.rs",
            ),
            (runtime, "use tokio::sync::mpsc;", "daemon/crates/room/src/hub.rs", "daemon/src/live/hub.rs"),
        ];
        for (rule, line, stranger, owner) in examples {
            assert_eq!(rule(&[Source::new(stranger, line)]).len(), 1, "{stranger}: {line}");
            assert_eq!(rule(&[Source::new(owner, line)]), Vec::<String>::new(), "{owner}: {line}");
        }
        let timer = "let ping = interval_at(Instant::now() + PING_EVERY, PING_EVERY);";
        assert_eq!(clock(&[Source::new("daemon/src/live/a.rs", timer)]), Vec::<String>::new());
    }
}
