//! Names in the archive that people can read and every system can unpack.

use base::text;

/// Bytes of a name: with the folder's and one more of each system's own, a path stays below the 260
/// characters that Windows takes.
const NAME_BYTES: usize = 80;

/// A name with its number in front, by which it is the only one of its folder also where capitals do
/// not count, and stands in its order.
pub(super) fn numbered(number: usize, name: &str) -> String {
    let name = text::file_name(&name.replace(['/', '\\'], "_"));
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 10 => (stem, format!(".{ending}")),
        _ => (name.as_str(), String::new()),
    };
    let mut most = NAME_BYTES.saturating_sub(ending.len()).min(stem.len());
    while !stem.is_char_boundary(most) {
        most -= 1;
    }
    format!("{number:02} {}{ending}", stem[..most].trim_end_matches([' ', '.']))
}

/// A Markdown file's name, after what stands above the text.
pub(super) fn markdown(number: usize, title: &str) -> String {
    // Else what stands behind a dot of the title would be taken for an ending.
    numbered(number, &format!("{}.md", title.replace('.', "_")))
}

/// The name by which a browser keeps the course's archive.
pub(crate) fn archive_name(title: &str) -> String {
    text::file_name(&format!("{}.zip", title.replace(['/', '\\'], "_")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_short_its_own_and_one_that_windows_takes() {
        for (number, name, expected) in [
            (1, "Pecahan", "01 Pecahan"),
            (2, "Pecahan 1/2", "02 Pecahan 1_2"),
            (3, "CON", "03 _CON"),
            (4, "Apa itu? \"Gaya\"", "04 Apa itu_ _Gaya_"),
            (5, "\u{202e}gpj.exe", "05 gpj.exe"),
            (120, "...", "120 file"),
        ] {
            assert_eq!(numbered(number, name), expected);
        }
        let long = numbered(7, &format!("{}.mp4", "é".repeat(120)));
        assert!(long.len() <= NAME_BYTES + 3 && long.ends_with("é.mp4"), "{long}");
        assert_eq!(markdown(1, "Bab 1.2"), "01 Bab 1_2.md");
        assert_eq!(archive_name("IPA 7A"), "IPA 7A.zip");
    }
}
