//! `GET /courses/{course}/attendance.csv`: a month of the class for the school's own tables.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use store::Mark;

use super::calendar::{self, Asked};
use super::month_show::{Student, students};
use super::words;
use crate::i18n::Language;
use crate::i18n::month::{Month, written_day};
use crate::site::Site;
use crate::site::course;
use crate::site::download;
use crate::site::page::Page;
use crate::site::refusal::Refusal;
use crate::spreadsheet::{self, Cell};

pub(super) async fn send(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Refusal> {
    let seen = course::seen(&site, &page, &course).await?;
    let title = seen.clone().taught()?.title;
    let calendar = calendar::read(&site, &seen, &asked).await?;
    let language = page.language;
    let people = ["people.name", "people.number", "people.group"].map(|key| language.t(key).to_owned());
    let meetings = calendar.meetings.iter();
    let meetings = meetings.map(|(date, _)| format!("{} {}", written_day(date.at), date.meeting.title));
    let sums = Mark::ALL.iter();
    let sums =
        sums.map(|mark| format!("{} ({})", words::word(language, *mark), words::letter(language, *mark)));
    let headings = people.into_iter().chain(meetings).chain(sums);
    let students = students(&calendar);
    let rows = students.iter().map(|student| row(language, student));
    let table = spreadsheet::write(language, headings, rows)?;
    let month = calendar.month.map(Month::name).unwrap_or_default();
    let name = format!("{} {title} {month}", language.t("attendance.title"));
    Ok(download::csv(name.trim_end(), table)?)
}

fn row(language: Language, student: &Student<'_>) -> Vec<Cell> {
    let person = student.attendee;
    let who = [Some(person.name.as_str()), person.number.as_deref(), person.group.as_deref()];
    let letters = student.marks.iter().map(|mark| Cell::of(mark.map(|mark| words::letter(language, mark))));
    let sums = student.counts.all();
    who.map(Cell::of)
        .into_iter()
        .chain(letters)
        .chain(sums.map(|count| Cell::Number(count.to_string())))
        .collect()
}
