//! What is wrong with the card, told to whoever can do something about it: on every page, in
//! `/api/health` and `/metrics`, on the console.
//!
//! The system's own units find most of it before the daemon starts, and leave a file for each in
//! a folder: its name is the code, its text one line for a technician. The daemon adds what only
//! it knows. A code is stable; its words stand in the catalogues.
//!
//! May use: `i18n`, tokio's channels. Used by: `site`, `health`, `metrics`, `console`, `run`.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use base::limits::{PROBLEM_DETAIL_BYTES, PROBLEMS};
use tokio::sync::watch;

use crate::i18n::Language;

/// `kelas.toml` on the boot partition is left out.
pub(crate) const SETTINGS_IGNORED: &str = "settings-ignored";
/// Answers to the wizard in `kelas.toml` that could not be used.
pub(crate) const ANSWERS_UNUSED: &str = "answers-unused";
/// The data partition has no room.
pub(crate) const DATA_FULL: &str = "data-full";

/// The school's certificate is over.
pub(crate) const CERTIFICATE_EXPIRED: &str = "certificate-expired";
/// The school's certificate will soon be over.
pub(crate) const CERTIFICATE_EXPIRING: &str = "certificate-expiring";
/// The school's certificate is kept and cannot be used.
pub(crate) const CERTIFICATE_UNUSABLE: &str = "certificate-unusable";

/// Codes that have words of their own, the worst first, with the part of their keys in the
/// catalogues.
const KNOWN: [(&str, &str, Concerns); 13] = [
    ("data-missing", "data_missing", Concerns::Everybody),
    ("data-damaged", "data_damaged", Concerns::Everybody),
    ("data-foreign", "data_foreign", Concerns::Everybody),
    (DATA_FULL, "data_full", Concerns::Staff),
    ("data-not-grown", "data_not_grown", Concerns::Staff),
    ("firewall-missing", "firewall_missing", Concerns::Staff),
    ("reset-not-removed", "reset_not_removed", Concerns::Staff),
    ("boot-unreadable", "boot_unreadable", Concerns::Staff),
    (SETTINGS_IGNORED, "settings_ignored", Concerns::Staff),
    (ANSWERS_UNUSED, "answers_unused", Concerns::Staff),
    (CERTIFICATE_EXPIRED, "certificate_expired", Concerns::Staff),
    (CERTIFICATE_UNUSABLE, "certificate_unusable", Concerns::Staff),
    (CERTIFICATE_EXPIRING, "certificate_expiring", Concerns::Staff),
];

/// Bytes of a code.
const CODE_BYTES: usize = 40;

/// Whom a problem concerns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Concerns {
    /// Teachers and technicians.
    Staff,
    /// Students too: what they write is not kept.
    Everybody,
}

/// One thing that is wrong with the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CardProblem {
    /// Its code: lower-case letters, digits and dashes.
    pub(crate) code: String,
    /// Lines for a technician, in English.
    pub(crate) details: Vec<String>,
}

impl CardProblem {
    /// A problem that the daemon itself found.
    pub(crate) fn new(code: &'static str, details: Vec<String>) -> Self {
        Self { code: code.to_owned(), details }
    }

    /// What is wrong, in a sentence of a line.
    pub(crate) fn what(&self, language: Language) -> &'static str {
        language.t(&format!("problem.{}.what", self.words()))
    }

    /// What to do about it.
    pub(crate) fn advice(&self, language: Language) -> &'static str {
        language.t(&format!("problem.{}.advice", self.words()))
    }

    /// Whether nothing that is written outlives the power.
    pub(crate) fn concerns_everybody(&self) -> bool {
        self.rank().is_some_and(|rank| KNOWN[rank].2 == Concerns::Everybody)
    }

    fn words(&self) -> &'static str {
        self.rank().map_or("unknown", |rank| KNOWN[rank].1)
    }

    /// The place among the known codes, the worst first.
    fn rank(&self) -> Option<usize> {
        KNOWN.iter().position(|(code, _, _)| *code == self.code)
    }
}

/// All that is wrong with the card, the worst first. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct CardProblems(Arc<watch::Sender<Arc<[CardProblem]>>>);

impl CardProblems {
    /// `found` in order, without repetition.
    pub(crate) fn new(found: Vec<CardProblem>) -> Self {
        Self(Arc::new(watch::Sender::new(ordered(found))))
    }

    /// What is wrong now.
    pub(crate) fn now(&self) -> Arc<[CardProblem]> {
        Arc::clone(&self.0.borrow())
    }

    /// Adds what was found later; whether it is news.
    pub(crate) fn add(&self, problem: CardProblem) -> bool {
        self.0.send_if_modified(|problems| {
            let known = problems.iter().any(|known| known.code == problem.code);
            if !known {
                *problems = ordered(problems.iter().cloned().chain([problem]).collect());
            }
            !known
        })
    }

    /// Takes back what is over; whether it was there.
    pub(crate) fn remove(&self, code: &str) -> bool {
        self.0.send_if_modified(|problems| {
            let others: Vec<CardProblem> =
                problems.iter().filter(|problem| problem.code != code).cloned().collect();
            let was_there = others.len() < problems.len();
            *problems = others.into();
            was_there
        })
    }

    /// Tells of each change.
    pub(crate) fn changes(&self) -> watch::Receiver<Arc<[CardProblem]>> {
        self.0.subscribe()
    }

    /// Every known code, and whether it is among them; then those that nobody knows.
    pub(crate) fn by_code(&self) -> Vec<(String, bool)> {
        let now = self.now();
        let known = KNOWN
            .iter()
            .map(|(code, _, _)| ((*code).to_owned(), now.iter().any(|problem| problem.code == *code)));
        let unknown = now.iter().filter(|problem| problem.rank().is_none());
        known.chain(unknown.map(|problem| (problem.code.clone(), true))).collect()
    }
}

/// The worst first, each code once, not more than a page can show.
fn ordered(mut problems: Vec<CardProblem>) -> Arc<[CardProblem]> {
    problems.sort_by(|one, other| {
        let place = |problem: &CardProblem| problem.rank().unwrap_or(KNOWN.len());
        place(one).cmp(&place(other)).then_with(|| one.code.cmp(&other.code))
    });
    problems.dedup_by(|later, first| later.code == first.code);
    problems.truncate(PROBLEMS);
    problems.into()
}

/// What the system has found, from its folder. Without the folder, nothing.
pub(crate) fn read(folder: &Path) -> Vec<CardProblem> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            tracing::error!(folder = %folder.display(), %error, "card problems cannot be read");
            return Vec::new();
        }
    };
    let mut problems = Vec::new();
    for path in entries.take(4 * PROBLEMS).filter_map(|entry| Some(entry.ok()?.path())) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if is_code(name) {
            problems.push(CardProblem { code: name.to_owned(), details: detail(&path) });
        } else {
            tracing::warn!(path = %path.display(), "no card problem has such a name");
        }
    }
    problems
}

fn is_code(name: &str) -> bool {
    (1..=CODE_BYTES).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

/// The first line of a file. The code alone says enough if there is none.
fn detail(path: &Path) -> Vec<String> {
    let mut bytes = Vec::new();
    // A pipe in its place would make the daemon wait for a writer.
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    let read = if is_file {
        File::open(path).and_then(|file| file.take(PROBLEM_DETAIL_BYTES).read_to_end(&mut bytes))
    } else {
        Err(io::Error::other("not a file"))
    };
    if let Err(error) = read {
        tracing::warn!(path = %path.display(), %error, "a card problem has no detail");
    }
    let text = String::from_utf8_lossy(&bytes);
    let line = text.lines().next().unwrap_or_default().trim();
    let plain: String = line.chars().filter(|character| !character.is_control()).collect();
    if plain.is_empty() { Vec::new() } else { vec![plain] }
}

#[cfg(test)]
mod tests {
    use nix::sys::stat::Mode;
    use nix::unistd::mkfifo;

    use super::*;

    fn codes(problems: &[CardProblem]) -> Vec<&str> {
        problems.iter().map(|problem| problem.code.as_str()).collect()
    }

    #[test]
    fn each_file_is_a_problem_the_worst_first_and_unknown_ones_last() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            ("solar-flare", ""),
            ("data-not-grown", "sfdisk: exit 1\nsecond line\n"),
            ("data-missing", "no partition 7\u{1b}[31m on the card\n"),
            (".data-full.new", "half written"),
            ("Data Full", "no code"),
        ] {
            fs::write(folder.path().join(name), text).expect("written");
        }
        fs::create_dir(folder.path().join("a-folder")).expect("made");
        mkfifo(&folder.path().join("a-pipe"), Mode::S_IRWXU).expect("made");
        let problems = CardProblems::new(read(folder.path())).now();
        assert_eq!(codes(&problems), ["data-missing", "data-not-grown", "a-folder", "a-pipe", "solar-flare"]);
        assert_eq!(problems[0].details, ["no partition 7[31m on the card"]);
        assert_eq!(problems[1].details, ["sfdisk: exit 1"]);
        assert_eq!(problems[4].details, Vec::<String>::new());
        assert_eq!(problems[4].what(Language::En), Language::En.t("problem.unknown.what"));
    }

    #[test]
    fn too_many_and_too_long_ones_are_cut() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..3 * PROBLEMS {
            fs::write(folder.path().join(format!("code-{number}")), "x".repeat(100_000)).expect("written");
        }
        let problems = CardProblems::new(read(folder.path())).now();
        assert_eq!(problems.len(), PROBLEMS);
        assert!(problems.iter().all(|problem| problem.details[0].len() as u64 == PROBLEM_DETAIL_BYTES));
    }

    #[test]
    fn without_the_folder_nothing_is_wrong() {
        assert_eq!(read(Path::new("/nonexistent/problems")), []);
    }

    #[test]
    fn every_known_code_has_words_and_only_what_is_not_kept_concerns_everybody() {
        for (code, words, concerns) in KNOWN {
            let problem = CardProblem::new(code, Vec::new());
            assert!(is_code(code) && code.replace('-', "_") == words, "{code}");
            for language in Language::ALL {
                assert!(!problem.what(language).is_empty() && !problem.advice(language).is_empty(), "{code}");
            }
            assert_eq!(problem.concerns_everybody(), concerns == Concerns::Everybody);
        }
    }

    #[test]
    fn what_is_found_later_is_added_once_and_told() {
        let problems = CardProblems::new(vec![CardProblem::new(SETTINGS_IGNORED, vec!["x".to_owned()])]);
        let mut changes = problems.changes();
        assert!(problems.add(CardProblem::new(DATA_FULL, Vec::new())));
        assert!(!problems.add(CardProblem::new(DATA_FULL, Vec::new())));
        assert_eq!(codes(&changes.borrow_and_update()), [DATA_FULL, SETTINGS_IGNORED]);
        assert!(!changes.has_changed().expect("still open"));
        let by_code = problems.by_code();
        assert!(by_code.contains(&(DATA_FULL.to_owned(), true)));
        assert!(by_code.contains(&("data-missing".to_owned(), false)));
        assert!(problems.remove(DATA_FULL) && !problems.remove(DATA_FULL));
        assert_eq!(codes(&changes.borrow_and_update()), [SETTINGS_IGNORED]);
    }
}
