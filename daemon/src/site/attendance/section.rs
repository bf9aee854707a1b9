//! Attendance on a meeting's page: of the class for its teachers, one's own for a student.

use base::Error;
use base::id::{MeetingId, PersonId};
use store::MeetingAccess;

use super::words::{self, Counts};
use crate::i18n::Language;
use crate::site::Site;

/// What the page shows of a meeting's attendance.
pub(in crate::site) struct Section {
    /// The meeting.
    pub(in crate::site) meeting: MeetingId,
    /// Whether the visitor sees everybody's.
    pub(in crate::site) teaches: bool,
    /// In words; to a student, `None` as long as there is nothing to tell.
    pub(in crate::site) says: Option<String>,
}

/// The section for somebody who sees the meeting.
pub(in crate::site) async fn section(
    site: &Site,
    language: Language,
    seen: &MeetingAccess,
    person: PersonId,
) -> Result<Section, Error> {
    let register = site.store.register(&seen.meeting).await?;
    let teaches = seen.teaches();
    let says = if teaches {
        let summary = Counts::of(register.students.iter()).summary(language);
        Some(if summary.is_empty() { language.t("attendance.no_students").to_owned() } else { summary })
    } else {
        let own = register.students.iter().find(|attendee| attendee.person == person);
        own.and_then(|own| {
            let stay = own.stay.as_ref().map(|stay| words::stay(language, stay));
            let parts: Vec<String> = own
                .mark()
                .map(|mark| words::word(language, mark).to_owned())
                .into_iter()
                .chain(stay)
                .collect();
            (!parts.is_empty()).then(|| parts.join(" · "))
        })
    };
    Ok(Section { meeting: seen.meeting.id, teaches, says })
}
