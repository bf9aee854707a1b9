//! How many messages per second become durable, and how many share one commit.
//!
//! `cargo bench -p store -- [folder]`; the folder (default: the system's temporary one) says
//! which disk is measured. Figures are for comparing on one machine, not for quoting.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::clock::SystemClock;
use base::random::SystemRandom;
use store::{NewMessage, NewPerson, PersonKind, Store};

const SECONDS: u64 = 3;

fn main() {
    if !std::env::args().any(|argument| argument == "--bench") {
        println!("`cargo test --all-targets` came by; `cargo bench -p store` measures");
        return;
    }
    let folder = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let folder = folder.map_or_else(std::env::temp_dir, PathBuf::from);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!(
        "{:>8} {:>11} {:>10} {:>6} {:>13}",
        "writers", "messages/s", "commits/s", "group", "ms per commit"
    );
    for writers in [1, 8, 40, 200] {
        runtime.block_on(measure(&folder, writers));
    }
}

async fn measure(folder: &std::path::Path, writers: u32) {
    let folder = tempfile::TempDir::new_in(folder).expect("a folder");
    let store =
        Store::open(folder.path().join("kelas.sqlite"), Arc::new(SystemClock::new())).expect("a store");
    let teacher =
        NewPerson { kind: PersonKind::Teacher, name: "Bu Sari".into(), login: None, password: None };
    let author = store.create_person(teacher).await.expect("a person").id;
    let course = store.create_course("IPA", author, &mut SystemRandom).await.expect("a course");
    let meeting = store.create_meeting(course.id, "Gaya").await.expect("a meeting").id;

    let (commits, jobs) = (store.statistics().commits(), store.statistics().jobs());
    let start = Instant::now();
    let end = start + Duration::from_secs(SECONDS);
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..writers {
        let store = store.clone();
        tasks.spawn(async move {
            for number in 0_u64.. {
                if Instant::now() >= end {
                    break;
                }
                let new = NewMessage {
                    meeting,
                    author,
                    author_name: "Bu Sari".into(),
                    key: format!("{writer}-{number}"),
                    text: "Selamat pagi, anak-anak! Buka halaman 42.".into(),
                    to: None,
                };
                store.append_message(new).await.expect("stored");
            }
        });
    }
    tasks.join_all().await;
    report(writers, &store, commits, jobs, start.elapsed());
    store.close().await.expect("closed");
}

#[allow(clippy::cast_precision_loss, reason = "figures for people")]
fn report(writers: u32, store: &Store, commits: u64, jobs: u64, elapsed: Duration) {
    let statistics = store.statistics();
    let (commits, jobs) = ((statistics.commits() - commits) as f64, (statistics.jobs() - jobs) as f64);
    let seconds = elapsed.as_secs_f64();
    let milliseconds = statistics.commit_microseconds() as f64 / statistics.commits() as f64 / 1_000.0;
    println!(
        "{writers:>8} {:>11.0} {:>10.0} {:>6.1} {milliseconds:>13.2}",
        jobs / seconds,
        commits / seconds,
        jobs / commits,
    );
}
