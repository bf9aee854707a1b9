//! The quizzes on a meeting's page.

use base::Error;
use base::id::{MeetingId, PersonId, QuizId};
use store::{MeetingAccess, QuizSummary};

use crate::i18n::Language;
use crate::site::Site;

/// What the page shows of a meeting's quizzes.
pub(in crate::site) struct Section {
    /// The meeting.
    pub(in crate::site) meeting: MeetingId,
    /// Whether the visitor may add one.
    pub(in crate::site) changes: bool,
    /// They, in their order.
    pub(in crate::site) quizzes: Vec<Row>,
}

/// One of them.
pub(in crate::site) struct Row {
    /// Its number.
    pub(in crate::site) id: QuizId,
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
    let all = site.store.quizzes_of(seen.meeting.id, person).await?.into_iter();
    let visible = all.filter(|summary| teaches || summary.quiz.published_at.is_some());
    let quizzes = visible.map(|summary| {
        let (state, is_open) =
            if teaches { (of_class(language, &summary), false) } else { of_student(language, &summary) };
        Row {
            id: summary.quiz.id,
            is_draft: summary.quiz.published_at.is_none(),
            due: summary.quiz.draft.due_at.map(|at| language.date(at)),
            title: summary.quiz.draft.title,
            state,
            is_open,
        }
    });
    Ok(Section {
        meeting: seen.meeting.id,
        changes: teaches && seen.meeting.course.archived_at.is_none(),
        quizzes: quizzes.collect(),
    })
}

fn of_class(language: Language, summary: &QuizSummary) -> String {
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    let questions = language.count("quiz.questions", count(summary.questions));
    let done = language.count("quiz.handed_in", count(summary.handed_in));
    format!("{questions} · {done}")
}

fn of_student(language: Language, summary: &QuizSummary) -> (String, bool) {
    let (key, is_open) = if summary.own_under_way {
        ("quiz.under_way", true)
    } else if summary.own_done > 0 {
        ("quiz.done", false)
    } else {
        ("quiz.not_taken", true)
    };
    (language.t(key).to_owned(), is_open)
}
