//! What every page of a quiz shows of it.

use base::clock::Timestamp;
use base::id::QuizId;
use store::{Meeting, QuizAccess, Scoring, Sequence};

use crate::site::material::markdown;
use crate::site::page::Page;

const MINUTE_MS: i64 = 60_000;

/// The quiz as people read it.
pub(super) struct Head {
    pub(super) id: QuizId,
    pub(super) meeting: Meeting,
    pub(super) title: String,
    pub(super) is_draft: bool,
    /// Whether anything in it can change: nothing does once the course was put away.
    pub(super) in_use: bool,
    /// When it can be taken, if that is bounded.
    pub(super) times: Option<Times>,
    /// Such as "10 minutes".
    pub(super) limit: Option<String>,
    /// The instructions, as HTML of ours.
    pub(super) html: Option<String>,
    /// What else is to be known, in words.
    pub(super) facts: Vec<String>,
}

/// When a quiz can be taken.
pub(super) struct Times {
    /// From when on it can be begun, while that is still to come.
    pub(super) opens: Option<String>,
    /// Until when.
    pub(super) due: Option<String>,
    pub(super) is_over: bool,
    /// What time the box believes it is.
    pub(super) now: String,
    /// Whether the box's clock is certainly wrong: it shows a time before the quiz was there.
    pub(super) is_clock_behind: bool,
}

impl Head {
    pub(super) fn of(page: &Page, seen: &QuizAccess, now: Timestamp) -> Self {
        let (quiz, draft, language) = (&seen.quiz, &seen.quiz.draft, page.language);
        let has_times = draft.opens_at.is_some() || draft.due_at.is_some();
        let limit = draft.limit_ms.map(minutes).map(|minutes| language.count("quiz.minutes", minutes));
        let attempts = usize::try_from(draft.attempts).unwrap_or(usize::MAX);
        let scoring = match (quiz.released_at, draft.scoring) {
            (Some(_), _) => "quiz.is_released",
            (None, Scoring::AtOnce) => "quiz.score_at_once",
            (None, Scoring::Released) => "quiz.score_released",
        };
        let shuffled = (draft.sequence == Sequence::Shuffled).then(|| page.t("quiz.is_shuffled").to_owned());
        let first = match &limit {
            Some(limit) => page.fill("quiz.limit_is", "limit", limit),
            None => page.t("quiz.no_limit").to_owned(),
        };
        let facts = [first, language.count("quiz.attempts_allowed", attempts), page.t(scoring).to_owned()];
        Self {
            id: quiz.id,
            meeting: seen.meeting.clone(),
            title: draft.title.clone(),
            is_draft: quiz.published_at.is_none(),
            in_use: seen.meeting.course.archived_at.is_none(),
            times: has_times.then(|| Times {
                opens: draft.opens_at.filter(|at| now < *at).map(|at| language.date(at)),
                due: draft.due_at.map(|at| language.date(at)),
                is_over: draft.due_at.is_some_and(|at| now > at),
                now: language.date(now),
                is_clock_behind: now < quiz.published_at.unwrap_or(quiz.created_at),
            }),
            limit,
            html: draft.text.as_deref().map(markdown::render),
            facts: facts.into_iter().chain(shuffled).collect(),
        }
    }
}

/// A time limit as a teacher gives it.
pub(super) fn minutes(limit_ms: i64) -> usize {
    usize::try_from(limit_ms / MINUTE_MS).unwrap_or(0)
}

/// A time limit as it is kept.
pub(super) const fn milliseconds(minutes: i64) -> i64 {
    minutes * MINUTE_MS
}
