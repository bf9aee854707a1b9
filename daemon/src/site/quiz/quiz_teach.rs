//! A quiz's page for its teachers: what it asks, and what can be done with it.

use askama::Template;
use axum::response::Response;
use base::id::QuestionId;
use store::{Question, QuestionKind, QuizAccess, points_of};

use super::answered::{is_right, solution};
use super::head::Head;
use crate::i18n::Language;
use crate::site::Site;
use crate::site::material::markdown;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "quiz/teach.html")]
struct TeacherPage<'a> {
    page: &'a Page,
    head: Head,
    /// "4 questions", "8 points".
    size: String,
    questions: Vec<Asked>,
    /// Whether somebody has begun: then questions are put right, and that is all.
    is_begun: bool,
    /// Whether students wait for their scores.
    may_release: bool,
    kinds: Vec<Kind>,
}

/// A kind of question that can be added.
struct Kind {
    name: &'static str,
    word: &'static str,
}

/// A question with its solution.
struct Asked {
    id: QuestionId,
    number: usize,
    html: String,
    /// Its kind and its points.
    about: String,
    choices: Vec<(String, bool)>,
    /// What is right, where nothing can be chosen.
    right: String,
}

pub(super) async fn show(site: &Site, page: &Page, seen: &QuizAccess) -> Result<Response, Refusal> {
    let quiz = &seen.quiz;
    let questions = site.store.questions_of(quiz.id).await?;
    let is_begun = site.store.is_quiz_begun(quiz.id).await?;
    let language = page.language;
    let points = usize::try_from(points_of(&questions)).unwrap_or(0);
    let extent = [language.count("quiz.questions", questions.len()), language.count("quiz.points", points)]
        .join(" · ");
    let kinds = QuestionKind::ALL.iter().map(|kind| Kind { name: kind.name(), word: word(page, *kind) });
    Ok(page.show(&TeacherPage {
        page,
        head: Head::of(page, seen, site.store.box_time()),
        size: extent,
        questions: (1..).zip(&questions).map(|(number, one)| asked(page, number, one)).collect(),
        is_begun,
        may_release: is_begun && quiz.released_at.is_none(),
        kinds: kinds.collect(),
    }))
}

fn asked(page: &Page, number: usize, question: &Question) -> Asked {
    let (draft, language) = (&question.draft, page.language);
    let choices = (1..).zip(&draft.choices);
    Asked {
        id: question.id,
        number,
        html: markdown::render(&draft.text),
        about: [word(page, draft.kind()).to_owned(), points(language, draft.points)].join(" · "),
        choices: choices.map(|(place, text)| (text.clone(), is_right(&draft.solution, place))).collect(),
        right: solution(language, &draft.solution),
    }
}

fn points(language: Language, points: i64) -> String {
    language.count("quiz.points", usize::try_from(points).unwrap_or(0))
}

/// What a kind of question is called.
pub(super) fn word(page: &Page, kind: QuestionKind) -> &'static str {
    page.t(match kind {
        QuestionKind::Single => "quiz.kind_single",
        QuestionKind::Multiple => "quiz.kind_multiple",
        QuestionKind::Number => "quiz.kind_number",
        QuestionKind::Text => "quiz.kind_text",
    })
}
