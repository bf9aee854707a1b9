//! The assignments on a meeting's page.

use base::Error;
use base::id::{AssignmentId, MeetingId, PersonId};
use store::{AssignmentSummary, MeetingAccess};

use super::own::Stage;
use crate::i18n::Language;
use crate::site::Site;

/// What the page shows of a meeting's assignments.
pub(in crate::site) struct Section {
    /// The meeting.
    pub(in crate::site) meeting: MeetingId,
    /// Whether the visitor may add one.
    pub(in crate::site) changes: bool,
    /// They, in their order.
    pub(in crate::site) assignments: Vec<Row>,
}

/// One of them.
pub(in crate::site) struct Row {
    /// Its number.
    pub(in crate::site) id: AssignmentId,
    /// Its title.
    pub(in crate::site) title: String,
    /// Whether only teachers see it.
    pub(in crate::site) is_draft: bool,
    /// Until when.
    pub(in crate::site) due: Option<String>,
    /// How the visitor stands with it, or the class.
    pub(in crate::site) state: String,
    /// Whether there is something to do about it.
    pub(in crate::site) is_open: bool,
}

/// The section for somebody who sees the meeting.
pub(in crate::site) async fn section(
    site: &Site,
    language: Language,
    seen: &MeetingAccess,
    person: PersonId,
) -> Result<Section, Error> {
    let teaches = seen.teaches();
    let all = site.store.assignments_of(seen.meeting.id, person).await?.into_iter();
    let visible = all.filter(|summary| teaches || summary.assignment.published_at.is_some());
    let assignments = visible.map(|summary| {
        let (state, is_open) =
            if teaches { of_class(language, &summary) } else { of_student(language, &summary) };
        Row {
            id: summary.assignment.id,
            is_draft: summary.assignment.published_at.is_none(),
            due: summary.assignment.draft.due_at.map(|at| language.date(at)),
            title: summary.assignment.draft.title,
            state,
            is_open,
        }
    });
    Ok(Section {
        meeting: seen.meeting.id,
        changes: teaches && seen.meeting.course.archived_at.is_none(),
        assignments: assignments.collect(),
    })
}

fn of_class(language: Language, summary: &AssignmentSummary) -> (String, bool) {
    let counts = [("handed_in", summary.handed_in.to_string()), ("ungraded", summary.ungraded.to_string())];
    let counts = counts.each_ref().map(|(name, count)| (*name, count.as_str()));
    (language.text("assignment.counts", &counts), summary.ungraded > 0)
}

fn of_student(language: Language, summary: &AssignmentSummary) -> (String, bool) {
    let own = summary.own.as_ref();
    let stage = Stage::for_student(&summary.assignment, own);
    let score = own.and_then(|own| own.score).filter(|_| stage == Stage::Returned);
    let text = match score {
        Some(score) => {
            let score = language.score(score);
            let points = summary.assignment.draft.points.to_string();
            language.text("submission.score_of", &[("score", &score), ("points", &points)])
        }
        None => stage.word(language).to_owned(),
    };
    (text, stage == Stage::Missing)
}
