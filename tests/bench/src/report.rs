//! Medians with their spread, as JSON to keep and as the table that the README shows.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Serialize;

use crate::Outcome;

/// What is wanted of a row.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Goal {
    /// Ours divided by theirs, where less is better.
    RatioAtMost(f64),
    /// The same where more is better.
    RatioAtLeast(f64),
    /// Ours, whatever theirs is.
    AtMost(f64),
}

impl Goal {
    fn cell(self, ours: f64, ratio: f64) -> String {
        let (sign, goal, is_reached) = match self {
            Self::RatioAtMost(goal) => ("≤", goal, ratio <= goal),
            Self::RatioAtLeast(goal) => ("≥", goal, ratio >= goal),
            Self::AtMost(goal) => ("Kelas ≤", goal, ours <= goal),
        };
        format!("{sign} {} {}", short(goal), if is_reached { "✓" } else { "✗" })
    }
}

/// One row: the same quantity of both, over several interleaved runs.
#[derive(Serialize)]
pub(crate) struct Row {
    /// What is measured.
    pub(crate) what: &'static str,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// What is wanted.
    pub(crate) goal: Goal,
    /// `kelasd`, run by run.
    pub(crate) kelas: Vec<f64>,
    /// The peer, run by run.
    pub(crate) peer: Vec<f64>,
}

/// The middle, the least and the most of several runs.
pub(crate) struct Spread {
    median: f64,
    least: f64,
    most: f64,
}

impl Spread {
    fn of(runs: &[f64]) -> Self {
        let mut sorted = runs.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied().unwrap_or(f64::NAN);
        Self { median: at(sorted.len() / 2), least: at(0), most: at(sorted.len().saturating_sub(1)) }
    }

    fn cell(&self) -> String {
        format!("{} ({}–{})", short(self.median), short(self.least), short(self.most))
    }
}

impl Row {
    /// Ours divided by theirs, run by run, so that a drifting machine does not matter.
    fn ratio(&self) -> Spread {
        let pairs = self.kelas.iter().zip(&self.peer);
        Spread::of(&pairs.map(|(ours, theirs)| ours / theirs).collect::<Vec<_>>())
    }

    fn line(&self) -> String {
        let ratio = self.ratio();
        let ours = Spread::of(&self.kelas);
        format!(
            "| {}, {} | {} | {} | **{}** ({}–{}) | {} |",
            self.what,
            self.unit,
            ours.cell(),
            Spread::of(&self.peer).cell(),
            short(ratio.median),
            short(ratio.least),
            short(ratio.most),
            self.goal.cell(ours.median, ratio.median),
        )
    }
}

fn short(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 => format!("{value:.0}"),
        middle if middle >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

/// Where it was measured.
#[derive(Serialize)]
pub(crate) struct Machine {
    pub(crate) date: String,
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) kernel: String,
    pub(crate) node: String,
    pub(crate) kelasd: String,
    /// Peers that Debian packages, and their versions.
    pub(crate) packaged: BTreeMap<&'static str, String>,
}

/// All of one run.
#[derive(Serialize)]
pub(crate) struct Report {
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
}

impl Report {
    /// The table for people.
    pub(crate) fn table(&self) -> String {
        let machine = &self.machine;
        let mut text = format!(
            "Measured {} on {} cores of {}, Linux {}, {} against Node.js {} with peer 1.0.2, Express 5.3.0 and \
             Socket.IO 4.8.4{}, everything but STUN over TLS on loopback in interleaved runs; median (least–most).\n\n\
             | what | Kelas | the thesis's stack, or the peer named | ratio | goal |\n|---|---|---|---|---|\n",
            machine.date,
            machine.cores,
            machine.processor,
            machine.kernel,
            machine.kelasd,
            machine.node,
            machine.packaged.iter().fold(String::new(), |all, (name, version)| all
                + ", "
                + name
                + " "
                + version)
        );
        for row in &self.rows {
            let _infallible = writeln!(text, "{}", row.line());
        }
        text + "\nThe card's start, memory and size beside a stock Debian's: `make bench-boot` and docs/performance.md.\n"
    }

    /// Writes `latest.json` and `latest.md` into `folder`, and the table into the README.
    pub(crate) fn write(&self, folder: &Path, readme: &Path) -> Outcome<()> {
        fs::create_dir_all(folder)?;
        fs::write(folder.join("latest.json"), serde_json::to_string_pretty(self)? + "\n")?;
        let table = self.table();
        fs::write(folder.join("latest.md"), &table)?;
        let text = fs::read_to_string(readme)?;
        let (begin, end) = ("<!-- bench:begin -->", "<!-- bench:end -->");
        let (head, rest) = text.split_once(begin).ok_or("the README has no bench:begin mark")?;
        let (_, tail) = rest.split_once(end).ok_or("the README has no bench:end mark")?;
        fs::write(readme, format!("{head}{begin}\n{table}{end}{tail}"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_pair_by_pair() {
        let row = Row {
            what: "x",
            unit: "kB",
            goal: Goal::RatioAtMost(0.2),
            kelas: vec![1.0, 20.0, 3.0],
            peer: vec![10.0, 100.0, 10.0],
        };
        assert_eq!(
            row.line(),
            "| x, kB | 3.00 (1.00–20.0) | 10.0 (10.0–100) | **0.20** (0.10–0.30) | ≤ 0.20 ✓ |"
        );
    }
}
