//! Courses, their meetings, and who comes into them.

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
