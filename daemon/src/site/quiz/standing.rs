//! How a student stands with a quiz: what they have done, and which attempt counts.

use base::clock::Timestamp;
use base::score::Score;
use store::{Answers, Attempt, Question, Quiz, QuizPupil, score_of};

use crate::i18n::Language;

/// How far a student is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    NotTaken,
    UnderWay,
    Done,
}

impl Stage {
    pub(super) fn word(self, language: Language) -> &'static str {
        language.t(match self {
            Self::NotTaken => "quiz.not_taken",
            Self::UnderWay => "quiz.under_way",
            Self::Done => "quiz.done",
        })
    }
}

/// How a student stands.
pub(super) struct Standing<'a> {
    pub(super) stage: Stage,
    /// The attempt that counts, of those that are over: the best, of equals the first.
    pub(super) best: Option<(Score, &'a Attempt, &'a Answers)>,
}

pub(super) fn standing<'a>(
    quiz: &Quiz,
    questions: &[Question],
    pupil: &'a QuizPupil,
    now: Timestamp,
) -> Standing<'a> {
    let over = pupil.attempts.iter().filter(|(attempt, _)| attempt.is_over(quiz, now));
    let scored = over.map(|(attempt, answers)| (score_of(questions, answers), attempt, answers));
    let best = scored.rev().max_by_key(|(score, ..)| *score);
    let goes_on = pupil.attempts.last().is_some_and(|(attempt, _)| !attempt.is_over(quiz, now));
    let stage = match (&best, goes_on) {
        (_, true) => Stage::UnderWay,
        (Some(_), false) => Stage::Done,
        (None, false) => Stage::NotTaken,
    };
    Standing { stage, best }
}
