//! Attempts at quizzes: answers, the time, and what neither a power cut nor a clock changes.

use base::Code;
use base::clock::Timestamp;
use base::id::{AttemptId, QuestionId};
use base::limits::{ATTEMPT_GRACE_MS, ATTEMPT_NOTE_MS};
use base::score::Score;

use super::quizzes::draft;
use super::support::{Fixture, START};
use crate::{
    Answers, Attempt, AttemptEnding, Quiz, QuizDraft, Scoring, Sequence, Store, Then, points_of, score_of,
};

const MINUTE_MS: i64 = 60_000;
/// A time limit of ten minutes.
const LIMIT_MS: i64 = 10 * MINUTE_MS;

fn timed() -> QuizDraft {
    QuizDraft { limit_ms: Some(LIMIT_MS), ..draft("Gaya") }
}

fn some(question: QuestionId, text: &str) -> Vec<(QuestionId, Option<String>)> {
    vec![(question, Some(text.to_owned()))]
}

async fn save(
    store: &Store,
    attempt: &Attempt,
    question: QuestionId,
    text: &str,
) -> Result<Option<u64>, Code> {
    let given = some(question, text);
    store
        .save_answers(attempt.quiz, attempt.id, attempt.person, given, Then::Continue)
        .await
        .map_err(|error| error.code)
}

async fn hand_in(store: &Store, attempt: &Attempt) {
    let handed_in = store.save_answers(attempt.quiz, attempt.id, attempt.person, Vec::new(), Then::HandIn);
    handed_in.await.expect("handed in");
}

async fn left(store: &Store, quiz: &Quiz, attempt: &Attempt) -> Option<u64> {
    store.sitting(quiz, attempt.person).await.expect("read").expect("under way").left_ms
}

#[tokio::test]
async fn answers_are_saved_one_by_one_and_the_same_attempt_goes_on_everywhere() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let shuffled = QuizDraft { sequence: Sequence::Shuffled, ..draft("Gaya") };
    let (quiz, _, budi) = fixture.quiz(shuffled).await;
    let ids = fixture.question_ids(quiz.id).await;
    let attempt = store.start_attempt(quiz.id, budi.id, u64::MAX).await.expect("begun");
    let again = store.start_attempt(quiz.id, budi.id, 5).await.expect("goes on");
    assert_eq!(again, attempt, "pressed twice, or on another phone");
    assert_eq!(attempt.seed, Some(u64::MAX), "its order is kept");
    save(store, &attempt, ids[0], "2").await.expect("saved");
    save(store, &attempt, ids[3], "newton").await.expect("saved");
    save(store, &attempt, ids[3], "Isaac").await.expect("changed");
    save(store, &attempt, QuestionId(99), "x").await.expect("of no question of it: left out");
    let sitting = store.sitting(&quiz, budi.id).await.expect("read").expect("under way");
    assert_eq!(sitting.answers, Answers::from([(ids[0], "2".into()), (ids[3], "Isaac".into())]));
    assert_eq!(sitting.left_ms, None);
    let cleared = vec![(ids[0], None)];
    store
        .save_answers(quiz.id, attempt.id, budi.id, cleared, Then::HandIn)
        .await
        .expect("cleared and handed in");
    assert_eq!(save(store, &attempt, ids[0], "2").await, Err(Code::AttemptOver));
    assert_eq!(store.sitting(&quiz, budi.id).await.expect("read"), None);
    let attempts = store.attempts_by(&quiz, budi.id).await.expect("read");
    assert_eq!(attempts.len(), 1);
    assert_eq!(attempts[0].0.ending, Some(AttemptEnding::Student));
    assert_eq!(attempts[0].1, Answers::from([(ids[3], "Isaac".into())]));
}

#[tokio::test]
async fn nobody_answers_for_another() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (quiz, _, budi) = fixture.quiz(draft("Gaya")).await;
    let ids = fixture.question_ids(quiz.id).await;
    let attempt = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    let ani = fixture.pupil(quiz.meeting, "Ani").await;
    for (id, person) in [(attempt.id, ani.id), (AttemptId(99), budi.id)] {
        let refused = store.save_answers(quiz.id, id, person, some(ids[0], "2"), Then::HandIn).await;
        assert_eq!(refused.expect_err("another's").code, Code::NotFound);
    }
}

#[tokio::test]
async fn the_score_is_counted_from_the_answers_also_after_the_solution_was_put_right() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (quiz, teacher, budi) = fixture.quiz(draft("Gaya")).await;
    let ids = fixture.question_ids(quiz.id).await;
    let attempt = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    for (question, text) in ids.iter().zip(["2", "1 2 3", "9.75", "Sir Isaac"]) {
        save(store, &attempt, *question, text).await.expect("saved");
    }
    hand_in(store, &attempt).await;
    let course = store.quiz_access(quiz.id, &teacher).await.expect("seen").meeting.course.id;
    let counted = async || {
        let questions = store.questions_of(quiz.id).await.expect("read");
        let results = store.quiz_results(course, &quiz).await.expect("read");
        let budi = results.pupils.iter().find(|pupil| pupil.name == "Budi").expect("in the list");
        (score_of(&questions, &budi.attempts[0].1), points_of(&questions))
    };
    assert_eq!(counted().await, (Score(200 + 100 + 200), 8));
    store.accept_spelling(ids[3], "Sir Isaac".into()).await.expect("accepted");
    assert_eq!(counted().await, (Score(700), 8));
}

#[tokio::test]
async fn the_time_runs_and_then_nothing_is_taken_but_what_was_on_its_way() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (quiz, _, budi) = fixture.quiz(timed()).await;
    let ids = fixture.question_ids(quiz.id).await;
    let attempt = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    assert_eq!(left(store, &quiz, &attempt).await, Some(600_000));
    fixture.pass(4 * MINUTE_MS);
    assert_eq!(save(store, &attempt, ids[0], "1").await, Ok(Some(360_000)));
    fixture.pass(6 * MINUTE_MS + 1_000);
    assert_eq!(save(store, &attempt, ids[0], "2").await, Ok(Some(0)), "it was on its way");
    assert_eq!(store.note_attempts().await.expect("noted"), 0);
    fixture.pass(i64::try_from(ATTEMPT_GRACE_MS).expect("seconds"));
    assert_eq!(save(store, &attempt, ids[0], "3").await, Err(Code::TimeOver));
    assert_eq!(store.note_attempts().await.expect("noted"), 1, "it is handed in by itself");
    assert_eq!(store.note_attempts().await.expect("noted"), 0);
    let attempts = store.attempts_by(&quiz, budi.id).await.expect("read");
    assert_eq!(attempts[0].0.ending, Some(AttemptEnding::Time));
    assert_eq!(attempts[0].1[&ids[0]], "2");
    let refused = store.start_attempt(quiz.id, budi.id, 1).await.expect_err("once");
    assert_eq!(refused.code, Code::AttemptsUsed);
}

#[tokio::test]
async fn a_clock_that_is_set_changes_nothing_in_the_time_that_is_left() {
    let fixture = Fixture::at(Timestamp(60_000));
    let store = &fixture.store;
    let (quiz, _, budi) = fixture.quiz(timed()).await;
    let ids = fixture.question_ids(quiz.id).await;
    let attempt = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    fixture.pass(MINUTE_MS);
    for jump in [START, Timestamp(0), START.plus(1_000 * LIMIT_MS)] {
        fixture.clock.jump(jump);
        assert_eq!(left(store, &quiz, &attempt).await, Some(540_000), "at {jump:?}");
        assert_eq!(save(store, &attempt, ids[0], "2").await, Ok(Some(540_000)));
    }
    let began = store.attempts_by(&quiz, budi.id).await.expect("read")[0].0.started_at;
    assert_eq!(began, START.plus(1_000 * LIMIT_MS - MINUTE_MS), "a minute ago by the clock of now");
}

#[tokio::test]
async fn a_power_cut_costs_no_time() {
    let fixture = Fixture::new();
    let (quiz, _, budi) = fixture.quiz(timed()).await;
    let ids = fixture.question_ids(quiz.id).await;
    let attempt = fixture.store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    fixture.pass(2 * MINUTE_MS);
    fixture.store.note_attempts().await.expect("noted");
    let unnoted = i64::try_from(ATTEMPT_NOTE_MS).expect("seconds") - 1;
    fixture.pass(unnoted);
    // Nothing is written when the power goes: another store finds what is on the card.
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["kelas.sqlite", "kelas.sqlite-wal"] {
        std::fs::copy(fixture.folder.path().join(name), folder.path().join(name)).expect("copied");
    }
    // The box is off for a night, and its clock is wrong when it comes back.
    fixture.clock.jump(Timestamp(0));
    let store = Store::open(folder.path().join("kelas.sqlite"), fixture.clock.clone()).expect("opened");
    fixture.pass(60 * MINUTE_MS);
    assert_eq!(store.note_attempts().await.expect("noted"), 0, "nobody has come back yet");
    assert_eq!(
        left(&store, &quiz, &attempt).await,
        Some(480_000),
        "less than a note was lost, to the student"
    );
    fixture.pass(MINUTE_MS);
    assert_eq!(save(&store, &attempt, ids[0], "2").await, Ok(Some(420_000)));
}

#[tokio::test]
async fn a_restart_in_the_middle_of_an_attempt_goes_on_where_the_last_answer_was() {
    let fixture = Fixture::new();
    let (quiz, _, budi) = fixture.quiz(timed()).await;
    let ids = fixture.question_ids(quiz.id).await;
    let attempt = fixture.store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    fixture.pass(3 * MINUTE_MS);
    save(&fixture.store, &attempt, ids[0], "2").await.expect("saved");
    fixture.store.close().await.expect("closed");
    let store = Store::open(fixture.path(), fixture.clock.clone()).expect("opened again");
    fixture.pass(MINUTE_MS);
    assert_eq!(save(&store, &attempt, ids[0], "2").await, Ok(Some(420_000)));
}

#[tokio::test]
async fn more_time_is_there_at_once_for_who_is_taking_it() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (mut quiz, _, budi) = fixture.quiz(timed()).await;
    let attempt = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    fixture.pass(9 * MINUTE_MS);
    quiz.draft.limit_ms = Some(2 * LIMIT_MS);
    store.change_quiz(quiz.id, quiz.draft.clone()).await.expect("changed");
    assert_eq!(left(store, &quiz, &attempt).await, Some(660_000));
}

#[tokio::test]
async fn a_quiz_is_begun_between_its_times_and_with_a_limit_finished_after_them() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let hours = |hours: i64| Some(START.plus(hours * 60 * MINUTE_MS));
    let between = QuizDraft { opens_at: hours(1), due_at: hours(2), attempts: 2, ..timed() };
    let (mut quiz, _, budi) = fixture.quiz(between).await;
    let ids = fixture.question_ids(quiz.id).await;
    let early = store.start_attempt(quiz.id, budi.id, 1).await.expect_err("too early");
    assert_eq!(early.code, Code::QuizNotOpen);
    fixture.pass(119 * MINUTE_MS);
    let attempt = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    fixture.pass(2 * MINUTE_MS);
    assert_eq!(save(store, &attempt, ids[0], "2").await, Ok(Some(480_000)), "it has its ten minutes");
    let going = store.start_attempt(quiz.id, budi.id, 1).await.expect("goes on");
    assert_eq!(going.id, attempt.id);
    hand_in(store, &attempt).await;
    let late = store.start_attempt(quiz.id, budi.id, 1).await.expect_err("too late");
    assert_eq!(late.code, Code::QuizClosed);

    // Without a limit the end is an end, unless a teacher moves it.
    quiz.draft = QuizDraft { opens_at: None, due_at: hours(4), limit_ms: None, ..quiz.draft };
    store.change_quiz(quiz.id, quiz.draft.clone()).await.expect("changed");
    let second = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    fixture.pass(180 * MINUTE_MS);
    assert_eq!(save(store, &second, ids[0], "2").await, Err(Code::QuizClosed));
    assert_eq!(store.sitting(&quiz, budi.id).await.expect("read"), None);
    let (held, _) = &store.attempts_by(&quiz, budi.id).await.expect("read")[1];
    assert!(held.is_over(&quiz, store.now()) && held.ending.is_none());
    quiz.draft.due_at = hours(9);
    store.change_quiz(quiz.id, quiz.draft.clone()).await.expect("changed");
    assert_eq!(save(store, &second, ids[0], "2").await, Ok(None));
}

#[tokio::test]
async fn a_teacher_lets_a_student_take_it_once_more_and_nothing_is_lost() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (quiz, _, budi) = fixture.quiz(draft("Gaya")).await;
    let early = store.spare_attempts(quiz.id, budi.id).await.expect_err("nothing is handed in");
    assert_eq!(early.code, Code::NotFound);
    let first = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    hand_in(store, &first).await;
    assert!(store.start_attempt(quiz.id, budi.id, 1).await.is_err());
    store.spare_attempts(quiz.id, budi.id).await.expect("spared");
    let second = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    assert_ne!(second.id, first.id);
    assert_eq!(store.attempts_by(&quiz, budi.id).await.expect("read").len(), 2);
    hand_in(store, &second).await;
    assert!(store.start_attempt(quiz.id, budi.id, 1).await.is_err());
}

#[tokio::test]
async fn the_start_page_asks_for_what_is_open_and_tells_what_waits_for_release() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let released =
        QuizDraft { scoring: Scoring::Released, due_at: Some(START.plus(LIMIT_MS)), ..draft("Gaya") };
    let (quiz, teacher, budi) = fixture.quiz(released).await;
    let course = store.quiz_access(quiz.id, &teacher).await.expect("seen").meeting.course.id;
    let asked = async || store.quizzes_due(course, budi.id).await.expect("read").quizzes.len();
    let waiting = async || store.quizzes_to_release(course, teacher.id).await.expect("read").quizzes.len();
    assert_eq!((asked().await, waiting().await), (1, 0));
    let attempt = store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    assert_eq!((asked().await, waiting().await), (1, 0));
    hand_in(store, &attempt).await;
    assert_eq!((asked().await, waiting().await), (0, 1));
    let listed = &store.quizzes_of(quiz.meeting, budi.id).await.expect("read")[0];
    assert_eq!((listed.own_done, listed.own_under_way, listed.handed_in, listed.questions), (1, false, 1, 4));
    store.release_quiz(quiz.id).await.expect("released");
    assert_eq!(waiting().await, 0);
    let ani = fixture.pupil(quiz.meeting, "Ani").await;
    assert_eq!(store.quizzes_due(course, ani.id).await.expect("read").quizzes.len(), 1);
    fixture.pass(LIMIT_MS + 1);
    assert!(store.quizzes_due(course, ani.id).await.expect("read").quizzes.is_empty(), "it is over");
}
