//! What every page of an assignment shows of it.

use base::Error;
use base::clock::Timestamp;
use base::id::AssignmentId;
use store::{AssignmentAccess, LatePolicy, Meeting};

use crate::site::Site;
use crate::site::material::markdown;
use crate::site::material::section::{ShownFile, shown_file};
use crate::site::page::Page;

/// The assignment as people read it.
pub(super) struct Head {
    pub(super) id: AssignmentId,
    pub(super) meeting: Meeting,
    pub(super) title: String,
    pub(super) points: i64,
    /// Until when it is to be handed in, and what happens afterwards.
    pub(super) due: Option<Due>,
    pub(super) is_draft: bool,
    /// Whether anything in it can change: nothing does once the course was put away.
    pub(super) in_use: bool,
    /// The instructions, as HTML of ours.
    pub(super) html: Option<String>,
    pub(super) files: Vec<ShownFile>,
    /// The numbers of the files, in the same order.
    pub(super) file_numbers: Vec<String>,
}

/// The end of an assignment's time.
pub(super) struct Due {
    /// When it is.
    pub(super) at: String,
    /// What time the box believes it is.
    pub(super) now: String,
    pub(super) is_over: bool,
    pub(super) takes_late: bool,
    /// Whether the box's clock is certainly wrong: it shows a time before the assignment was there.
    pub(super) is_clock_behind: bool,
}

impl Head {
    pub(super) async fn of(
        site: &Site,
        page: &Page,
        seen: &AssignmentAccess,
        now: Timestamp,
    ) -> Result<Self, Error> {
        let assignment = &seen.assignment;
        let draft = &assignment.draft;
        let files = site.store.assignment_files(assignment.id).await?;
        Ok(Self {
            id: assignment.id,
            meeting: seen.meeting.clone(),
            title: draft.title.clone(),
            points: draft.points,
            due: draft.due_at.map(|at| Due {
                at: page.language.date(at),
                now: page.language.date(now),
                is_over: now > at,
                takes_late: draft.late == LatePolicy::Accept,
                is_clock_behind: now < assignment.published_at.unwrap_or(assignment.created_at),
            }),
            is_draft: assignment.published_at.is_none(),
            in_use: seen.meeting.course.archived_at.is_none(),
            html: draft.text.as_deref().map(markdown::render),
            file_numbers: files.iter().map(|file| file.id.to_string()).collect(),
            files: files.iter().map(|file| shown_file(page.language, file)).collect(),
        })
    }
}
