//! `/courses/{course}/members/add`: a teacher brings people of the school into a course: one whom
//! they look for by name, a whole group, or a colleague who teaches too.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use base::id::PersonId;
use base::{Error, limits};
use serde::Deserialize;
use store::{AccountFilter, Course, CourseRole, Member, MemberState, Person, PersonKind};

use crate::site::Site;
use crate::site::page::Page;
use crate::site::refusal::Refusal;

/// What is looked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Search {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "course/add.html")]
struct AddPage<'a> {
    page: &'a Page,
    course: Course,
    q: &'a str,
    /// "12 found", once something was looked for.
    found: Option<String>,
    students: Vec<Candidate>,
    /// Groups of the school, with how many students each has.
    groups: Vec<(String, String)>,
    /// Teachers of the box who do not teach here.
    teachers: Vec<Person>,
}

/// A student of the school.
struct Candidate {
    id: PersonId,
    name: String,
    /// The group and number, to tell namesakes apart.
    about: String,
    is_member: bool,
}

pub(crate) async fn show(
    State(site): State<Site>,
    page: Page,
    Path(course): Path<String>,
    Query(search): Query<Search>,
) -> Result<Response, Refusal> {
    let course = super::managed(&site, &page, &course).await?;
    let members = site.store.members(course.id).await?;
    let q: String = search.q.trim().chars().take(limits::NAME_CHARACTERS).collect();
    let (found, students) = students(&site, &page, &q, &members).await?;
    let template = AddPage {
        page: &page,
        q: &q,
        found,
        students,
        groups: groups(&site, &page).await?,
        teachers: teachers(&site, &members).await?,
        course,
    };
    Ok(page.show(&template))
}

async fn students(
    site: &Site,
    page: &Page,
    q: &str,
    members: &[Member],
) -> Result<(Option<String>, Vec<Candidate>), Error> {
    if q.is_empty() {
        return Ok((None, Vec::new()));
    }
    let filter = of_kind(PersonKind::Student, q);
    let found = site.store.accounts(filter, 0, limits::CANDIDATES_FOUND).await?;
    let all = usize::try_from(found.all).unwrap_or(usize::MAX);
    let candidates = found.accounts.into_iter().map(|account| Candidate {
        id: account.person.id,
        is_member: is_here(members, account.person.id, |_| true),
        about: [account.group, account.number].into_iter().flatten().collect::<Vec<_>>().join(" · "),
        name: account.person.name,
    });
    Ok((Some(page.language.count("member.found", all)), candidates.collect()))
}

async fn teachers(site: &Site, members: &[Member]) -> Result<Vec<Person>, Error> {
    let teachers =
        site.store.accounts(of_kind(PersonKind::Teacher, ""), 0, limits::CANDIDATES).await?.accounts;
    let is_one_here = |person: PersonId| is_here(members, person, |role| role == CourseRole::Teacher);
    Ok(teachers.into_iter().map(|account| account.person).filter(|person| !is_one_here(person.id)).collect())
}

/// The groups of the school that have a name, and how many students each has.
async fn groups(site: &Site, page: &Page) -> Result<Vec<(String, String)>, Error> {
    let groups = site.store.groups().await?.into_iter();
    let named = groups.filter_map(|group| {
        let students = usize::try_from(group.students).unwrap_or(usize::MAX);
        let label =
            format!("{} · {}", group.name.as_deref()?, page.language.count("member.students", students));
        Some((group.name?, label))
    });
    Ok(named.collect())
}

fn of_kind(kind: PersonKind, text: &str) -> AccountFilter {
    AccountFilter { kind, active: true, group: None, text: text.to_owned() }
}

fn is_here(members: &[Member], person: PersonId, role: impl Fn(CourseRole) -> bool) -> bool {
    members.iter().any(|member| {
        member.person.id == person
            && member.membership.state == MemberState::Active
            && role(member.membership.role)
    })
}
