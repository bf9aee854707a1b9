//! `POST /quizzes/{quiz}/answers`: a student's answers, one by one as the script of the page sends them,
//! or all of a form; with `then=hand_in` also the end of the attempt.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::id::{AttemptId, QuestionId};
use base::marking::choosing;
use base::{Code, Error, text};
use http::HeaderMap;
use serde::Serialize;
use store::{Question, QuestionKind, QuizAccess, Then};

use super::attempt_show::{self, field, note};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::refusal::{Refusal, accepts_html};

/// What the script is told.
#[derive(Serialize)]
struct Saved {
    /// What is left of the time, in milliseconds.
    left_ms: Option<u64>,
    /// What is odd about the answer.
    note: Option<&'static str>,
}

/// A question, and what a form answers to it.
type Given<'a> = (&'a Question, Option<String>);

pub(super) async fn save(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &form.page, &quiz).await?.taken_by_student()?;
    let (quiz, person) = (seen.quiz.id, form.page.signed_in()?.person.id);
    let attempt: AttemptId = form.get("attempt").parse().map_err(|_| Code::BadRequest)?;
    let then = if form.get("then") == "hand_in" { Then::HandIn } else { Then::Continue };
    let questions = site.store.questions_of(quiz).await?;
    let saved = async {
        let given = given(&form, &questions)?;
        let answers = given.iter().map(|(question, answer)| (question.id, answer.clone())).collect();
        let left_ms = site.store.save_answers(quiz, attempt, person, answers, then).await?;
        Ok((given, left_ms))
    };
    match saved.await {
        Ok((given, left_ms)) if !accepts_html(&headers) => {
            let odd = |(question, answer): &Given<'_>| {
                note(form.page.language, question.draft.kind(), answer.as_deref().unwrap_or_default())
            };
            Ok(Json(Saved { left_ms, note: given.iter().find_map(odd) }).into_response())
        }
        Ok(_) => Ok(go_on(&form, &seen, then)),
        Err(error) => refuse(&site, &headers, &form, &seen, error).await,
    }
}

fn go_on(form: &Form, seen: &QuizAccess, then: Then) -> Response {
    if then == Then::HandIn {
        return super::back(seen.quiz.id, "quiz.is_handed_in");
    }
    let there = next::noticed(&format!("/quizzes/{}/attempt", seen.quiz.id), "quiz.answers_saved");
    // Back to where the button was pressed.
    let at: Option<QuestionId> = form.get("at").parse().ok();
    let mark = at.map(|question| format!("#question-{question}")).unwrap_or_default();
    Redirect::to(&format!("{there}{mark}")).into_response()
}

/// To a person the page says what is wrong: that of the attempt while it goes on, else that of the
/// quiz.
async fn refuse(
    site: &Site,
    headers: &HeaderMap,
    form: &Form,
    seen: &QuizAccess,
    error: Error,
) -> Result<Response, Refusal> {
    if !accepts_html(headers) {
        return Err(error.into());
    }
    let notice = match error.code {
        Code::TimeOver => "quiz.time_over",
        Code::AttemptOver | Code::QuizClosed => "quiz.over_already",
        Code::AnswerTooLong => {
            let person = form.page.signed_in()?.person.id;
            match site.store.sitting(&seen.quiz, person).await? {
                Some(sitting) => return attempt_show::show_refused(site, form, seen, &sitting, &error).await,
                None => "quiz.time_over",
            }
        }
        _ => return Err(error.into()),
    };
    Ok(super::back(seen.quiz.id, notice))
}

/// What a form changes: the answers that are not what the page showed. So an older page, in another
/// tab or on another device, takes nothing back that it does not know of.
fn given<'a>(form: &Form, questions: &'a [Question]) -> Result<Vec<Given<'a>>, Error> {
    let mut given = Vec::new();
    for question in questions {
        let Some(was) = form.find(&format!("was-{}", question.id)) else { continue };
        let answer = read(form, question)?;
        if answer.as_deref().unwrap_or_default() != was {
            given.push((question, answer));
        }
    }
    Ok(given)
}

fn read(form: &Form, question: &Question) -> Result<Option<String>, Error> {
    let name = field(question.id);
    let count = question.draft.choices.len();
    let places = || form.all(&name).filter_map(|place| place.parse().ok());
    match question.draft.kind() {
        QuestionKind::Single | QuestionKind::Multiple => {
            let mut chosen: BTreeSet<usize> = places().filter(|place| (1..=count).contains(place)).collect();
            if question.draft.kind() == QuestionKind::Single {
                chosen = chosen.pop_first().into_iter().collect();
            }
            Ok((!chosen.is_empty()).then(|| choosing(&chosen)))
        }
        QuestionKind::Number | QuestionKind::Text => text::answer(form.get(&name)),
    }
}
