//! Attendance: of one meeting, where teachers mark it, and of a course by the month.

mod calendar;
mod month_export;
mod month_show;
mod own;
mod register_save;
mod register_show;
mod section;
mod words;

use axum::routing::get;

use super::Site;
use crate::http::routes::routes;
pub(super) use section::{Section, section};

routes!(Site {
    "/meetings/{meeting}/attendance" => get(register_show::show).post(register_save::save),
    "/courses/{course}/attendance" => get(month_show::show),
    "/courses/{course}/attendance.csv" => get(month_export::send),
});
