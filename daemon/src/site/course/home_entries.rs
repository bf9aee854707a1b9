//! What stands on somebody's start page: what is on now, their courses, and what is new.

use std::cmp::Reverse;
use std::collections::HashMap;

use base::Error;
use base::clock::Timestamp;
use base::id::{CourseId, MeetingId};
use store::{Assignment, Course, Meeting, Notice, Person, QuizSummary};

use super::meeting_rows::on_now;
use crate::site::Site;
use crate::site::page::Page;

/// For so long something is new: who comes once a week finds the whole week.
const NEW_MS: i64 = 8 * 24 * 60 * 60 * 1_000;
/// So much of it is told.
const NEWS: usize = 6;
/// So much of what is to be done is told; what is done makes room for the rest.
const DUTIES: usize = 8;

/// The parts of a start page.
#[derive(Default)]
pub(super) struct Entries {
    /// Rooms that people are in.
    pub(super) now: Vec<NowEntry>,
    /// Work to hand in and work to grade, where there is some.
    pub(super) duties: Vec<Duties>,
    /// Courses in use, the newest first.
    pub(super) courses: Vec<CourseEntry>,
    pub(super) news: Vec<NewsEntry>,
    /// Courses that were put away.
    pub(super) archived: Vec<(CourseId, String)>,
}

/// A meeting that is on.
pub(super) struct NowEntry {
    pub(super) meeting: MeetingId,
    pub(super) title: String,
    pub(super) course: String,
    pub(super) people: String,
}

/// Assignments and quizzes with the same thing to do about them.
pub(super) struct Duties {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) all: Vec<Duty>,
}

/// An assignment or a quiz that somebody has to do something about.
pub(super) struct Duty {
    /// Where it is done.
    pub(super) address: String,
    pub(super) title: String,
    pub(super) course: String,
    /// Until when, or of how many.
    pub(super) what: String,
    /// `store::urgency`.
    urgency: (u8, i64),
}

/// A course.
pub(super) struct CourseEntry {
    pub(super) id: CourseId,
    pub(super) title: String,
    pub(super) term: Option<String>,
    pub(super) manages: bool,
    pub(super) newest: Option<Meeting>,
    /// "3 wait for you".
    pub(super) waiting: Option<String>,
}

/// Something that came lately.
pub(super) struct NewsEntry {
    at: Timestamp,
    /// Where it is.
    pub(super) address: String,
    pub(super) title: String,
    pub(super) what: &'static str,
    pub(super) course: String,
    pub(super) when: String,
    /// Whether it is a notice that was not read yet.
    pub(super) is_unread: bool,
}

pub(super) async fn of(site: &Site, page: &Page, person: &Person) -> Result<Entries, Error> {
    let crowds = site.crowds().await;
    let mut entries = Entries::default();
    let (mut to_hand_in, mut to_grade, mut to_release) = (Vec::new(), Vec::new(), Vec::new());
    for course in site.store.courses_of(person.id).await? {
        if course.archived_at.is_some() {
            entries.archived.push((course.id, course.title));
            continue;
        }
        let manages = site.store.course_access(course.id, person).await?.teaches();
        let meetings = site.store.meetings_of(course.id).await?;
        entries.now.extend(now(page, &course, &meetings, manages, &crowds));
        if manages {
            to_grade.extend(ungraded(site, page, &course).await?);
            to_release.extend(unreleased(site, page, &course, person).await?);
        } else {
            entries.news.extend(news(site, page, &course).await?);
            entries.news.extend(notices(site, page, &course, person).await?);
            to_hand_in.extend(due(site, page, &course, person).await?);
            to_hand_in.extend(quizzes(site, page, &course, person).await?);
        }
        let waiting = if manages { site.store.waiting_guests(course.id).await? } else { 0 };
        entries.courses.push(CourseEntry {
            id: course.id,
            title: course.title,
            term: course.term,
            manages,
            newest: meetings.into_iter().rfind(|meeting| meeting.published_at.is_some()),
            waiting: (waiting > 0).then(|| page.language.count("home.waiting", waiting)),
        });
    }
    // What somebody joined or made last is what they look for.
    entries.courses.reverse();
    entries.news.sort_by_key(|news| Reverse((news.is_unread, news.at)));
    entries.news.truncate(NEWS);
    to_hand_in.sort_by_key(|duty| duty.urgency);
    for (id, key, mut all) in [
        ("due", "home.due", to_hand_in),
        ("to-grade", "home.to_grade", to_grade),
        ("to-release", "home.to_release", to_release),
    ] {
        all.truncate(DUTIES);
        if !all.is_empty() {
            entries.duties.push(Duties { id, title: page.t(key), all });
        }
    }
    Ok(entries)
}

fn now(
    page: &Page,
    course: &Course,
    meetings: &[Meeting],
    manages: bool,
    crowds: &HashMap<MeetingId, usize>,
) -> Vec<NowEntry> {
    let seen = meetings.iter().filter(|meeting| manages || meeting.published_at.is_some());
    let on = seen.filter_map(|meeting| {
        Some(NowEntry {
            meeting: meeting.id,
            title: meeting.title.clone(),
            course: course.title.clone(),
            people: on_now(page, *crowds.get(&meeting.id)?),
        })
    });
    on.collect()
}

async fn news(site: &Site, page: &Page, course: &Course) -> Result<Vec<NewsEntry>, Error> {
    let news = site.store.news_of(course.id, NEW_MS).await?.into_iter();
    let entry = |news: store::News| NewsEntry {
        at: news.at(),
        address: format!("/meetings/{}", news.meeting),
        what: page.t(if news.is_material() { "home.new_material" } else { "home.new_meeting" }),
        course: course.title.clone(),
        when: page.language.date(news.at()),
        title: news.title,
        is_unread: false,
    };
    Ok(news.map(entry).collect())
}

/// Notices of a course that are new, or that were not read yet, however old.
async fn notices(
    site: &Site,
    page: &Page,
    course: &Course,
    person: &Person,
) -> Result<Vec<NewsEntry>, Error> {
    let new = site.store.new_notices(course.id, person.id, NEW_MS).await?.into_iter();
    let entry = |notice: Notice| NewsEntry {
        at: notice.created_at,
        address: format!("/courses/{}#notice-{}", course.id, notice.id),
        what: page.t("home.new_notice"),
        course: course.title.clone(),
        when: page.language.date(notice.created_at),
        title: notice.draft.title,
        is_unread: notice.is_unread,
    };
    Ok(new.map(entry).collect())
}

async fn due(site: &Site, page: &Page, course: &Course, person: &Person) -> Result<Vec<Duty>, Error> {
    let store::Due { now, assignments } = site.store.due_of(course.id, person.id).await?;
    let duty = |assignment: Assignment| {
        let at = assignment.draft.due_at;
        let key = if at.is_some_and(|at| at < now) { "home.due_over" } else { "assignment.due" };
        Duty {
            address: format!("/assignments/{}", assignment.id),
            course: course.title.clone(),
            what: match at {
                Some(at) => page.language.text(key, &[("at", &page.language.date(at))]),
                None => page.t("assignment.no_due").to_owned(),
            },
            urgency: store::urgency(at, now),
            title: assignment.draft.title,
        }
    };
    Ok(assignments.into_iter().map(duty).collect())
}

async fn ungraded(site: &Site, page: &Page, course: &Course) -> Result<Vec<Duty>, Error> {
    let waiting = site.store.to_grade_in(course.id).await?.into_iter();
    let duty = |waiting: store::ToGrade| Duty {
        address: format!("/assignments/{}", waiting.assignment),
        title: waiting.title,
        course: course.title.clone(),
        what: page.language.count("home.students", waiting.count),
        urgency: (0, 0),
    };
    Ok(waiting.map(duty).collect())
}

async fn quizzes(site: &Site, page: &Page, course: &Course, person: &Person) -> Result<Vec<Duty>, Error> {
    let store::QuizzesDue { now, quizzes } = site.store.quizzes_due(course.id, person.id).await?;
    let duty = |summary: QuizSummary| {
        let due = summary.quiz.draft.due_at;
        let until = match due {
            Some(at) => page.language.text("assignment.due", &[("at", &page.language.date(at))]),
            None => page.t("assignment.no_due").to_owned(),
        };
        let state = summary.own_under_way.then(|| page.t("quiz.under_way").to_owned());
        let what: Vec<String> =
            [page.t("quiz.word").to_owned()].into_iter().chain(state).chain([until]).collect();
        Duty {
            address: format!("/quizzes/{}", summary.quiz.id),
            course: course.title.clone(),
            what: what.join(" · "),
            urgency: store::urgency(due, now),
            title: summary.quiz.draft.title,
        }
    };
    Ok(quizzes.into_iter().map(duty).collect())
}

async fn unreleased(site: &Site, page: &Page, course: &Course, person: &Person) -> Result<Vec<Duty>, Error> {
    let waiting = site.store.quizzes_to_release(course.id, person.id).await?.quizzes.into_iter();
    let duty = |summary: QuizSummary| Duty {
        address: format!("/quizzes/{}", summary.quiz.id),
        title: summary.quiz.draft.title,
        course: course.title.clone(),
        what: page.language.count("home.students", usize::try_from(summary.handed_in).unwrap_or(0)),
        urgency: (0, 0),
    };
    Ok(waiting.map(duty).collect())
}
