//! `/meetings/{meeting}/quizzes` and `/quizzes/{quiz}/edit`: what a teacher says about a quiz as a
//! whole.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::clock::Timestamp;
use base::{Code, Error, limits, score, text};
use store::{Meeting, Quiz, QuizDraft, Scoring, Sequence};

use super::head;
use crate::i18n::local;
use crate::site::Site;
use crate::site::form::{Field, Form};
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "quiz/edit.html")]
struct EditPage<'a> {
    page: &'a Page,
    meeting: &'a Meeting,
    /// Which one is changed; a new one without.
    quiz: Option<&'a Quiz>,
    title: Field,
    text: Field,
    opens_at: Field,
    due_at: Field,
    minutes: Field,
    attempts: Field,
    is_shuffled: bool,
    waits_for_release: bool,
    has_problem: bool,
}

impl<'a> EditPage<'a> {
    fn of(page: &'a Page, meeting: &'a Meeting, quiz: Option<&'a Quiz>) -> Self {
        let draft = quiz.map(|quiz| &quiz.draft);
        let time = |at: Option<Timestamp>| Field::holding(&at.map(local::written).unwrap_or_default());
        let limit = draft.and_then(|draft| draft.limit_ms).map(head::minutes);
        let attempts = draft.map_or(1, |draft| draft.attempts);
        Self {
            page,
            meeting,
            quiz,
            title: Field::holding(draft.map_or("", |draft| &draft.title)),
            text: Field::holding(draft.and_then(|draft| draft.text.as_deref()).unwrap_or_default()),
            opens_at: time(draft.and_then(|draft| draft.opens_at)),
            due_at: time(draft.and_then(|draft| draft.due_at)),
            minutes: Field::holding(&limit.map(|minutes| minutes.to_string()).unwrap_or_default()),
            attempts: Field::holding(&attempts.to_string()),
            is_shuffled: draft.is_some_and(|draft| draft.sequence == Sequence::Shuffled),
            waits_for_release: draft.is_some_and(|draft| draft.scoring == Scoring::Released),
            has_problem: false,
        }
    }

    fn sent(form: &'a Form, meeting: &'a Meeting, quiz: Option<&'a Quiz>) -> Self {
        let holding = |name| Field::holding(form.get(name));
        Self {
            page: &form.page,
            meeting,
            quiz,
            title: holding("title"),
            text: holding("text"),
            opens_at: holding("opens_at"),
            due_at: holding("due_at"),
            minutes: holding("minutes"),
            attempts: holding("attempts"),
            is_shuffled: sequence(form) == Sequence::Shuffled,
            waits_for_release: scoring(form) == Scoring::Released,
            has_problem: true,
        }
    }

    /// Puts the error by the field that it is about. False if it is about none.
    fn refuse(&mut self, error: &Error, form: &Form) -> bool {
        let field = match error.code {
            Code::TitleEmpty | Code::TitleTooLong | Code::QuizzesTooMany => &mut self.title,
            Code::InstructionsTooLong => &mut self.text,
            Code::TimeInvalid if time(form, "opens_at").is_err() => &mut self.opens_at,
            Code::TimeInvalid | Code::TimesReversed => &mut self.due_at,
            Code::MinutesInvalid => &mut self.minutes,
            Code::AttemptsInvalid => &mut self.attempts,
            _ => return false,
        };
        field.refuse(self.page.language, error);
        true
    }
}

/// `GET /meetings/{meeting}/quizzes`.
pub(super) async fn show_new(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &page, &meeting).await?;
    Ok(page.show(&EditPage::of(&page, &meeting, None)))
}

/// `POST /meetings/{meeting}/quizzes`.
pub(super) async fn create(
    State(site): State<Site>,
    Path(meeting): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let meeting = meeting::managed(&site, &form.page, &meeting).await?;
    let made = async { site.store.create_quiz(meeting.id, draft(&form)?).await };
    match made.await {
        Ok(quiz) => Ok(super::back(quiz, "quiz.created")),
        Err(error) => show_again(&form, &meeting, None, error),
    }
}

/// `GET /quizzes/{quiz}/edit`.
pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(quiz): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &page, &quiz).await?;
    Ok(page.show(&EditPage::of(&page, &seen.meeting, Some(&seen.quiz))))
}

/// `POST /quizzes/{quiz}/edit`.
pub(super) async fn save(
    State(site): State<Site>,
    Path(quiz): Path<String>,
    form: Form,
) -> Result<Response, Refusal> {
    let seen = super::managed(&site, &form.page, &quiz).await?;
    let saved = async { site.store.change_quiz(seen.quiz.id, draft(&form)?).await };
    match saved.await {
        Ok(()) => Ok(super::back(seen.quiz.id, "quiz.saved")),
        Err(error) => show_again(&form, &seen.meeting, Some(&seen.quiz), error),
    }
}

fn show_again(
    form: &Form,
    meeting: &Meeting,
    quiz: Option<&Quiz>,
    error: Error,
) -> Result<Response, Refusal> {
    let mut template = EditPage::sent(form, meeting, quiz);
    let is_told = template.refuse(&error, form);
    if is_told { Ok(form.page.show_error(&error, &template)) } else { Err(error.into()) }
}

fn draft(form: &Form) -> Result<QuizDraft, Error> {
    let title = text::title(form.get("title"))?;
    let (opens_at, due_at) = (time(form, "opens_at")?, time(form, "due_at")?);
    if opens_at.zip(due_at).is_some_and(|(opens_at, due_at)| due_at <= opens_at) {
        return Err(Code::TimesReversed.into());
    }
    let limit_ms = match form.get("minutes").trim() {
        "" => None,
        typed => {
            let minutes = score::counted(typed, limits::QUIZ_MINUTES, Code::MinutesInvalid)?;
            Some(head::milliseconds(minutes))
        }
    };
    Ok(QuizDraft {
        title,
        text: text::instructions(form.get("text"))?,
        opens_at,
        due_at,
        limit_ms,
        sequence: sequence(form),
        attempts: score::counted(form.get("attempts"), limits::QUIZ_ATTEMPTS, Code::AttemptsInvalid)?,
        scoring: scoring(form),
    })
}

fn time(form: &Form, name: &str) -> Result<Option<Timestamp>, Error> {
    match form.get(name).trim() {
        "" => Ok(None),
        typed => local::read(typed).map(Some),
    }
}

fn sequence(form: &Form) -> Sequence {
    Sequence::parse(form.get("sequence")).unwrap_or(Sequence::Fixed)
}

fn scoring(form: &Form) -> Scoring {
    Scoring::parse(form.get("scoring")).unwrap_or(Scoring::AtOnce)
}
