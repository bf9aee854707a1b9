//! What stands on the start page about work.

use base::score::Score;

use super::assignments::draft;
use super::support::{Fixture, START};
use crate::{AssignmentDraft, LatePolicy, Visibility};

const HOUR_MS: i64 = 60 * 60 * 1_000;

#[tokio::test]
async fn work_is_asked_for_until_it_is_handed_in_or_nothing_is_taken_any_more() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (without, _, budi) = fixture.assignment(draft("Tanpa batas")).await;
    let course = store.meeting(without.meeting).await.expect("read").expect("there").course.id;
    let hours = |title: &str, hours: i64, late| AssignmentDraft {
        due_at: Some(START.plus(hours * HOUR_MS)),
        late,
        ..draft(title)
    };
    for (title, at, late) in [
        ("Besok", 24, LatePolicy::Refuse),
        ("Satu jam", 1, LatePolicy::Accept),
        ("Ditutup", 1, LatePolicy::Refuse),
    ] {
        let made = store.create_assignment(without.meeting, hours(title, at, late)).await.expect("made");
        store.show_assignment(made.id, Visibility::Published).await.expect("shown");
    }
    store.create_assignment(without.meeting, draft("Draf")).await.expect("made");
    let titles = async || {
        let due = store.due_of(course, budi.id).await.expect("read");
        due.assignments.into_iter().map(|assignment| assignment.draft.title).collect::<Vec<_>>()
    };
    assert_eq!(titles().await, ["Satu jam", "Ditutup", "Besok", "Tanpa batas"]);
    fixture.pass(2 * HOUR_MS);
    assert_eq!(titles().await, ["Besok", "Tanpa batas", "Satu jam"], "what is closed is not asked for");

    assert!(store.to_grade_in(course).await.expect("read").is_empty());
    store.hand_in(without.id, budi.id, Some("x = 2".into()), Vec::new(), store.now()).await.expect("taken");
    assert_eq!(titles().await, ["Besok", "Satu jam"]);
    let waiting = store.to_grade_in(course).await.expect("read");
    assert_eq!((waiting[0].assignment, waiting[0].count, waiting.len()), (without.id, 1, 1));
    store.grade(without.id, budi.id, Some(Score(8_000)), None).await.expect("graded");
    assert!(store.to_grade_in(course).await.expect("read").is_empty());

    fixture.pass(HOUR_MS);
    store.reopen_submission(without.id, budi.id).await.expect("reopened");
    assert_eq!(titles().await, ["Besok", "Tanpa batas", "Satu jam"], "it is asked for again");
    store.set_visibility(without.meeting, Visibility::Draft).await.expect("hidden");
    assert!(titles().await.is_empty(), "a hidden meeting asks for nothing");
}
