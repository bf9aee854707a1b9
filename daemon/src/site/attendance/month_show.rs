//! `GET /courses/{course}/attendance`: a month of the class for its teachers, one's own for others.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base::id::{MeetingId, PersonId};
use store::{Attendee, Course, Mark};

use super::calendar::{self, Asked, Calendar};
use super::own;
use super::words::{self, Counts};
use crate::i18n::Language;
use crate::i18n::month::{self, Month};
use crate::site::Site;
use crate::site::course;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "attendance/month.html")]
struct MonthPage<'a> {
    page: &'a Page,
    course: Course,
    /// The month's name in addresses, and to people.
    month: Option<(String, String)>,
    months: Vec<MonthLink>,
    columns: Vec<Column>,
    rows: Vec<Row>,
    legend: Vec<(&'static str, &'static str)>,
}

/// A month that can be chosen.
pub(super) struct MonthLink {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) is_chosen: bool,
}

/// A meeting.
struct Column {
    meeting: MeetingId,
    day: String,
    title: String,
}

/// A student.
struct Row {
    name: String,
    /// For each meeting; `None` where they have no mark.
    cells: Vec<Option<(&'static str, &'static str)>>,
    sums: [usize; Mark::ALL.len()],
}

pub(super) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let seen = course::seen(&site, &page, &course).await?;
    let calendar = calendar::read(&site, &seen, &asked).await?;
    if !seen.teaches() {
        return own::show(&page, seen.course, &calendar);
    }
    let language = page.language;
    let columns = calendar.meetings.iter().map(|(date, _)| Column {
        meeting: date.meeting.id,
        day: month::day(date.at).to_string(),
        title: format!("{}, {}", date.meeting.title, language.day(date.at)),
    });
    Ok(page.show(&MonthPage {
        page: &page,
        month: calendar.month.map(|month| (month.name(), language.month(month))),
        months: links(language, &calendar),
        columns: columns.collect(),
        rows: students(&calendar).iter().map(|student| row(language, student)).collect(),
        legend: Mark::ALL
            .iter()
            .map(|mark| (words::letter(language, *mark), words::word(language, *mark)))
            .collect(),
        course: seen.course,
    }))
}

/// The months of a course, to go from one to the next.
pub(super) fn links(language: Language, calendar: &Calendar) -> Vec<MonthLink> {
    let link = |month: &Month| MonthLink {
        name: month.name(),
        label: language.month(*month),
        is_chosen: calendar.month == Some(*month),
    };
    calendar.months.iter().map(link).collect()
}

/// A student of the month: who, and the mark at each of its meetings.
pub(super) struct Student<'a> {
    pub(super) attendee: &'a Attendee,
    pub(super) marks: Vec<Option<Mark>>,
    pub(super) counts: Counts,
}

/// Everybody who stands in one of the registers, by name.
pub(super) fn students(calendar: &Calendar) -> Vec<Student<'_>> {
    let mut all: BTreeMap<PersonId, Student<'_>> = BTreeMap::new();
    for (place, (_, register)) in calendar.meetings.iter().enumerate() {
        for attendee in &register.students {
            let student = all.entry(attendee.person).or_insert_with(|| Student {
                attendee,
                marks: vec![None; calendar.meetings.len()],
                counts: Counts::default(),
            });
            student.marks[place] = attendee.mark();
            student.counts.add(attendee.mark());
        }
    }
    let mut sorted: Vec<Student<'_>> = all.into_values().collect();
    sorted.sort_by_cached_key(|student| (student.attendee.name.to_lowercase(), student.attendee.person));
    sorted
}

fn row(language: Language, student: &Student<'_>) -> Row {
    let named = |mark| (words::letter(language, mark), words::word(language, mark));
    Row {
        name: student.attendee.name.clone(),
        cells: student.marks.iter().map(|mark| mark.map(named)).collect(),
        sums: student.counts.all(),
    }
}
