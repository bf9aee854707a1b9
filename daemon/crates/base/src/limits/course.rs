//! Courses, their meetings, who comes into them, and what is found in them.

/// Characters of a course's term, such as "2026/2027 Ganjil".
pub const TERM_CHARACTERS: usize = 40;
/// Teachers of the box who are offered as co-teachers: more than a school has.
pub const CANDIDATES: u32 = 400;
/// Students who are listed when a teacher looks for one by name: more is a longer name to type.
pub const CANDIDATES_FOUND: u32 = 30;
/// Meetings of a course: one on every school day of a year.
pub const COURSE_MEETINGS: usize = 250;
/// Files in a course that comes as an archive: four times what a full year of a teacher has.
pub const COURSE_ARCHIVE_FILES: usize = 5_000;
/// Bytes of what such a course says of itself: 250 meetings with a hundred materials each.
pub const COURSE_MANIFEST_BYTES: u64 = 16 * 1024 * 1024;
/// Characters of a course's or a meeting's title.
pub const TITLE_CHARACTERS: usize = 120;
/// Notices of a course: two a week for two years.
pub const NOTICES_PER_COURSE: usize = 200;
/// Characters of a notice: a page. What is longer is a material.
pub const NOTICE_CHARACTERS: usize = 4_000;
/// Notices that a course's page shows; the others are a page of their own.
pub const NOTICES_SHOWN: usize = 3;
/// Characters of what is searched for: a long sentence.
pub const SEARCH_CHARACTERS: usize = 200;
/// Words that are searched for; the others narrow nothing any more.
pub const SEARCH_WORDS: usize = 12;
/// What is shown of each kind: more is a word more to type.
pub const SEARCH_HITS: usize = 8;
/// Rows of each kind that are looked at for something that the person may see: all chat of a large
/// course, in some tens of milliseconds on a Pi.
pub const SEARCH_ROWS: usize = 5_000;
/// Characters of a text that are shown around the first word that was found.
pub const EXCERPT_CHARACTERS: usize = 160;
