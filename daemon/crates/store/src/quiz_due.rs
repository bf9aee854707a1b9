//! What quizzes of a course ask of somebody now: to take them, or to release their scores. For the
//! start page.

use base::Result;
use base::clock::Timestamp;
use base::id::{CourseId, PersonId};
use rusqlite::named_params;

use crate::quiz::{self, QuizSummary};
use crate::statement::statements;
use crate::store::Store;
use crate::words::Scoring;

/// Quizzes that wait for somebody.
#[derive(Clone, Debug)]
pub struct QuizzesDue {
    /// The time it was asked for.
    pub now: Timestamp,
    /// The quizzes.
    pub quizzes: Vec<QuizSummary>,
}

statements! {
    SHOWN_QUIZZES = "
        SELECT quiz.id, meeting, quiz.title, text, opens_at, due_at, limit_ms, sequence, attempts, scoring,
               quiz.created_at, quiz.published_at, released_at,
               (SELECT count(*) FROM question WHERE question.quiz = quiz.id) AS questions,
               (SELECT count(*) FROM attempt WHERE attempt.quiz = quiz.id AND person = :person
                    AND handed_in_at IS NOT NULL) AS own_done,
               EXISTS (SELECT 1 FROM attempt WHERE attempt.quiz = quiz.id AND person = :person
                    AND handed_in_at IS NULL) AS own_under_way,
               (SELECT count(*) FROM attempt AS first
                WHERE first.quiz = quiz.id AND first.handed_in_at IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM attempt AS other WHERE other.quiz = first.quiz
                        AND other.person = first.person AND other.id < first.id)) AS handed_in
        FROM meeting JOIN quiz ON quiz.meeting = meeting.id
        WHERE meeting.course = :course AND meeting.published_at IS NOT NULL
            AND quiz.published_at IS NOT NULL";
}

impl Store {
    /// What a student of the course can take now and has not, or has begun.
    pub async fn quizzes_due(&self, course: CourseId, person: PersonId) -> Result<QuizzesDue> {
        let mut due = self.shown_quizzes(course, person).await?;
        due.quizzes.retain(|summary| {
            let is_open = summary.quiz.refuses_start(0, due.now).is_none();
            let is_left = summary.own_under_way && (is_open || summary.quiz.draft.limit_ms.is_some());
            is_left || (is_open && summary.own_done == 0)
        });
        Ok(due)
    }

    /// What students of the course have handed in and see no score of.
    pub async fn quizzes_to_release(&self, course: CourseId, person: PersonId) -> Result<QuizzesDue> {
        let mut due = self.shown_quizzes(course, person).await?;
        due.quizzes.retain(|summary| {
            let quiz = &summary.quiz;
            quiz.draft.scoring == Scoring::Released && quiz.released_at.is_none() && summary.handed_in > 0
        });
        Ok(due)
    }

    async fn shown_quizzes(&self, course: CourseId, person: PersonId) -> Result<QuizzesDue> {
        let now = self.now();
        self.read(move |connection| {
            let mut statement = connection.prepare_cached(SHOWN_QUIZZES)?;
            let values = named_params! {":course": course.0, ":person": person.0};
            let rows = statement.query_map(values, quiz::summary)?;
            let mut quizzes = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            quizzes.sort_by_key(|summary| summary.quiz.id);
            Ok(QuizzesDue { now, quizzes })
        })
        .await
    }
}
