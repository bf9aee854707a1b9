//! The materials on a meeting's page.

use base::Error;
use base::id::{MaterialId, MeetingId};
use store::{Material, Matter, MeetingAccess, StoredFile};

use super::markdown;
use crate::files::kind::{self, Show};
use crate::i18n::Language;
use crate::site::Site;

/// What the page shows of a meeting's materials.
pub(in crate::site) struct Section {
    /// The meeting.
    pub(in crate::site) meeting: MeetingId,
    /// Whether the visitor may change them.
    pub(in crate::site) changes: bool,
    /// They, in their order.
    pub(in crate::site) materials: Vec<Shown>,
}

/// One of them.
pub(in crate::site) struct Shown {
    /// Its number.
    pub(in crate::site) id: MaterialId,
    /// What stands above it.
    pub(in crate::site) title: String,
    /// Whether somebody gave it that title.
    pub(in crate::site) titled: bool,
    /// What it is.
    pub(in crate::site) look: Look,
}

/// How it is shown.
pub(in crate::site) enum Look {
    /// As HTML of ours.
    Text(String),
    /// As a link to elsewhere: its opening tag, and its address as people read it.
    Link(String, String),
    /// As a file.
    File(ShownFile),
}

/// A file in the page.
pub(in crate::site) struct ShownFile {
    /// Where it is.
    pub(in crate::site) address: String,
    /// Its name.
    pub(in crate::site) name: String,
    /// Its size, as people write it.
    pub(in crate::site) size: String,
    /// How the page shows it: `image`, `audio`, `video`, `document` or `download`.
    pub(in crate::site) show: &'static str,
}

/// The section for somebody who sees the meeting.
pub(in crate::site) async fn section(
    site: &Site,
    language: Language,
    seen: &MeetingAccess,
) -> Result<Section, Error> {
    let meeting = seen.meeting.id;
    let materials = site.store.materials_of(meeting).await?;
    let materials = materials.into_iter().map(|material| shown(language, material)).collect();
    let changes = seen.teaches() && seen.meeting.course.archived_at.is_none();
    Ok(Section { meeting, changes, materials })
}

pub(super) fn shown(language: Language, material: Material) -> Shown {
    let titled = material.title.is_some();
    let (own_title, look) = match material.matter {
        Matter::Text(text) => (language.t("material.text").to_owned(), Look::Text(markdown::render(&text))),
        Matter::Link(address) => (address.clone(), Look::Link(markdown::anchor(&address), address)),
        Matter::File(file) => (file.name.clone(), Look::File(shown_file(language, &file))),
    };
    Shown { id: material.id, title: material.title.unwrap_or(own_title), titled, look }
}

pub(in crate::site) fn shown_file(language: Language, file: &StoredFile) -> ShownFile {
    ShownFile {
        address: super::address(file),
        name: file.name.clone(),
        size: size(language, file.size_bytes),
        show: match kind::show(&file.media_type) {
            Show::Image => "image",
            Show::Audio => "audio",
            Show::Video => "video",
            Show::Document => "document",
            Show::Download => "download",
        },
    }
}

/// A size as people write it, with one decimal below ten.
pub(in crate::site) fn size(language: Language, bytes: u64) -> String {
    let units = ["kB", "MB", "GB"];
    // Of nothing less than a tenth of a kilobyte is told.
    let mut tenths = bytes.div_ceil(100);
    let mut unit = 0;
    while tenths >= 10_000 && unit + 1 < units.len() {
        tenths /= 1_000;
        unit += 1;
    }
    let point = match language {
        Language::Id => ',',
        Language::En => '.',
    };
    let unit = units[unit];
    if tenths < 100 && !tenths.is_multiple_of(10) {
        format!("{}{point}{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", tenths / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_each_language_writes_numbers() {
        for (bytes, text) in [
            (1, "0.1 kB"),
            (1_000, "1 kB"),
            (1_550, "1.6 kB"),
            (999_999, "1 MB"),
            (2_340_000, "2.3 MB"),
            (23_400_000, "23 MB"),
            (2_147_483_648, "2.1 GB"),
        ] {
            assert_eq!(size(Language::En, bytes), text);
        }
        assert_eq!(size(Language::Id, 2_340_000), "2,3 MB");
    }
}
