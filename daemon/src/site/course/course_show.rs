//! `/courses/{course}`: meetings for all, the code, guests and members for the teacher.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use base::Error;
use base::id::{MeetingId, PersonId};
use store::{Course, CourseAccess, CourseRole, GuestPolicy, Member, MemberState, Visibility};

use crate::i18n::Language;
use crate::site::Site;
use crate::site::form::Field;
use crate::site::page::Page;
use crate::site::reach;
use crate::site::refusal::Refusal;

#[derive(Template)]
#[template(path = "course/show.html")]
struct CoursePage<'a> {
    page: &'a Page,
    course: Course,
    manages: bool,
    meetings: Vec<MeetingRow>,
    new_meeting: Field,
    members: Vec<MemberRow>,
    members_counted: String,
    qr: String,
    typed_address: String,
    guest_choices: Vec<GuestChoice>,
}

struct MeetingRow {
    id: MeetingId,
    number: String,
    title: String,
    starts: Option<String>,
    is_draft: bool,
}

struct MemberRow {
    id: PersonId,
    name: String,
    role: &'static str,
    state: Option<&'static str>,
    can_admit: bool,
    can_remove: bool,
}

struct GuestChoice {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    chosen: bool,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
) -> Result<Response, Refusal> {
    let seen = super::seen(&site, &page, &course).await?;
    Ok(page.show(&compose(&site, &page, seen, Field::default()).await?))
}

/// The teacher's page with a refused new meeting in its form.
pub(super) async fn show_again(
    site: &Site,
    page: &Page,
    course: Course,
    new_meeting: Field,
    error: &Error,
) -> Result<Response, Refusal> {
    let seen = CourseAccess { course, role: CourseRole::Teacher };
    Ok(page.show_error(error, &compose(site, page, seen, new_meeting).await?))
}

async fn compose<'a>(
    site: &Site,
    page: &'a Page,
    seen: CourseAccess,
    new_meeting: Field,
) -> Result<CoursePage<'a>, Error> {
    let manages = seen.teaches();
    let course = seen.course;
    let meetings = site.store.meetings_of(course.id).await?.into_iter();
    let meetings = meetings.filter(|meeting| manages || meeting.published_at.is_some());
    let meetings = meetings.map(|meeting| MeetingRow {
        id: meeting.id,
        number: page.fill("meeting.number", "number", &meeting.position.to_string()),
        is_draft: meeting.visibility() == Visibility::Draft,
        starts: meeting.starts_at.map(|at| page.language.date(at)),
        title: meeting.title,
    });
    let mut members = if manages { site.store.members(course.id).await? } else { Vec::new() };
    // Who waits for the teacher stands first, who was removed last.
    members.sort_by_key(rank);
    let active = members.iter().filter(|member| member.membership.state == MemberState::Active).count();
    Ok(CoursePage {
        page,
        manages,
        meetings: meetings.collect(),
        new_meeting,
        members: members.into_iter().map(|member| member_row(page.language, member)).collect(),
        members_counted: page.language.count("member.count", active),
        qr: if manages {
            reach::qr(&site.reach.join_address(&page.peer, &course.join_code))
        } else {
            String::new()
        },
        typed_address: site.reach.typed_address(&page.peer),
        guest_choices: guest_choices(page, course.guest_policy),
        course,
    })
}

fn rank(member: &Member) -> u8 {
    match (member.membership.state, member.membership.role) {
        (MemberState::Active, CourseRole::Guest) => 0,
        (MemberState::Active, CourseRole::Teacher) => 1,
        (MemberState::Active, CourseRole::Student) => 2,
        (MemberState::Removed, _) => 3,
    }
}

fn member_row(language: Language, member: Member) -> MemberRow {
    let active = member.membership.state == MemberState::Active;
    let role = member.membership.role;
    let state = match (active, role) {
        (false, _) => Some(language.t("member.removed_state")),
        (true, CourseRole::Guest) => Some(language.t("member.waiting")),
        (true, _) => None,
    };
    MemberRow {
        id: member.person.id,
        name: member.person.name,
        role: match role {
            CourseRole::Teacher => language.t("role.teacher"),
            CourseRole::Student => language.t("role.student"),
            CourseRole::Guest => language.t("role.guest"),
        },
        state,
        can_admit: active && role == CourseRole::Guest,
        can_remove: active && role != CourseRole::Teacher,
    }
}

fn guest_choices(page: &Page, chosen: GuestPolicy) -> Vec<GuestChoice> {
    let choice = |policy: GuestPolicy, label, hint| GuestChoice {
        name: policy.name(),
        label,
        hint,
        chosen: policy == chosen,
    };
    vec![
        choice(GuestPolicy::Welcome, page.t("guests.welcome"), page.t("guests.welcome_hint")),
        choice(GuestPolicy::Ask, page.t("guests.ask"), page.t("guests.ask_hint")),
        choice(GuestPolicy::Refuse, page.t("guests.refuse"), page.t("guests.refuse_hint")),
    ]
}
