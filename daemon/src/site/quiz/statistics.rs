//! `/quizzes/{quiz}/statistics`: how each question went, and what was typed that a teacher may take for
//! right.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use base::id::QuestionId;
use base::{Code, text};
use store::{Answers, Question, QuestionKind};

use super::answered::{is_right, solution};
use super::head::Head;
use super::item::{self, Item, Typed};
use super::result_list::Class;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::material::markdown;
use crate::site::next;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "quiz/statistics.html")]
struct StatisticsPage<'a> {
    page: &'a Page,
    head: Head,
    /// How many attempts are counted: one of each student.
    taken: usize,
    counted: String,
    questions: Vec<Looked>,
}

/// A question that was looked at.
struct Looked {
    id: QuestionId,
    number: usize,
    html: String,
    /// "60 % of the points".
    share: Option<String>,
    /// How far the halves of the class are apart, and what that says.
    apart: Option<String>,
    unanswered: usize,
    choices: Vec<Bar>,
    typed: Vec<Typed>,
    /// What is right, where nothing can be chosen.
    right: String,
    /// Whether a spelling can be taken for right.
    accepts: bool,
}

/// How many chose something.
struct Bar {
    text: String,
    count: usize,
    is_right: bool,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(quiz): Path<String>,
) -> Result<Response, Refusal> {
    let class = Class::find(&site, &page, &quiz).await?;
    let standings = class.standings();
    let taken: Vec<&Answers> =
        standings.iter().filter_map(|standing| standing.best.map(|(_, _, answers)| answers)).collect();
    let items = item::items(&class.questions, &taken);
    let looked = (1..).zip(class.questions.iter().zip(items));
    let in_use = class.seen.meeting.course.archived_at.is_none();
    Ok(page.show(&StatisticsPage {
        page: &page,
        head: Head::of(&page, &class.seen, class.results.now),
        taken: taken.len(),
        counted: page.language.count("quiz.counted", taken.len()),
        questions: looked
            .map(|(number, (question, item))| look(&page, number, question, item, in_use))
            .collect(),
    }))
}

fn look(page: &Page, number: usize, question: &Question, item: Item, in_use: bool) -> Looked {
    let (draft, language) = (&question.draft, page.language);
    let bars = (1..).zip(draft.choices.iter().zip(item.choices)).map(|(place, (text, count))| Bar {
        text: text.clone(),
        count,
        is_right: is_right(&draft.solution, place),
    });
    Looked {
        id: question.id,
        number,
        html: markdown::render(&draft.text),
        share: item.percent.map(|percent| page.fill("quiz.share", "percent", &language.number(percent, 0))),
        apart: item.apart.map(|apart| {
            let key = if apart >= 20.0 { "quiz.apart" } else { "quiz.apart_little" };
            page.fill(key, "points", &language.number(apart, 0))
        }),
        unanswered: item.unanswered,
        choices: bars.collect(),
        typed: item.typed,
        right: solution(language, &draft.solution),
        accepts: in_use && draft.kind() == QuestionKind::Text,
    }
}

/// `POST /quizzes/{quiz}/questions/{question}/accept`: takes one more spelling for right.
pub(super) async fn accept(
    State(site): State<Site>,
    Path((quiz, question)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Refusal> {
    let quiz = super::managed(&site, &form.page, &quiz).await?.quiz;
    let (_, question) = super::question(&site, quiz.id, &question).await?;
    let spelling = text::choice(form.get("spelling"))?.ok_or(Code::SolutionMissing)?;
    site.store.accept_spelling(question.id, spelling).await?;
    let back = match form.next() {
        "/" => format!("/quizzes/{}/statistics", quiz.id),
        next => next.to_owned(),
    };
    Ok(Redirect::to(&next::noticed(&back, "quiz.accepted")).into_response())
}
