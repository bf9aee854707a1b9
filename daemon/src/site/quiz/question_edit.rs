//! `/quizzes/{quiz}/questions` and `/quizzes/{quiz}/questions/{question}`: a teacher writes a question.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::Error;
use serde::Deserialize;
use store::{Question, QuestionKind, QuizAccess};

use super::question_fields::{self, Fields};
use crate::site::Site;
use crate::site::form::Form;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "quiz/question.html")]
struct QuestionPage<'a> {
    page: &'a Page,
    seen: &'a QuizAccess,
    /// Which one is changed, and its place; a new one without.
    question: Option<&'a (usize, Question)>,
    /// Whether somebody has answered it, so that it can only be put right.
    is_begun: bool,
    fields: Fields,
    has_problem: bool,
}

/// Which kind of question is to be made.
#[derive(Deserialize)]
pub(super) struct Kind {
    #[serde(default)]
    kind: String,
}

fn kind(name: &str) -> QuestionKind {
    QuestionKind::parse(name).unwrap_or(QuestionKind::Single)
}

/// `GET /quizzes/{quiz}/questions?kind=…`.
pub(super) async fn show_new(
    State(site): State<Site>,
    page: Page,
    Path(quiz): Path<String>,
    Query(wanted): Query<Kind>,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &page, &quiz).await?;
    let fields = Fields::empty(kind(&wanted.kind));
    let (is_begun, has_problem) = (false, false);
    Ok(page.show(&QuestionPage { page: &page, seen: &seen, question: None, is_begun, fields, has_problem }))
}

/// `POST /quizzes/{quiz}/questions`.
pub(super) async fn create(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &quiz).await?;
    let kind = kind(form.get("kind"));
    let made = async {
        let draft = question_fields::draft(&form, kind)?;
        site.store.create_question(seen.quiz.id, draft).await
    };
    match made.await {
        Ok(_) if form.get("then") == "more" => {
            let there = format!("/quizzes/{}/questions?kind={}", seen.quiz.id, kind.name());
            Ok(Redirect::to(&next::noticed(&there, "quiz.question_added")).into_response())
        }
        Ok(_) => Ok(super::back(seen.quiz.id, "quiz.question_added")),
        Err(error) => show_again(&site, &form, &seen, None, kind, error).await,
    }
}

/// `GET /quizzes/{quiz}/questions/{question}`.
pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path((quiz, question)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &page, &quiz).await?;
    let question = super::question(&site, seen.quiz.id, &question).await?;
    let fields = Fields::of(&question.1.draft, page.language);
    let is_begun = site.store.is_quiz_begun(seen.quiz.id).await?;
    let (question, has_problem) = (Some(&question), false);
    Ok(page.show(&QuestionPage { page: &page, seen: &seen, question, is_begun, fields, has_problem }))
}

/// `POST /quizzes/{quiz}/questions/{question}`.
pub(super) async fn save(
    State(site): State<Site>,
    Path((quiz, question)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &quiz).await?;
    let question = super::question(&site, seen.quiz.id, &question).await?;
    let kind = question.1.draft.kind();
    let saved = async {
        let draft = question_fields::draft(&form, kind)?;
        site.store.change_question(question.1.id, draft).await
    };
    match saved.await {
        Ok(()) => Ok(super::back(seen.quiz.id, "quiz.question_saved")),
        Err(error) => show_again(&site, &form, &seen, Some(&question), kind, error).await,
    }
}

async fn show_again(
    site: &Site,
    form: &Form,
    seen: &QuizAccess,
    question: Option<&(usize, Question)>,
    kind: QuestionKind,
    error: Error,
) -> Result<Response, Refusal> {
    let mut fields = Fields::sent(form, kind);
    if !fields.refuse(form.page.language, &error) {
        return Err(error.into());
    }
    let is_begun = question.is_some() && site.store.is_quiz_begun(seen.quiz.id).await?;
    let page = &form.page;
    let template = QuestionPage { page, seen, question, is_begun, fields, has_problem: true };
    Ok(page.show_error(&error, &template))
}
