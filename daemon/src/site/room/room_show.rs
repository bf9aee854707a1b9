//! `/rooms/{meeting}`: the shell in which the room's script runs.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::id::{CourseId, MeetingId};
use base::{Code, Error};
use serde::Serialize;
use store::{CourseRole, Meeting};

use crate::site::Site;
use crate::site::meeting;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "room/show.html")]
struct RoomPage<'a> {
    page: &'a Page,
    meeting: &'a str,
    course: &'a str,
    course_id: CourseId,
    /// JSON without `<`, so that nothing in it can end the element that carries it.
    data: String,
}

/// What the room's script is told; it reads it from `<script id="kelas-room">`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RoomData<'a> {
    meeting: MeetingData<'a>,
    person: PersonData<'a>,
    role: CourseRole,
    /// `id` or `en`.
    language: &'static str,
    /// Texts by key: `room.…` and `error.…`.
    messages: serde_json::Map<String, serde_json::Value>,
    /// 0 over plain HTTP, where browsers give no camera; 1 over HTTPS.
    rung: u8,
    urls: Urls,
}

#[derive(Serialize)]
struct MeetingData<'a> {
    id: MeetingId,
    title: &'a str,
    course: CourseData<'a>,
}

#[derive(Serialize)]
struct CourseData<'a> {
    id: CourseId,
    title: &'a str,
}

#[derive(Serialize)]
struct PersonData<'a> {
    id: base::id::PersonId,
    name: &'a str,
}

/// Addresses that the script needs; all but `secure` on this origin.
#[derive(Serialize)]
struct Urls {
    live: String,
    events: String,
    messages: String,
    course: String,
    home: &'static str,
    trust: &'static str,
    /// The same page at the secure address.
    secure: String,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(meeting): Path<String>,
) -> Result<Response, Refusal> {
    let seen = meeting::seen(&site, &page, &meeting).await?;
    let role = seen.role;
    let meeting = seen.in_use()?;
    let data = data(&page, &meeting, role)?;
    let (title, course) = (&meeting.title, &meeting.course);
    Ok(page.show(&RoomPage {
        page: &page,
        meeting: title,
        course: &course.title,
        course_id: course.id,
        data,
    }))
}

fn data(page: &Page, meeting: &Meeting, role: CourseRole) -> Result<String, Error> {
    let person = &page.signed_in()?.person;
    let room = format!("/api/rooms/{}", meeting.id);
    let course = CourseData { id: meeting.course.id, title: &meeting.course.title };
    let data = RoomData {
        meeting: MeetingData { id: meeting.id, title: &meeting.title, course },
        person: PersonData { id: person.id, name: &person.name },
        role,
        language: page.language.tag(),
        messages: page.language.messages(&["room.", "error."]),
        rung: u8::from(!page.is_plain()),
        urls: Urls {
            live: format!("{room}/live"),
            events: format!("{room}/events"),
            messages: format!("{room}/messages"),
            course: format!("/courses/{}", meeting.course.id),
            home: "/",
            trust: "/trust",
            secure: format!("{}/rooms/{}", page.secure_url, meeting.id),
        },
    };
    let json = serde_json::to_string(&data).map_err(|error| Error::new(Code::Internal).because(error))?;
    Ok(json.replace('<', "\\u003c"))
}
