//! `/quizzes/{quiz}/results`: who has taken a quiz, and with what score; also as CSV.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use base::id::PersonId;
use base::{Code, Error};
use http::{HeaderValue, header};
use store::{Question, QuizAccess, QuizResults, points_of};

use super::head::Head;
use super::standing::{Stage, Standing, standing};
use crate::files::disposition;
use crate::i18n::local;
use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;
use crate::spreadsheet::{self, Cell};

#[derive(Template)]
#[template(path = "quiz/results.html")]
struct ResultsPage<'a> {
    page: &'a Page,
    head: Head,
    /// "12 done · 3 under way · 20 not yet".
    summary: String,
    points: String,
    rows: Vec<Row>,
    may_release: bool,
}

struct Row {
    person: PersonId,
    name: String,
    stage: &'static str,
    score: Option<String>,
    /// When the attempt that counts ended.
    at: Option<String>,
}

/// A class at a quiz.
pub(super) struct Class {
    pub(super) seen: QuizAccess,
    pub(super) questions: Vec<Question>,
    pub(super) results: QuizResults,
}

impl Class {
    /// For teachers of the quiz that an address names.
    pub(super) async fn find(site: &Site, page: &Page, quiz: &str) -> Result<Self, Error> {
        let seen = super::seen(site, page, quiz).await?.taught()?;
        let questions = site.store.questions_of(seen.quiz.id).await?;
        let results = site.store.quiz_results(seen.meeting.course.id, &seen.quiz).await?;
        Ok(Self { seen, questions, results })
    }

    /// How each student stands, in their order.
    pub(super) fn standings(&self) -> Vec<Standing<'_>> {
        let pupils = self.results.pupils.iter();
        pupils.map(|pupil| standing(&self.seen.quiz, &self.questions, pupil, self.results.now)).collect()
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(quiz): Path<String>,
) -> Result<Response, Refusal> {
    let class = Class::find(&site, &page, &quiz).await?;
    let (standings, language) = (class.standings(), page.language);
    let count = |stage| standings.iter().filter(|standing| standing.stage == stage).count();
    let summary = [
        ("quiz.count_done", Stage::Done),
        ("quiz.count_under_way", Stage::UnderWay),
        ("quiz.count_not_taken", Stage::NotTaken),
    ];
    let summary = summary.map(|(key, stage)| page.fill(key, "count", &count(stage).to_string()));
    let rows = class.results.pupils.iter().zip(&standings).map(|(pupil, standing)| Row {
        person: pupil.person,
        name: pupil.name.clone(),
        stage: standing.stage.word(language),
        score: standing.best.map(|(score, ..)| language.score(score)),
        at: standing.best.and_then(|(_, attempt, _)| attempt.handed_in_at).map(|at| language.date(at)),
    });
    let is_used = standings.iter().any(|standing| standing.best.is_some());
    Ok(page.show(&ResultsPage {
        page: &page,
        head: Head::of(&page, &class.seen, class.results.now),
        summary: summary.join(" · "),
        points: points_of(&class.questions).to_string(),
        rows: rows.collect(),
        may_release: is_used && class.seen.quiz.released_at.is_none(),
    }))
}

/// `GET /quizzes/{quiz}/scores.csv`.
pub(super) async fn send(
    State(site): State<Site>,
    page: Page,
    Path(quiz): Path<String>,
) -> Result<Response, Refusal> {
    let class = Class::find(&site, &page, &quiz).await?;
    let language = page.language;
    let headings = [
        language.t("people.name"),
        language.t("people.number"),
        language.t("people.group"),
        language.t("assignment.state"),
        language.t("quiz.attempts_column"),
        language.t("quiz.ended_column"),
        language.t("assignment.score"),
        language.t("assignment.points"),
    ];
    let points = points_of(&class.questions).to_string();
    let rows = class.results.pupils.iter().zip(class.standings()).map(|(pupil, standing)| {
        let ended = standing.best.and_then(|(_, attempt, _)| attempt.handed_in_at);
        [
            Cell::of(Some(&pupil.name)),
            Cell::of(pupil.number.as_deref()),
            Cell::of(pupil.group.as_deref()),
            Cell::Text(standing.stage.word(language).to_owned()),
            Cell::Number(pupil.attempts.len().to_string()),
            // As spreadsheets of either language read it.
            Cell::Text(ended.map(|at| local::written(at).replace('T', " ")).unwrap_or_default()),
            Cell::Number(standing.best.map(|(score, ..)| language.score(score)).unwrap_or_default()),
            Cell::Number(points.clone()),
        ]
    });
    let mut response = spreadsheet::write(language, headings, rows)?.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let title = class.seen.quiz.draft.title.replace(['/', '\\'], "-");
    let name = base::text::file_name(&format!("{title}.csv"));
    let named = HeaderValue::from_str(&disposition(false, &name))
        .map_err(|error| Error::new(Code::Internal).because(error))?;
    headers.insert(header::CONTENT_DISPOSITION, named);
    Ok(response)
}
