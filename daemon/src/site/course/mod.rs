//! Courses: joining one, what is in it, and what its teacher decides.

pub(super) mod board_show;
pub(super) mod course_change;
pub(super) mod course_create;
pub(super) mod course_show;
pub(super) mod home_show;
pub(super) mod meeting_create;
pub(super) mod member_change;
pub(super) mod member_join;

use base::id::CourseId;
use base::{Code, Error};
use store::{Course, CourseRole, MemberState, PersonKind};

use super::Site;
use super::page::Page;

/// A course as the visitor may see it.
pub(super) struct Seen {
    pub(super) course: Course,
    pub(super) role: CourseRole,
}

impl Seen {
    /// Whether the visitor decides here.
    pub(super) fn manages(&self) -> bool {
        self.role == CourseRole::Teacher
    }
}

/// The course that an address names, for a member or a technician. To others it does not exist.
pub(super) async fn seen(site: &Site, page: &Page, number: &str) -> Result<Seen, Error> {
    let person = &page.signed_in()?.person;
    let id: CourseId = number.parse().map_err(|_| Code::NotFound)?;
    let course = site.store.course(id).await?.ok_or(Code::NotFound)?;
    let role = role_in(site, id, page).await?;
    match role {
        Some(role) => Ok(Seen { course, role }),
        None if person.kind == PersonKind::Technician => Ok(Seen { course, role: CourseRole::Teacher }),
        None => Err(Code::NotFound.into()),
    }
}

/// The course that an address names, for those who decide there.
pub(super) async fn managed(site: &Site, page: &Page, number: &str) -> Result<Course, Error> {
    let seen = seen(site, page, number).await?;
    if seen.manages() { Ok(seen.course) } else { Err(Code::NotAllowed.into()) }
}

/// What the visitor is in a course. `member_removed` for those whom a teacher removed.
async fn role_in(site: &Site, course: CourseId, page: &Page) -> Result<Option<CourseRole>, Error> {
    let person = page.signed_in()?.person.id;
    match site.store.membership(course, person).await? {
        Some(membership) if membership.state == MemberState::Removed => Err(Code::MemberRemoved.into()),
        membership => Ok(membership.map(|membership| membership.role)),
    }
}
