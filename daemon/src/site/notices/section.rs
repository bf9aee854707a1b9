//! Notices as a course's page shows them: the newest, and all that the visitor has not read.

use base::Error;
use base::id::{CourseId, NoticeId};
use base::limits::NOTICES_SHOWN;
use store::{CourseAccess, Notice};

use crate::site::Site;
use crate::site::material::markdown;
use crate::site::page::Page;

/// Notices of a course.
pub(in crate::site) struct Section {
    /// Whose.
    pub(in crate::site) course: CourseId,
    /// Whether the visitor may write some.
    pub(in crate::site) manages: bool,
    /// They, the newest first.
    pub(in crate::site) notices: Vec<Shown>,
    /// How many there are besides, in words.
    pub(in crate::site) more: Option<String>,
}

/// A notice as people read it.
pub(in crate::site) struct Shown {
    /// Its number.
    pub(in crate::site) id: NoticeId,
    /// Its title.
    pub(in crate::site) title: String,
    /// Its text, as HTML of ours.
    pub(in crate::site) html: Option<String>,
    /// Who wrote it and when, and when it was changed.
    pub(in crate::site) details: String,
    /// Whether the visitor sees it for the first time.
    pub(in crate::site) is_unread: bool,
}

/// The section for somebody who sees the course, who has then read what it shows.
pub(in crate::site) async fn section(
    site: &Site,
    page: &Page,
    seen: &CourseAccess,
) -> Result<Section, Error> {
    let notices = read(site, page, seen).await?;
    let unread = notices.iter().filter(|notice| notice.is_unread).count();
    let shown = unread.max(NOTICES_SHOWN);
    let more = notices.len().saturating_sub(shown);
    Ok(Section {
        course: seen.course.id,
        manages: seen.teaches() && seen.course.archived_at.is_none(),
        notices: notices.iter().take(shown).map(|notice| show(page, notice)).collect(),
        more: (more > 0).then(|| page.language.count("notice.more", more)),
    })
}

/// All notices, which the visitor has then read.
pub(super) async fn read(site: &Site, page: &Page, seen: &CourseAccess) -> Result<Vec<Notice>, Error> {
    let person = page.signed_in()?.person.id;
    let notices = site.store.notices_of(seen.course.id, person).await?;
    let newest = notices.iter().filter(|notice| notice.is_unread).map(|notice| notice.id).max();
    if let Some(newest) = newest
        && let Err(error) = site.store.read_notices(seen.course.id, person, newest).await
    {
        // They are new once more then; on a full card the page is worth more than the mark.
        tracing::debug!(%error, "that notices were read could not be noted");
    }
    Ok(notices)
}

pub(super) fn show(page: &Page, notice: &Notice) -> Shown {
    let language = page.language;
    let changed = notice.changed_at.map(|at| language.text("notice.changed", &[("at", &language.date(at))]));
    let details = [Some(language.date(notice.created_at)), notice.author.clone(), changed];
    Shown {
        id: notice.id,
        title: notice.draft.title.clone(),
        html: notice.draft.text.as_deref().map(markdown::render),
        details: details.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        is_unread: notice.is_unread,
    }
}
