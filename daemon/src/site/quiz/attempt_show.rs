//! `/quizzes/{quiz}/attempt`: the questions of a quiz for the student who takes it, with what is saved.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::decimal::Decimal;
use base::id::{AttemptId, QuestionId};
use base::marking::chosen;
use base::random::order;
use base::{Error, limits};
use store::{Question, QuestionKind, QuizAccess, Sitting};

use crate::i18n::Language;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::material::markdown;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

const MINUTE_MS: u64 = 60_000;

#[derive(Template)]
#[template(path = "quiz/attempt.html")]
struct AttemptPage<'a> {
    page: &'a Page,
    seen: &'a QuizAccess,
    attempt: AttemptId,
    questions: Vec<Asked>,
    /// What is left of the time, for the script and for people.
    left: Option<(u64, String)>,
    /// "3 of 10 answered".
    answered: String,
    answer_characters: usize,
    /// Why what was sent was not taken.
    problem: Option<String>,
}

/// A question as it is asked.
struct Asked {
    id: QuestionId,
    /// Its place in this attempt, counted from 1.
    number: usize,
    kind: QuestionKind,
    /// What it asks, as HTML of ours.
    html: String,
    points: String,
    choices: Vec<Choice>,
    /// What is saved.
    saved: String,
    /// What the field holds, where nothing can be chosen.
    typed: String,
    /// What is odd about that.
    note: Option<&'static str>,
}

/// A choice.
struct Choice {
    /// Its place in the question, which is what is saved.
    place: usize,
    text: String,
    is_chosen: bool,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(quiz): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &quiz).await?.taken_by_student()?;
    match site.store.sitting(&seen.quiz, page.signed_in()?.person.id).await? {
        Some(sitting) => Ok(page.show(&compose(&site, &page, &seen, &sitting, None).await?)),
        // Handed in, over, or not begun: its page says which.
        None => Ok(Redirect::to(&format!("/quizzes/{}", seen.quiz.id)).into_response()),
    }
}

/// The page again, with what was typed and why it was not taken.
pub(super) async fn show_refused(
    site: &Site,
    form: &Form,
    seen: &QuizAccess,
    sitting: &Sitting,
    error: &Error,
) -> Result<Response, Refusal> {
    let mut template = compose(site, &form.page, seen, sitting, Some(form)).await?;
    template.problem = Some(form.page.language.error(error));
    Ok(form.page.show_error(error, &template))
}

async fn compose<'a>(
    site: &Site,
    page: &'a Page,
    seen: &'a QuizAccess,
    sitting: &Sitting,
    form: Option<&Form>,
) -> Result<AttemptPage<'a>, Error> {
    let questions = site.store.questions_of(seen.quiz.id).await?;
    let drawn_from = sitting.attempt.seed;
    let places = in_order(drawn_from, questions.len());
    let asked = (1..).zip(places).map(|(number, place)| {
        let saved = sitting.answers.get(&questions[place].id).map_or("", String::as_str);
        asked(page.language, number, &questions[place], drawn_from, saved, form)
    });
    let counts = [("done", sitting.answers.len().to_string()), ("count", questions.len().to_string())];
    let counts = counts.each_ref().map(|(name, value)| (*name, value.as_str()));
    Ok(AttemptPage {
        page,
        seen,
        attempt: sitting.attempt.id,
        questions: asked.collect(),
        left: sitting.left_ms.map(|left_ms| (left_ms, left(page.language, left_ms))),
        answered: page.language.text("quiz.answered_of", &counts),
        answer_characters: limits::ANSWER_CHARACTERS,
        problem: None,
    })
}

fn asked(
    language: Language,
    number: usize,
    question: &Question,
    seed: Option<u64>,
    saved: &str,
    form: Option<&Form>,
) -> Asked {
    let draft = &question.draft;
    let picked = chosen(saved);
    // Each question of an attempt in an order of its own.
    let seed = seed.map(|seed| seed ^ question.id.0.cast_unsigned());
    let choices = in_order(seed, draft.choices.len()).into_iter().map(|at| Choice {
        place: at + 1,
        text: draft.choices[at].clone(),
        is_chosen: picked.contains(&(at + 1)),
    });
    let typed = form.and_then(|form| form.find(&field(question.id))).unwrap_or(saved);
    Asked {
        id: question.id,
        number,
        kind: draft.kind(),
        html: markdown::render(&draft.text),
        points: language.count("quiz.points", usize::try_from(draft.points).unwrap_or(0)),
        choices: choices.collect(),
        note: note(language, draft.kind(), typed),
        typed: typed.to_owned(),
        saved: saved.to_owned(),
    }
}

/// What a student should know about an answer that is saved all the same.
pub(super) fn note(language: Language, kind: QuestionKind, answer: &str) -> Option<&'static str> {
    let is_odd = kind == QuestionKind::Number && !answer.is_empty() && Decimal::read(answer).is_err();
    is_odd.then(|| language.t("quiz.no_number"))
}

/// The name of the field for the answer to a question.
pub(super) fn field(question: QuestionId) -> String {
    format!("answer-{question}")
}

fn in_order(seed: Option<u64>, count: usize) -> Vec<usize> {
    seed.map_or_else(|| (0..count).collect(), |seed| order(seed, count))
}

/// The time that is left, in words; the last minute is told as less than one.
pub(super) fn left(language: Language, left_ms: u64) -> String {
    match usize::try_from(left_ms / MINUTE_MS).unwrap_or(usize::MAX) {
        0 => language.t("quiz.left_little").to_owned(),
        minutes => language.count("quiz.left", minutes),
    }
}
