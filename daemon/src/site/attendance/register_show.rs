//! `GET /meetings/{meeting}/attendance`: everybody of the course on one page, to be marked.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base::Error;
use base::id::PersonId;
use serde::Deserialize;
use store::{Attendee, GivenMark, Lesson, Mark, Meeting, Register};

use super::words::{self, Counts};
use crate::i18n::Language;
use crate::site::Site;
use crate::site::form::Form;
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "attendance/register.html")]
struct RegisterPage<'a> {
    page: &'a Page,
    meeting: Meeting,
    /// Whether anything in it can change: nothing does once the course was put away.
    in_use: bool,
    /// What is known of the lesson, in a sentence.
    lesson: String,
    summary: String,
    rows: Vec<Row>,
    /// Guests who were there, with how long.
    guests: Vec<(String, String)>,
    /// Whether the page proposes that everybody was there, and nothing is kept yet.
    fills_in: bool,
    /// Who was marked otherwise meanwhile, in a sentence.
    problem: Option<String>,
}

struct Row {
    person: PersonId,
    name: String,
    /// When and how long they were there.
    stay: String,
    /// Who has set the mark, or where it comes from.
    source: Option<String>,
    /// The mark that counts, where nothing can be changed.
    mark: &'static str,
    choices: Vec<Choice>,
    /// For [`super::register_save`]: what a teacher had said, and what was chosen when the page was made.
    seen: String,
    is_refused: bool,
}

/// One mark that can be chosen.
struct Choice {
    value: &'static str,
    letter: &'static str,
    word: &'static str,
    is_chosen: bool,
}

/// What a register's form is filled in with.
#[derive(Clone, Copy)]
enum Filling<'a> {
    /// What there is.
    Known,
    /// Everybody whom no teacher has marked was there.
    Present,
    /// What was sent for those whom another teacher has marked otherwise.
    Refused(&'a Form, &'a [PersonId]),
}

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    all: String,
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let meeting = meeting::seen(&site, &page, &meeting).await?.taught()?;
    let filling = if asked.all == Mark::Present.name() { Filling::Present } else { Filling::Known };
    Ok(page.show(&compose(&site, &page, meeting, filling).await?))
}

/// The page again for those whom another teacher has marked otherwise since it was opened.
pub(super) async fn show_refused(
    site: &Site,
    form: &Form,
    meeting: Meeting,
    refused: &[PersonId],
    error: &Error,
) -> Result<Response, Refusal> {
    let mut template = compose(site, &form.page, meeting, Filling::Refused(form, refused)).await?;
    template.problem = Some(form.page.language.error(error));
    Ok(form.page.show_error(error, &template))
}

async fn compose<'a>(
    site: &Site,
    page: &'a Page,
    meeting: Meeting,
    filling: Filling<'_>,
) -> Result<RegisterPage<'a>, Error> {
    let register = site.store.register(&meeting).await?;
    let language = page.language;
    let students = register.students.iter();
    Ok(RegisterPage {
        page,
        in_use: meeting.course.archived_at.is_none(),
        lesson: lesson(language, &register),
        summary: Counts::of(students.clone()).summary(language),
        rows: students.map(|attendee| row(language, register.lesson, attendee, filling)).collect(),
        guests: register
            .guests
            .iter()
            .map(|(name, stay)| (name.clone(), words::stay(language, stay)))
            .collect(),
        fills_in: matches!(filling, Filling::Present),
        problem: None,
        meeting,
    })
}

fn lesson(language: Language, register: &Register) -> String {
    let Some(lesson) = register.lesson else { return language.t("attendance.no_room").to_owned() };
    let Some(began_at) = lesson.began_at else { return language.t("attendance.no_teacher").to_owned() };
    if lesson.is_on {
        return language.text("attendance.is_on", &[("at", &language.date(began_at))]);
    }
    let minutes = usize::try_from((lesson.ended_at.0 - began_at.0) / 60_000).unwrap_or(0);
    let minutes = language.count("attendance.minutes", minutes);
    language.text("attendance.was", &[("at", &language.date(began_at)), ("minutes", &minutes)])
}

fn row(language: Language, lesson: Option<Lesson>, attendee: &Attendee, filling: Filling<'_>) -> Row {
    let given = attendee.given.as_ref();
    let known = attendee.mark();
    let refused = match filling {
        Filling::Refused(form, refused) if refused.contains(&attendee.person) => Some(form),
        _ => None,
    };
    let chosen = match (filling, refused) {
        (_, Some(form)) => Mark::parse(form.get(&format!("mark-{}", attendee.person))),
        (Filling::Present, _) if given.is_none() => Some(Mark::Present),
        _ => known,
    };
    // Without a mark is a choice where there is none, or where there is one to take back.
    let without = (known.is_none() || given.is_some()).then(|| Choice {
        value: "",
        letter: "–",
        word: language.t(if given.is_some() { "attendance.take_back" } else { "attendance.unmarked" }),
        is_chosen: chosen.is_none(),
    });
    let marks = Mark::ALL.iter().map(|mark| Choice {
        value: mark.name(),
        letter: words::letter(language, *mark),
        word: words::word(language, *mark),
        is_chosen: chosen == Some(*mark),
    });
    let name = |mark: Option<Mark>| mark.map_or("", Mark::name);
    Row {
        person: attendee.person,
        name: attendee.name.clone(),
        stay: match (&attendee.stay, lesson) {
            (Some(stay), _) => words::stay(language, stay),
            (None, Some(_)) => language.t("attendance.not_in_room").to_owned(),
            (None, None) => String::new(),
        },
        source: source(language, attendee),
        mark: known.map_or(language.t("attendance.unmarked"), |mark| words::word(language, mark)),
        choices: marks.chain(without).collect(),
        seen: format!("{}/{}", name(given.map(|given| given.mark)), name(known)),
        is_refused: refused.is_some(),
    }
}

/// Who has set the mark, or that it is proposed.
fn source(language: Language, attendee: &Attendee) -> Option<String> {
    match &attendee.given {
        Some(mark) => Some(given(language, mark)),
        None => attendee.proposed.map(|_| language.t("attendance.proposed").to_owned()),
    }
}

/// "Marked Sick by Bu Sari".
pub(super) fn given(language: Language, given: &GivenMark) -> String {
    let word = words::word(language, given.mark);
    match &given.by {
        Some(by) => language.text("attendance.marked_by", &[("mark", word), ("name", by)]),
        None => language.text("attendance.marked", &[("mark", word)]),
    }
}
