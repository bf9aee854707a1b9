//! Quizzes: what a teacher says about them and their questions, and who sees them.

use std::collections::BTreeSet;

use base::Code;
use base::decimal::Decimal;
use base::id::{MeetingId, QuestionId, QuizId};
use base::limits::{QUESTIONS, QUIZZES_PER_MEETING, SPELLINGS};
use base::marking::Solution;

use super::support::{Fixture, START};
use crate::{
    GuestPolicy, Person, PersonKind, QuestionDraft, Quiz, QuizDraft, Scoring, Sequence, Shift, Visibility,
};

pub(super) fn draft(title: &str) -> QuizDraft {
    QuizDraft {
        title: title.into(),
        text: None,
        opens_at: None,
        due_at: None,
        limit_ms: None,
        sequence: Sequence::Fixed,
        attempts: 1,
        scoring: Scoring::AtOnce,
    }
}

pub(super) fn question(text: &str, solution: Solution) -> QuestionDraft {
    let choices = match solution {
        Solution::Single(_) | Solution::Multiple(_) => vec!["joule".into(), "newton".into(), "watt".into()],
        _ => Vec::new(),
    };
    QuestionDraft { text: text.into(), points: 2, choices, solution }
}

pub(super) fn one_of_each() -> Vec<QuestionDraft> {
    let number = |typed| Decimal::read(typed).expect("a number");
    vec![
        question("Satuan gaya?", Solution::Single(2)),
        question("Satuan daya dan usaha?", Solution::Multiple(BTreeSet::from([1, 3]))),
        question("g?", Solution::Number(number("9,8"), number("0,1"))),
        question("Penemu?", Solution::Text(vec!["Newton".into(), "Isaac Newton".into()])),
    ]
}

impl Fixture {
    /// A published quiz with a question of each kind, its teacher, and a student of the course.
    pub(super) async fn quiz(&self, draft: QuizDraft) -> (Quiz, Person, Person) {
        let (teacher, meeting) = self.meeting().await;
        let quiz = self.store.create_quiz(meeting, draft).await.expect("made");
        for question in one_of_each() {
            self.store.create_question(quiz, question).await.expect("added");
        }
        self.store.show_quiz(quiz, Visibility::Published).await.expect("shown");
        let seen = self.store.quiz_access(quiz, &teacher).await.expect("there");
        (seen.quiz, teacher, self.pupil(meeting, "Budi").await)
    }

    pub(super) async fn question_ids(&self, quiz: QuizId) -> Vec<QuestionId> {
        self.store.questions_of(quiz).await.expect("read").iter().map(|question| question.id).collect()
    }
}

#[tokio::test]
async fn a_quiz_says_what_it_was_told_and_exists_for_students_when_it_is_published() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let all = QuizDraft {
        text: Some("Kerjakan sendiri".into()),
        opens_at: Some(START),
        due_at: Some(START.plus(5)),
        limit_ms: Some(60_000),
        sequence: Sequence::Shuffled,
        attempts: 3,
        scoring: Scoring::Released,
        ..draft("Kuis")
    };
    let (quiz, teacher, budi) = fixture.quiz(draft("Gaya")).await;
    store.change_quiz(quiz.id, all.clone()).await.expect("changed");
    let seen = store.quiz_access(quiz.id, &teacher).await.expect("seen");
    assert_eq!(seen.quiz.draft, all);
    assert!(seen.clone().changed_by_teacher().is_ok());
    assert_eq!(seen.taken_by_student().expect_err("no student").code, Code::NotAllowed);
    let seen = store.quiz_access(quiz.id, &budi).await.expect("seen");
    assert!(seen.clone().taught().is_err() && seen.taken_by_student().is_ok());
    let stranger = fixture.person(PersonKind::Student, "Ani").await;
    assert_eq!(store.quiz_access(quiz.id, &stranger).await.expect_err("no member").code, Code::NotFound);
    let course = store.quiz_access(quiz.id, &teacher).await.expect("seen").meeting.course.id;
    store.set_guest_policy(course, GuestPolicy::Ask).await.expect("set");
    let guest = fixture.pupil(quiz.meeting, "Tamu").await;
    let seen = store.quiz_access(quiz.id, &guest).await.expect("a guest looks");
    assert_eq!(seen.taken_by_student().expect_err("a guest").code, Code::NotAllowed);

    store.show_quiz(quiz.id, Visibility::Draft).await.expect("hidden");
    assert_eq!(store.quiz_access(quiz.id, &budi).await.expect_err("a draft").code, Code::NotFound);
    store.show_quiz(quiz.id, Visibility::Published).await.expect("shown");
    store.set_visibility(quiz.meeting, Visibility::Draft).await.expect("hidden");
    assert_eq!(store.quiz_access(quiz.id, &budi).await.expect_err("its meeting").code, Code::NotFound);
    assert_eq!(store.quiz_access(QuizId(99), &teacher).await.expect_err("none").code, Code::NotFound);
}

#[tokio::test]
async fn quizzes_are_bounded_and_one_that_asks_nothing_is_not_shown() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, meeting) = fixture.meeting().await;
    for _ in 0..QUIZZES_PER_MEETING {
        store.create_quiz(meeting, draft("Kuis")).await.expect("made");
    }
    let refused = store.create_quiz(meeting, draft("Lebih")).await.expect_err("too many");
    assert_eq!(refused.code, Code::QuizzesTooMany);
    let nowhere = store.create_quiz(MeetingId(99), draft("Kuis")).await.expect_err("no meeting");
    assert_eq!(nowhere.code, Code::NotFound);
    let listed = store.quizzes_of(meeting, teacher.id).await.expect("read");
    let first = listed[0].quiz.id;
    let empty = store.show_quiz(first, Visibility::Published).await.expect_err("empty");
    assert_eq!(empty.code, Code::QuizEmpty);
    let gone = store.show_quiz(QuizId(99), Visibility::Draft).await.expect_err("none");
    assert_eq!(gone.code, Code::NotFound);
    for _ in 0..QUESTIONS {
        store.create_question(first, question("?", Solution::Single(1))).await.expect("added");
    }
    let refused = store.create_question(first, question("?", Solution::Single(1))).await;
    assert_eq!(refused.expect_err("too many").code, Code::QuestionsTooMany);
    store.delete_quiz(first).await.expect("deleted");
    store.delete_quiz(first).await.expect("again is harmless");
    assert!(store.questions_of(first).await.expect("read").is_empty());
}

#[tokio::test]
async fn questions_are_kept_as_they_were_given_and_move() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (quiz, ..) = fixture.quiz(draft("Gaya")).await;
    let held = store.questions_of(quiz.id).await.expect("read");
    assert_eq!(held.iter().map(|one| one.draft.clone()).collect::<Vec<_>>(), one_of_each());
    let ids = fixture.question_ids(quiz.id).await;
    store.shift_question(ids[0], Shift::Up).await.expect("stays");
    store.shift_question(ids[3], Shift::Up).await.expect("moved");
    store.shift_question(ids[0], Shift::Down).await.expect("moved");
    assert_eq!(fixture.question_ids(quiz.id).await, [ids[1], ids[0], ids[3], ids[2]]);
    store.delete_question(ids[0]).await.expect("deleted");
    store.delete_question(ids[0]).await.expect("again is harmless");
    let other = question("Lagi", Solution::Text(vec!["ya".into()]));
    store.change_question(ids[1], other.clone()).await.expect("another kind");
    let added = store.create_question(quiz.id, question("Baru", Solution::Single(1))).await.expect("added");
    assert_eq!(fixture.question_ids(quiz.id).await, [ids[1], ids[3], ids[2], added]);
    assert_eq!(store.questions_of(quiz.id).await.expect("read")[0].draft, other);
    let gone = store.change_question(ids[0], other).await.expect_err("deleted");
    assert_eq!(gone.code, Code::NotFound);
}

#[tokio::test]
async fn since_somebody_has_begun_words_and_solutions_are_put_right_and_nothing_else() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (quiz, _, budi) = fixture.quiz(draft("Gaya")).await;
    assert!(!store.is_quiz_begun(quiz.id).await.expect("read"));
    store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    assert!(store.is_quiz_begun(quiz.id).await.expect("read"));
    let ids = fixture.question_ids(quiz.id).await;
    let code = |result: base::Result<()>| result.expect_err("begun").code;
    assert_eq!(code(store.delete_question(ids[0]).await), Code::QuizBegun);
    assert_eq!(code(store.shift_question(ids[0], Shift::Down).await), Code::QuizBegun);
    assert_eq!(code(store.delete_quiz(quiz.id).await), Code::QuizInUse);
    let more = store.create_question(quiz.id, question("?", Solution::Single(1))).await;
    assert_eq!(more.expect_err("begun").code, Code::QuizBegun);
    let other_kind = question("?", Solution::Multiple(BTreeSet::from([1])));
    assert_eq!(code(store.change_question(ids[0], other_kind).await), Code::QuizBegun);
    let mut fewer = question("?", Solution::Single(1));
    fewer.choices.pop();
    assert_eq!(code(store.change_question(ids[0], fewer).await), Code::QuizBegun);
    let right = question("Satuan gaya (SI)?", Solution::Single(3));
    store.change_question(ids[0], right.clone()).await.expect("put right");
    assert_eq!(store.questions_of(quiz.id).await.expect("read")[0].draft, right);
}

#[tokio::test]
async fn a_spelling_is_accepted_once_and_only_where_there_are_some() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (quiz, ..) = fixture.quiz(draft("Gaya")).await;
    let ids = fixture.question_ids(quiz.id).await;
    store.accept_spelling(ids[3], "Sir Isaac".into()).await.expect("accepted");
    store.accept_spelling(ids[3], " sir  ISAAC. ".into()).await.expect("known");
    let held = store.questions_of(quiz.id).await.expect("read");
    let all = vec!["Newton".into(), "Isaac Newton".into(), "Sir Isaac".into()];
    assert_eq!(held[3].draft.solution, Solution::Text(all));
    let refused = store.accept_spelling(ids[0], "newton".into()).await.expect_err("a choice");
    assert_eq!(refused.code, Code::NotFound);
    for number in 3..SPELLINGS {
        store.accept_spelling(ids[3], format!("n{number}")).await.expect("accepted");
    }
    let refused = store.accept_spelling(ids[3], "lagi".into()).await.expect_err("too many");
    assert_eq!(refused.code, Code::SpellingsTooMany);
}

#[tokio::test]
async fn a_copied_meeting_asks_the_same_and_knows_no_answers() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let timed = QuizDraft { due_at: Some(START.plus(1_000)), limit_ms: Some(60_000), ..draft("Gaya") };
    let (quiz, teacher, budi) = fixture.quiz(timed.clone()).await;
    assert!(!store.meeting_has_work(quiz.meeting).await.expect("read"));
    store.start_attempt(quiz.id, budi.id, 1).await.expect("begun");
    assert_eq!(store.delete_meeting(quiz.meeting).await.expect_err("work").code, Code::MeetingInUse);
    let copy = store.copy_meeting(quiz.meeting, "Salinan").await.expect("copied");
    let copied = store.quizzes_of(copy.id, teacher.id).await.expect("read");
    assert_eq!(copied.len(), 1);
    assert_eq!(copied[0].quiz.draft, QuizDraft { due_at: None, ..timed });
    assert_eq!((copied[0].quiz.published_at, copied[0].questions, copied[0].handed_in), (None, 4, 0));
    let asked = store.questions_of(copied[0].quiz.id).await.expect("read");
    assert_eq!(asked.iter().map(|one| one.draft.clone()).collect::<Vec<_>>(), one_of_each());
}
