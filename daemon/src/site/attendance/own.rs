//! A month as a student sees it: their own marks and nobody else's.

use askama::Template;
use axum::response::Response;
use base::id::MeetingId;
use store::Course;

use super::calendar::Calendar;
use super::month_show::{MonthLink, links};
use super::register_show::given;
use super::words::{self, Counts};
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "attendance/own.html")]
struct OwnPage<'a> {
    page: &'a Page,
    course: Course,
    month: Option<String>,
    months: Vec<MonthLink>,
    summary: String,
    rows: Vec<Row>,
}

/// A meeting.
struct Row {
    meeting: MeetingId,
    title: String,
    day: String,
    mark: &'static str,
    /// How long they were there, and where the mark comes from.
    details: String,
}

pub(super) fn show(page: &Page, course: Course, calendar: &Calendar) -> Result<Response, Refusal> {
    let (language, person) = (page.language, page.signed_in()?.person.id);
    let mut counts = Counts::default();
    let mut rows = Vec::new();
    for (date, register) in &calendar.meetings {
        let own = register.students.iter().find(|attendee| attendee.person == person);
        let Some(own) = own else { continue };
        counts.add(own.mark());
        let stay = own.stay.as_ref().map(|stay| words::stay(language, stay));
        let by_room = || own.proposed.map(|_| language.t("attendance.by_room").to_owned());
        let source = own.given.as_ref().map(|mark| given(language, mark)).or_else(by_room);
        let details: Vec<String> = stay.into_iter().chain(source).collect();
        rows.push(Row {
            meeting: date.meeting.id,
            title: date.meeting.title.clone(),
            day: language.day(date.at),
            mark: own.mark().map_or(language.t("attendance.unmarked"), |mark| words::word(language, mark)),
            details: details.join(" · "),
        });
    }
    rows.reverse();
    Ok(page.show(&OwnPage {
        page,
        month: calendar.month.map(|month| language.month(month)),
        months: links(language, calendar),
        summary: counts.summary(language),
        rows,
        course,
    }))
}
