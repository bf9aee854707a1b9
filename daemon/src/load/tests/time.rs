//! Clocks that jump, starts, power cuts, and three days of samples.

use std::process::{Command, Stdio};

use base::limits::{LOAD_HOURS, LOAD_MINUTES};

use super::support::{Bench, START, lively, steady};
use crate::load::history::{History, Resolution};
use crate::load::measure::Measure;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const YEAR: i64 = 365 * 24 * HOUR;

/// No time twice, none before the one before, and no line over what was not measured.
fn is_sound(history: &History) -> bool {
    let step = history.resolution.step_ms();
    let pairs = history.times.windows(2);
    let in_order = pairs.clone().all(|pair| pair[0] < pair[1]);
    let lines = history.lines.iter().all(|line| {
        line.points.len() == history.times.len()
            && pairs.clone().zip(line.points.windows(2)).all(|(times, points)| {
                times[0].plus(step) == times[1] || points[0].is_none() || points[1].is_none()
            })
    });
    in_order && lines
}

fn with_values(history: &History) -> usize {
    history.lines.first().map_or(0, |line| line.points.iter().flatten().count())
}

#[tokio::test]
async fn a_clock_that_goes_a_year_back_takes_the_start_along() {
    let mut bench = Bench::new();
    bench.pass(17 * 60, 10, steady).await;
    bench.clock.jump(START.plus(17 * MINUTE - YEAR));
    bench.pass(13 * 60, 10, steady).await;
    let then = bench.history(START.plus(-YEAR), START.plus(-YEAR + HOUR), Measure::CpuBusy).await;
    assert!(is_sound(&then), "{then:?}");
    assert_eq!(with_values(&then), 30);
    let now = bench.history(START, START.plus(HOUR), Measure::CpuBusy).await;
    assert_eq!(with_values(&now), 0);
    let recent = bench.load.recent();
    assert!(recent.windows(2).all(|pair| pair[0].at < pair[1].at));
}

#[tokio::test]
async fn a_clock_that_is_told_the_present_after_ten_years_takes_the_start_along() {
    let long_ago = START.plus(-10 * YEAR);
    let mut bench = Bench::in_folder(std::sync::Arc::new(tempfile::tempdir().expect("a folder")), long_ago);
    bench.pass(6 * 60, 10, steady).await;
    bench.clock.jump(START.plus(6 * MINUTE));
    bench.pass(10, 10, steady).await;
    // Written at once, so that a power cut right after does not leave it ten years behind.
    let mut bench = bench.cut(START.plus(8 * MINUTE)).await;
    bench.pass(10 * 60, 10, steady).await;
    let all = bench.history(START, START.plus(HOUR), Measure::CpuBusy).await;
    assert!(is_sound(&all), "{all:?}");
    assert_eq!(with_values(&all), 6 + 10, "what was over was written when the clock was set");
    assert_eq!(with_values(&bench.history(long_ago, long_ago.plus(HOUR), Measure::CpuBusy).await), 0);
}

#[tokio::test]
async fn a_power_cut_costs_the_last_minutes_and_leaves_a_gap() {
    let mut bench = Bench::new();
    bench.pass(23 * 60, 10, steady).await;
    let mut bench = bench.cut(START.plus(50 * MINUTE)).await;
    bench.pass(12 * 60, 10, steady).await;
    let history = bench.history(START, START.plus(2 * HOUR), Measure::CpuBusy).await;
    assert!(is_sound(&history), "{history:?}");
    assert_eq!(with_values(&history), 20 + 12);
    let gaps = history.lines[0].points.iter().filter(|point| point.is_none()).count();
    assert_eq!(gaps, 1);
}

/// The clock of a box without battery begins where it was last written down: minutes ago.
#[tokio::test]
async fn two_starts_that_claim_the_same_minutes_share_them() {
    let mut bench = Bench::new();
    bench.pass(20 * 60, 10, steady).await;
    bench.load.kept().end();
    bench.write().await;
    let mut bench = bench.cut(START.plus(15 * MINUTE)).await;
    bench.pass(20 * 60, 10, steady).await;
    let history = bench.history(START, START.plus(2 * HOUR), Measure::CpuBusy).await;
    assert!(is_sound(&history), "{history:?}");
    assert_eq!(with_values(&history), 35);
}

#[tokio::test]
async fn hours_are_kept_across_starts_and_long_ranges_are_told_by_them() {
    let mut bench = Bench::new();
    bench.pass(3 * 60 * 60, 30, steady).await;
    bench.load.kept().end();
    bench.write().await;
    let mut bench = bench.cut(START.plus(30 * 24 * HOUR)).await;
    bench.pass(2 * 60 * 60 + 60, 30, steady).await;
    let month = bench.history(START.plus(-HOUR), START.plus(31 * 24 * HOUR), Measure::CpuBusy).await;
    assert_eq!(month.resolution, Resolution::Hour);
    assert!(is_sound(&month), "{month:?}");
    assert_eq!(with_values(&month), 3 + 3, "the third hour is going on");
    let years = bench.history(START.plus(-YEAR), START.plus(YEAR), Measure::CpuBusy).await;
    assert_eq!((years.resolution, with_values(&years)), (Resolution::Day, 2));
    assert!(is_sound(&years), "{years:?}");
    let spread = years.lines[0].points[0].expect("a value");
    assert!((spread.mean - 120.0).abs() < 0.1 && spread.min <= spread.mean && spread.mean <= spread.max);
}

/// Set for the child process that does nothing else, so that its writes can be counted.
const CHILD: &str = "LOAD_TEST_CHILD";
const HOURS: i64 = 72;
/// What all minutes and hours together may take (docs/decisions/0015).
const MOST_BYTES: f64 = 64.0 * 1024.0 * 1024.0;
/// What an hour of the log may write to the card.
const MOST_BYTES_PER_HOUR: u64 = 1024 * 1024;

/// Bytes that this process has handed to the system to be written.
fn written() -> u64 {
    let io = procfs::process::Process::myself().and_then(|process| process.io()).expect("counted");
    io.wchar
}

#[tokio::test]
#[allow(clippy::cast_precision_loss, reason = "bytes of a test")]
async fn three_days_take_no_more_room_and_writes_than_stated() {
    if std::env::var_os(CHILD).is_none() {
        let name = "load::tests::time::three_days_take_no_more_room_and_writes_than_stated";
        let child = Command::new(std::env::current_exe().expect("this test binary"))
            .args(["--exact", name, "--nocapture"])
            .env(CHILD, "1")
            .stdin(Stdio::null())
            .output()
            .expect("the child runs");
        let (out, err) = (String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
        assert!(child.status.success(), "{out}{err}");
        println!("{out}");
        return;
    }
    let mut bench = Bench::new();
    bench.write().await;
    let path = bench.folder.path().join("kelas.sqlite");
    let before = written();
    // Six samples make a minute here: what is kept of it has the same size as with sixty.
    bench.pass(u32::try_from(HOURS * 3_600).expect("seconds"), 10, lively).await;
    let per_hour = (written() - before) / HOURS.cast_unsigned();
    let until = START.plus(HOURS * HOUR + HOUR);
    let sound = bench.history(START, START.plus(47 * HOUR - MINUTE), Measure::CpuBusy).await;
    assert!(is_sound(&sound) && with_values(&sound) == 47 * 60);
    let hours = bench.history(START.plus(-HOUR), until, Measure::CpuBusy).await;
    assert!(is_sound(&hours) && hours.resolution == Resolution::Hour);
    let in_memory = super::super::lock(&bench.load.inner.recent).size();
    bench.store.close().await.expect("closed");
    let file = std::fs::metadata(&path).expect("a file").len() as f64;
    // Of hours there are few yet: a sixtieth of the minutes, each about as large.
    let per_step = file / (HOURS as f64 * 61.0);
    let all = per_step * (LOAD_MINUTES + LOAD_HOURS) as f64;
    println!(
        "a step takes {per_step:.0} bytes, all of them {:.1} MiB; {} kB and {} commits per hour; \
         the last hour takes {} kB of memory",
        all / 1_048_576.0,
        per_hour / 1_000,
        i64::from(bench.commits) / HOURS,
        in_memory / 1_000
    );
    assert!(all <= MOST_BYTES, "{all}");
    assert!(per_hour <= MOST_BYTES_PER_HOUR, "{per_hour}");
    assert!(i64::from(bench.commits) <= 13 * HOURS, "{}", bench.commits);
}
