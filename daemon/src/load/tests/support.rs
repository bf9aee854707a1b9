//! A log without its keeper, fed by hand, and what a class might look like in it.

use std::sync::Arc;
use std::time::Duration;

use base::clock::{Clock as _, TestClock, Timestamp};
use store::Store;
use tempfile::TempDir;

use crate::files::Files;
use crate::hotspot::Hotspot;
use crate::http::admission::Admission;
use crate::live;
use crate::load::measure::{By, Kind, Measure, Unit};
use crate::load::sample::{Sample, Series};
use crate::load::{History, Load, Parts, Range};
use crate::settings::Networking;
use crate::tasks::Tasks;

/// A weekday in the life of the box.
pub(super) const START: Timestamp = Timestamp(1_790_000_000_000);

/// A box whose log is fed by hand.
pub(super) struct Bench {
    pub(super) clock: Arc<TestClock>,
    pub(super) store: Store,
    pub(super) load: Load,
    pub(super) folder: Arc<TempDir>,
    pub(super) commits: u32,
    tasks: Tasks,
    noise: u64,
}

impl Bench {
    pub(super) fn new() -> Self {
        Self::in_folder(Arc::new(tempfile::tempdir().expect("a folder")), START)
    }

    pub(super) fn in_folder(folder: Arc<TempDir>, at: Timestamp) -> Self {
        let clock = Arc::new(TestClock::at(at));
        let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a store");
        let tasks = Tasks::default();
        let parts = Parts {
            rooms: live::Handle::start(store.clone(), clock.clone(), &tasks),
            admission: Admission::new(1, 1),
            counters: Arc::default(),
            store: store.clone(),
            hotspot: Hotspot::start(Networking::None, &store, &tasks),
            files: Files::new(folder.path(), 0, store.clone(), clock.clone(), tasks.clone()),
        };
        Self {
            clock,
            store,
            load: Load::new(parts),
            folder,
            commits: 0,
            tasks,
            noise: 88_172_645_463_325_252,
        }
    }

    /// Power is cut, and comes back with the clock at `at`: what was not written is lost.
    pub(super) async fn cut(self, at: Timestamp) -> Self {
        assert_eq!(self.tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
        self.store.close().await.expect("closed");
        Self::in_folder(self.folder, at)
    }

    /// Lets `seconds` pass, with a sample every `each`.
    pub(super) async fn pass(
        &mut self,
        seconds: u32,
        each: u32,
        values: impl Fn(&mut u64) -> Vec<(Series, i64)>,
    ) {
        for _ in 0..seconds / each {
            let values = values(&mut self.noise);
            let sample = Sample::new(self.clock.now(), self.clock.monotonic(), values);
            self.load.take(sample, Vec::new());
            self.clock.advance(each * 1_000);
            if self.load.kept().is_due() {
                self.write().await;
            }
        }
    }

    /// As the keeper does.
    pub(super) async fn write(&mut self) {
        let Some((batch, handed)) = self.load.kept().batch() else { return };
        let epoch = self.store.keep_load(batch).await.expect("kept");
        self.load.kept().written(epoch, handed);
        self.commits += 1;
    }

    pub(super) async fn history(&self, from: Timestamp, until: Timestamp, measure: Measure) -> History {
        self.load.history(Range { from, until }, &[measure]).await.expect("a history")
    }
}

/// One value that tells nothing but that there was one.
pub(super) fn steady(_: &mut u64) -> Vec<(Series, i64)> {
    vec![(Series::one(Measure::CpuBusy), Measure::CpuBusy.kept(120.0))]
}

/// A box with four cores, two interfaces and three rooms, all of which are never still: more than
/// any school has.
pub(super) fn lively(noise: &mut u64) -> Vec<(Series, i64)> {
    let mut values = Vec::new();
    for measure in Measure::ALL {
        let labels: &[&str] = match measure.by() {
            By::Nothing => &[""],
            By::Core => &["0", "1", "2", "3"],
            By::Interface => &["eth0", "wlan0"],
            By::Room => &["1201", "1202", "1203"],
        };
        for label in labels {
            values.push((Series::of(*measure, label), measure.kept(lively_value(*measure, noise))));
        }
    }
    values
}

fn lively_value(measure: Measure, noise: &mut u64) -> f64 {
    // Four throws make small deviations likelier than large ones.
    let thrown: f64 = (0..4).map(|_| throw(noise)).sum::<f64>() / 4.0;
    let is_fixed = matches!(
        measure,
        Measure::MemoryTotal
            | Measure::SwapTotal
            | Measure::DataTotal
            | Measure::CardWear
            | Measure::CpuSteal
    );
    match (measure.unit(), measure.kind()) {
        (Unit::Bytes, _) if is_fixed => 1_073_741_824.0,
        (_, _) if is_fixed => 0.0,
        (Unit::Flag, _) => 0.0,
        (Unit::Bytes, _) => 400_000_000.0 + 4_000_000.0 * thrown,
        (Unit::Permille, _) => 200.0 * thrown,
        (Unit::BytesPerSecond, _) => 200_000.0 * thrown,
        (Unit::Count, _) => (40.0 * thrown).floor(),
        (Unit::PerSecond, Kind::Rate | Kind::Gauge) => (8.0 * thrown).floor(),
        (Unit::Microseconds, _) => 20_000.0 * thrown,
        (Unit::Celsius, _) => 55.0 + 5.0 * thrown,
        (Unit::Dbm, _) => -80.0 + 30.0 * thrown,
        (Unit::KilobitsPerSecond, _) => (100.0 * thrown).floor() * 650.0,
        (Unit::Megahertz, _) => 600.0 + 100.0 * (9.0 * thrown).floor(),
    }
}

/// From 0 to 1 (xorshift64).
#[allow(clippy::cast_precision_loss, reason = "noise")]
fn throw(noise: &mut u64) -> f64 {
    *noise ^= *noise << 13;
    *noise ^= *noise >> 7;
    *noise ^= *noise << 17;
    (*noise >> 11) as f64 / (1_u64 << 53) as f64
}
