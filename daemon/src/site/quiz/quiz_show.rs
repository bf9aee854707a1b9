//! `/quizzes/{quiz}`: what a quiz is, the way into it, and what it has earned.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::{Code, Error};
use store::{Answers, Attempt, AttemptEnding, CourseRole, Question, QuizAccess, points_of, score_of};

use super::answered::{self, Answered, Tell};
use super::attempt_show::left;
use super::head::Head;
use super::quiz_teach;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "quiz/show.html")]
struct StudentPage<'a> {
    page: &'a Page,
    head: Head,
    questions: String,
    /// Whether an attempt goes on, and what is left of its time.
    going: Option<Going>,
    /// Whether one can be begun.
    may_start: bool,
    /// Why not.
    refused: Option<String>,
    /// Attempts that are over.
    done: Vec<Done>,
    /// Whether their scores are still kept back.
    waits_for_release: bool,
    /// The questions of the last, once scores are told.
    answered: Vec<Answered>,
}

/// An attempt that goes on.
struct Going {
    left: Option<String>,
}

/// An attempt that is over.
struct Done {
    number: String,
    /// When it was handed in, or by what it ended.
    ended: String,
    score: Option<String>,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(quiz): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &quiz).await?;
    if seen.teaches() {
        return quiz_teach::show(&site, &page, &seen).await;
    }
    Ok(page.show(&compose(&site, &page, &seen).await?))
}

async fn compose<'a>(site: &Site, page: &'a Page, seen: &QuizAccess) -> Result<StudentPage<'a>, Error> {
    let (quiz, language) = (&seen.quiz, page.language);
    let person = page.signed_in()?.person.id;
    // First, because it ends what has run out of time.
    let sitting = site.store.sitting(quiz, person).await?;
    let attempts = site.store.attempts_by(quiz, person).await?;
    let now = site.store.box_time();
    let questions = site.store.questions_of(quiz.id).await?;
    let used = attempts.iter().filter(|(attempt, _)| attempt.spared_at.is_none()).count();
    let refused = match seen.role {
        CourseRole::Student if seen.meeting.course.archived_at.is_some() => Some(Code::CourseArchived),
        CourseRole::Student => quiz.refuses_start(i64::try_from(used).unwrap_or(i64::MAX), now),
        CourseRole::Guest | CourseRole::Teacher => Some(Code::NotAllowed),
    };
    let over: Vec<_> = attempts.iter().filter(|(attempt, _)| attempt.is_over(quiz, now)).collect();
    let is_told = quiz.shows_scores();
    // Who can take it again is not told what is right.
    let tell = if quiz.released_at.is_some() || (refused.is_some() && sitting.is_none()) {
        Tell::Solution
    } else {
        Tell::Score
    };
    let done = (1_usize..).zip(&over).map(|(number, ended)| done(page, &questions, number, ended, is_told));
    Ok(StudentPage {
        page,
        head: Head::of(page, seen, now),
        questions: language.count("quiz.questions", questions.len()),
        may_start: refused.is_none() && sitting.is_none(),
        refused: refused.filter(|_| sitting.is_none()).and_then(|code| why(page, code)),
        going: sitting.map(|sitting| Going { left: sitting.left_ms.map(|left_ms| left(language, left_ms)) }),
        done: done.collect(),
        waits_for_release: !is_told && !over.is_empty(),
        answered: match over.last() {
            Some((_, answers)) if is_told => answered::all(language, &questions, answers, tell),
            _ => Vec::new(),
        },
    })
}

fn done(
    page: &Page,
    questions: &[Question],
    number: usize,
    (attempt, answers): &(Attempt, Answers),
    is_told: bool,
) -> Done {
    let language = page.language;
    Done {
        number: page.fill("quiz.attempt_number", "number", &number.to_string()),
        ended: ended(page, attempt),
        score: is_told
            .then(|| answered::earned(language, score_of(questions, answers), points_of(questions))),
    }
}

/// How an attempt ended, in words.
pub(super) fn ended(page: &Page, attempt: &Attempt) -> String {
    let at = attempt.handed_in_at.map(|at| page.language.date(at)).unwrap_or_default();
    match attempt.ending {
        Some(AttemptEnding::Student) => page.fill("quiz.handed_in_at", "at", &at),
        Some(AttemptEnding::Time) => page.fill("quiz.ended_by_time", "at", &at),
        None => page.t("quiz.ended_by_quiz").to_owned(),
    }
}

/// Why a visitor does not take it, in a sentence; `None` where the page says it elsewhere.
fn why(page: &Page, code: Code) -> Option<String> {
    match code {
        Code::CourseArchived => None,
        Code::NotAllowed => Some(page.t("quiz.guest").to_owned()),
        code => Some(page.language.error(&Error::new(code))),
    }
}
