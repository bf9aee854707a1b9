//! `boot bench`: the card against Debian as it comes, of the same release and with the same
//! kernel, on the same emulated machine in interleaved runs. Only the ratios mean anything.
//!
//! What a start takes is shown by the clock on the wall and in instructions of the emulated
//! processors. The clock is what people wait for, and goes by what else this machine does;
//! instructions do not, and leave out what is waited for.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::Outcome;
use crate::card::{self, Card};
use crate::checks::system;
use crate::guest::Guest;
use crate::machine::{self, BOOT, Machine, Pace, Ports, Setup};
use crate::site::Site;

/// Enough for Debian's own idea of a small machine, and the Pi 3's.
const MEMORY_MB: u32 = 1_024;

/// Of a start, as a ratio.
const GOAL: f64 = 0.6;

/// One row: the same quantity of both, run by run.
#[derive(Debug)]
struct Row {
    what: &'static str,
    unit: &'static str,
    goal: Option<f64>,
    kelas: Vec<f64>,
    stock: Vec<f64>,
}

/// What one boot of either showed.
#[derive(Clone, Copy, Debug)]
struct Boot {
    seconds: f64,
    /// In thousand millions.
    instructions: f64,
    memory_mb: f64,
}

/// Measures, prints the table, and keeps it in `tests/bench/results`.
pub(crate) async fn measure(root: &Path) -> Outcome<()> {
    let runs = std::env::var("KELAS_BENCH_RUNS").ok().map_or(Ok(3), |runs| runs.parse())?;
    let stock = machine::folder(root, "bench/image");
    machine::fresh(root, "bench/image")?;
    card::run(Command::new(root.join("tests/boot/stock.sh")).arg(&stock))?;
    let mut rows = [
        Row::new("first start: power-on to use", "10⁹ instructions", Some(GOAL)),
        Row::new("first start: power-on to use", "s", Some(GOAL)),
        Row::new("restart: power-on to use", "10⁹ instructions", Some(GOAL)),
        Row::new("restart: power-on to use", "s", Some(GOAL)),
        Row::new("memory in use after a restart", "MB", None),
        Row::new("image, compressed", "MB", None),
    ];
    for run in 0..runs {
        eprintln!("run {} of {runs}", run + 1);
        machine::fresh(root, "bench/kelas")?;
        machine::fresh(root, "bench/stock")?;
        for start in 0..2 {
            let (ours, theirs) = (kelas(root).await?, debian(root, &stock).await?);
            eprintln!("  start {}: {ours:?}, stock {theirs:?}", start + 1);
            rows[2 * start].add(ours.instructions, theirs.instructions);
            rows[2 * start + 1].add(ours.seconds, theirs.seconds);
            if start == 1 {
                rows[4].add(ours.memory_mb, theirs.memory_mb);
            }
        }
    }
    let image = Card::image(root);
    rows[5].add(compressed_mb(&image.path)?, compressed_mb(&stock.join("card.img"))?);
    keep(root, runs, &rows)
}

/// The machine of both.
fn setup<'a>(name: &'a str, image: Option<&'a Path>) -> Outcome<Setup<'a>> {
    let usual = Setup::new(name, name, Ports::free()?);
    Ok(Setup { memory_mb: MEMORY_MB, pace: Pace::Counted, image, ..usual })
}

/// The card up to its first answer over HTTPS.
async fn kelas(root: &Path) -> Outcome<Boot> {
    let setup = setup("bench/kelas", None)?;
    let mut machine = Machine::start(root, &setup).await?;
    let site = Site::answering(&mut machine, setup.ports).await?;
    let instructions = instructions(&mut machine).await?;
    let guest = machine.guest()?;
    guest.ready(BOOT).await?;
    system::all_units_run(guest).await?;
    let boot = Boot { seconds: site.seconds, instructions, memory_mb: memory_mb(guest).await? };
    end(machine, root, "bench/kelas").await?;
    Ok(boot)
}

/// Debian up to `multi-user.target`: when somebody could log in and services answer.
async fn debian(root: &Path, stock: &Path) -> Outcome<Boot> {
    let setup = setup("bench/stock", Some(stock))?;
    let mut machine = Machine::start(root, &setup).await?;
    machine.guest()?.ready(BOOT).await?;
    // Joins what is under way already, and ends with it.
    machine.guest()?.ask("systemctl start multi-user.target").await?;
    let seconds = machine.began.elapsed().as_secs_f64();
    let instructions = instructions(&mut machine).await?;
    machine.guest()?.run("systemctl is-system-running --wait").await?;
    let boot = Boot { seconds, instructions, memory_mb: memory_mb(machine.guest()?).await? };
    end(machine, root, "bench/stock").await?;
    Ok(boot)
}

async fn instructions(machine: &mut Machine) -> Outcome<f64> {
    let millions = machine.monitor.instructions().await? / 1_000_000;
    Ok(f64::from(u32::try_from(millions)?) / 1e3)
}

async fn memory_mb(guest: &mut Guest) -> Outcome<f64> {
    Ok(f64::from(u32::try_from(system::memory_used_kb(guest).await?)?) / 1e3)
}

/// Leaves what took how long, and turns the machine off.
async fn end(mut machine: Machine, root: &Path, name: &str) -> Outcome<()> {
    let guest = machine.guest()?;
    let told = guest.run("systemctl --failed --no-pager --plain; systemd-analyze --no-pager blame").await?;
    fs::write(machine::folder(root, name).join("units.log"), told.text)?;
    guest.ask("systemctl reboot").await?;
    machine.ended().await?;
    Ok(())
}

/// The size of what a school would download, by xz(1) in its usual way.
fn compressed_mb(path: &Path) -> Outcome<f64> {
    let size =
        card::run(Command::new("sh").args(["-c", "xz -6 -T0 --stdout \"$1\" | wc -c", "sh"]).arg(path))?;
    Ok(size.trim().parse::<f64>()? / 1e6)
}

impl Row {
    const fn new(what: &'static str, unit: &'static str, goal: Option<f64>) -> Self {
        Self { what, unit, goal, kelas: Vec::new(), stock: Vec::new() }
    }

    fn add(&mut self, kelas: f64, stock: f64) {
        self.kelas.push(kelas);
        self.stock.push(stock);
    }

    /// Taken run by run, so that a drifting machine does not matter.
    fn ratios(&self) -> Vec<f64> {
        self.kelas.iter().zip(&self.stock).map(|(ours, theirs)| ours / theirs).collect()
    }

    fn line(&self) -> String {
        let goal = self.goal.map_or_else(String::new, |goal| {
            let mark = if median(&self.ratios()) <= goal { "✓" } else { "✗" };
            format!("≤ {goal:.2} {mark}")
        });
        let [kelas, stock, ratio] = [&self.kelas, &self.stock, &self.ratios()].map(|runs| spread(runs));
        format!("| {}, {} | {kelas} | {stock} | **{ratio}** | {goal} |", self.what, self.unit)
    }

    fn json(&self) -> Value {
        json!({"what": self.what, "unit": self.unit, "goal": self.goal, "kelas": self.kelas, "stock": self.stock})
    }
}

fn median(runs: &[f64]) -> f64 {
    let mut sorted = runs.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn spread(runs: &[f64]) -> String {
    let short = |value: f64| if value >= 10.0 { format!("{value:.0}") } else { format!("{value:.2}") };
    let least = runs.iter().copied().fold(f64::INFINITY, f64::min);
    let most = runs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if runs.len() == 1 {
        return short(median(runs));
    }
    format!("{} ({}–{})", short(median(runs)), short(least), short(most))
}

/// Prints the table and writes it beside the other results.
fn keep(root: &Path, runs: usize, rows: &[Row]) -> Outcome<()> {
    let date = card::run(Command::new("date").args(["-u", "+%Y-%m-%d"]))?;
    let mut table = format!(
        "Measured {} in QEMU's machine `virt` without hardware help, {runs} interleaved runs; median (least–most). Kelas: to \
         the first answer over HTTPS. Debian: to `multi-user.target`.\n\n\
         | what | Kelas | stock Debian | ratio | goal |\n|---|---|---|---|---|\n",
        date.trim()
    );
    for row in rows {
        let _infallible = writeln!(table, "{}", row.line());
    }
    println!("{table}");
    let folder = root.join("tests/bench/results");
    fs::write(folder.join("boot.md"), &table)?;
    let rows: Vec<Value> = rows.iter().map(Row::json).collect();
    let kept = json!({"date": date.trim(), "runs": runs, "rows": rows});
    Ok(fs::write(folder.join("boot.json"), serde_json::to_string_pretty(&kept)? + "\n")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_run_by_run() {
        let row = Row {
            what: "x",
            unit: "s",
            goal: Some(0.6),
            kelas: vec![1.0, 30.0, 2.0],
            stock: vec![10.0, 40.0, 10.0],
        };
        assert_eq!(row.line(), "| x, s | 2.00 (1.00–30) | 10 (10–40) | **0.20 (0.10–0.75)** | ≤ 0.60 ✓ |");
    }
}
