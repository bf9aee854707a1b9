//! Measurement runs: one at a time, a bounded number, and none that goes on after a power cut.

use base::Code;
use base::id::{MeetingId, PersonId, RunId};
use base::limits::RUNS;

use super::support::Fixture;
use crate::{Crowd, Measured, NewRun, RunDirection, RunEnding, RunMark, RunSecond, Store};

fn new(meeting: MeetingId, by: PersonId) -> NewRun {
    NewRun { name: "Tujuh ponsel".into(), meeting, by, machine: "Pi 4, 4 cores".into() }
}

fn measured(at_ms: u64) -> Measured {
    let second = RunSecond {
        at_ms,
        users: Crowd { people: 2, bots: 1 },
        daemon_cpu_permille: Some(1.5),
        daemon_pss_bytes: None,
        machine_cpu_permille: None,
        machine_used_bytes: Some(7),
    };
    let mark = RunMark {
        at_ms,
        direction: RunDirection::In,
        name: "Bot 1".into(),
        person: PersonId(-1),
        users: Crowd { people: 2, bots: 1 },
    };
    Measured { seconds: vec![second], marks: vec![mark] }
}

#[tokio::test]
async fn what_was_measured_comes_back_in_order_and_once() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let run = fixture.store.start_run(new(meeting, teacher.id)).await.expect("started");
    for at_ms in [1_000, 2_000] {
        fixture.store.record_run(run, measured(at_ms)).await.expect("written");
    }
    let again = Measured { marks: Vec::new(), ..measured(2_000) };
    fixture.store.record_run(run, again).await.expect("a sample that was written already");
    let all = fixture.store.measured(run).await.expect("read");
    assert_eq!(all.seconds, [measured(1_000).seconds, measured(2_000).seconds].concat());
    assert_eq!(all.marks, [measured(1_000).marks, measured(2_000).marks].concat());
    let known = fixture.store.run(run).await.expect("read").expect("known");
    assert_eq!((known.length_ms, known.ending, known.meeting_title.as_str()), (2_000, None, "Pecahan"));
    fixture.store.end_run(run, RunEnding::Stopped).await.expect("ended");
    fixture.store.end_run(run, RunEnding::Full).await.expect("again is harmless");
    let known = fixture.store.run(run).await.expect("read").expect("known");
    assert_eq!(known.ending, Some(RunEnding::Stopped));
}

#[tokio::test]
async fn one_goes_on_at_a_time_and_it_cannot_be_deleted() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let code = |outcome: base::Result<RunId>| outcome.expect_err("refused").code;
    assert_eq!(code(fixture.store.start_run(new(MeetingId(99), teacher.id)).await), Code::NotFound);
    let run = fixture.store.start_run(new(meeting, teacher.id)).await.expect("started");
    assert_eq!(code(fixture.store.start_run(new(meeting, teacher.id)).await), Code::RunBusy);
    assert_eq!(fixture.store.delete_run(run).await.expect_err("it goes on").code, Code::RunBusy);
    fixture.store.record_run(run, measured(1_000)).await.expect("written");
    fixture.store.close().await.expect("closed");
    let store = Store::open(fixture.path(), fixture.clock.clone()).expect("opened again");
    assert_eq!(store.interrupt_runs().await.expect("written"), 1);
    let known = store.run(run).await.expect("read").expect("known");
    assert_eq!(known.ending, Some(RunEnding::Interrupted));
    assert_eq!(store.measured(run).await.expect("read").seconds.len(), 1, "what was measured stays");
    store.delete_run(run).await.expect("deleted");
    assert_eq!(store.measured(run).await.expect("read"), Measured { seconds: vec![], marks: vec![] });
    assert_eq!(store.delete_run(run).await.expect_err("gone").code, Code::NotFound);
}

#[tokio::test]
async fn as_many_as_are_kept_are_kept_and_one_more_is_told() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    for _ in 0..RUNS {
        let run = fixture.store.start_run(new(meeting, teacher.id)).await.expect("started");
        fixture.store.end_run(run, RunEnding::Stopped).await.expect("ended");
    }
    let refused = fixture.store.start_run(new(meeting, teacher.id)).await.expect_err("too many");
    assert_eq!(refused.code, Code::RunsFull);
    let runs = fixture.store.runs().await.expect("read");
    assert_eq!(i64::try_from(runs.len()).expect("few"), RUNS);
    assert!(runs.windows(2).all(|pair| pair[0].id > pair[1].id), "the newest first");
}
