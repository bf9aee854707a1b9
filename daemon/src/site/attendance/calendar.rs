//! The meetings of a course in one month, with their attendance.

use base::Error;
use serde::Deserialize;
use store::{CourseAccess, MeetingDate, Register};

use crate::i18n::month::Month;
use crate::site::Site;

/// What an address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    month: String,
}

/// One month of a course.
pub(super) struct Calendar {
    /// The months in which it had meetings.
    pub(super) months: Vec<Month>,
    /// Which of them this is; `None` if there are none.
    pub(super) month: Option<Month>,
    /// Its meetings with their attendance, in order.
    pub(super) meetings: Vec<(MeetingDate, Register)>,
}

/// The month that was asked for, or else the last one.
pub(super) async fn read(site: &Site, seen: &CourseAccess, asked: &Asked) -> Result<Calendar, Error> {
    let teaches = seen.teaches();
    let mut dates = site.store.meeting_dates(seen.course.id).await?;
    dates.retain(|date| teaches || date.meeting.published_at.is_some());
    let mut months: Vec<Month> = dates.iter().map(|date| Month::of(date.at)).collect();
    months.dedup();
    let wanted = Month::parse(&asked.month).filter(|month| months.contains(month));
    let month = wanted.or(months.last().copied());
    dates.retain(|date| Some(Month::of(date.at)) == month);
    let meetings = dates.iter().map(|date| date.meeting.clone()).collect();
    let registers = site.store.registers(seen.course.id, meetings).await?;
    Ok(Calendar { months, month, meetings: dates.into_iter().zip(registers).collect() })
}
