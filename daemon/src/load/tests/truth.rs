//! The sampler against a child process that burns a known share of CPU and holds a known amount of
//! memory, and that tells by its own clock how much it was.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use base::clock::{Clock as _, Monotonic, Stopwatch, SystemClock, Timestamp};
use nix::time::ClockId;
use nix::unistd::Pid;

use crate::load::ledger::Ledger;
use crate::load::measure::Measure;
use crate::load::process::ProcessReader;
use crate::load::sample::Sample;
use crate::load::sampler::{Places, Sampler};

const CHILD: &str = "LOAD_TEST_BURNER";
const TEST: &str = "load::tests::truth::what_a_process_burns_and_holds_is_seen_within_3_percent";
/// What the child holds beside what any process does.
const HELD_BYTES: usize = 48 * 1024 * 1024;
const ROUNDS: u32 = 3;

/// Burns CPU in rounds as it is told, and answers each with its own CPU time so far.
fn burn_and_tell() {
    let own = || Duration::from(ClockId::CLOCK_PROCESS_CPUTIME_ID.now().expect("a clock"));
    let mut held = Vec::new();
    for line in std::io::stdin().lines() {
        let line = line.expect("a line");
        let (word, number) = line.split_once(' ').expect("a word and a number");
        let number: u64 = number.parse().expect("a number");
        if word == "hold" {
            held = vec![1_u8; usize::try_from(number).expect("bytes")];
        } else {
            let until = own() + Duration::from_millis(number);
            while own() < until {
                std::hint::black_box(held.iter().take(1_000).map(|byte| u64::from(*byte)).sum::<u64>());
            }
        }
        println!("\n{TEST} {}", own().as_nanos());
    }
}

/// The child, and how it is spoken to.
struct Burner {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Burner {
    fn start() -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this test binary"))
            .args(["--exact", TEST, "--nocapture"])
            .env(CHILD, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the child runs");
        let (orders, answers) = (child.stdin.take().expect("a pipe"), child.stdout.take().expect("a pipe"));
        Self { child, orders, answers: BufReader::new(answers) }
    }

    /// CPU time of the child after it has done what it was told.
    fn told(&mut self, order: &str) -> Duration {
        writeln!(self.orders, "{order}").expect("told");
        let mut line = String::new();
        loop {
            line.clear();
            assert!(self.answers.read_line(&mut line).expect("a line") > 0, "the child ended");
            if let Some(answer) = line.strip_prefix(TEST) {
                return Duration::from_nanos(answer.trim().parse().expect("a number"));
            }
        }
    }
}

impl Drop for Burner {
    fn drop(&mut self) {
        // Fails only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn sample(reader: &mut ProcessReader, ledger: &mut Ledger, clock: &SystemClock) -> (Monotonic, Sample) {
    let now = clock.monotonic();
    ledger.begin(now);
    reader.read(ledger);
    (now, ledger.finish(Timestamp(0)).0)
}

fn is_near(seen: f64, truth: f64) -> bool {
    (seen - truth).abs() <= 0.03 * truth
}

/// The child's own clocks are the truth, so that it does not matter what else the machine does.
#[test]
fn what_a_process_burns_and_holds_is_seen_within_3_percent() {
    if std::env::var_os(CHILD).is_some() {
        return burn_and_tell();
    }
    let mut burner = Burner::start();
    let pid = Pid::from_raw(i32::try_from(burner.child.id()).expect("a process"));
    let clock = SystemClock::new();
    let (mut reader, mut ledger) = (ProcessReader::new(Path::new("/proc"), Some(pid)), Ledger::default());
    let mut spent = burner.told("burn 1");
    let (mut at, empty) = sample(&mut reader, &mut ledger, &clock);
    for round in 1..=ROUNDS {
        // A round in which it does nothing, one with some, one with more.
        let after = burner.told(&format!("burn {}", 200 * (round - 1) + 1));
        let stopwatch = Stopwatch::start();
        while stopwatch.elapsed() < Duration::from_millis(300) {
            std::thread::yield_now();
        }
        let (now, seen) = sample(&mut reader, &mut ledger, &clock);
        let elapsed = Duration::from_millis(now.since(at)).as_secs_f64();
        let truth = after.saturating_sub(spent).as_secs_f64() / elapsed * 1_000.0;
        let seen = seen.value(Measure::DaemonCpu).expect("seen");
        assert!(is_near(seen, truth) || (seen - truth).abs() < 1.0, "{seen} permille, and not {truth}");
        (spent, at) = (after, now);
    }
    burner.told(&format!("hold {HELD_BYTES}"));
    // PSS is read at every tenth sample.
    let seen = (0..10).map(|_| sample(&mut reader, &mut ledger, &clock).1).last().expect("a sample");
    for measure in [Measure::DaemonRss, Measure::DaemonPss] {
        let held = seen.value(measure).expect("seen") - empty.value(measure).expect("seen");
        #[allow(clippy::cast_precision_loss, reason = "megabytes")]
        let truth = HELD_BYTES as f64;
        assert!(is_near(held, truth), "{measure}: {held} and not {truth}");
    }
}

/// Under 0.2 % of one core in the daemon as it is shipped; without optimisation, five times that.
#[test]
fn a_sample_of_the_machine_costs_next_to_nothing() {
    let most = Duration::from_millis(if cfg!(debug_assertions) { 10 } else { 2 });
    let folder = tempfile::tempdir().expect("a folder");
    let mut sampler = Sampler::new(&Places::of(folder.path().to_owned()));
    let (clock, mut ledger) = (SystemClock::new(), Ledger::default());
    let spent = || Duration::from(ClockId::CLOCK_THREAD_CPUTIME_ID.now().expect("a clock"));
    let before = spent();
    // Twice through everything that is read only now and then.
    for _ in 0..20 {
        sampler.read(clock.monotonic(), &mut ledger);
        let _ = ledger.finish(Timestamp(0));
    }
    let each = spent().saturating_sub(before) / 20;
    println!("a sample of the machine takes {each:?} of CPU");
    assert!(each <= most, "{each:?}");
}
