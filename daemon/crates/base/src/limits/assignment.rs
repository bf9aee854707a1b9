//! Limits of assignments and of what students hand in.

/// Assignments of a meeting: more cannot be looked through on a phone.
pub const ASSIGNMENTS_PER_MEETING: usize = 20;
/// Files that a teacher gives with an assignment.
pub const ASSIGNMENT_FILES: usize = 20;
/// Files that a student hands in: a photo of each page of an exercise book's chapter.
pub const SUBMISSION_FILES: usize = 20;
/// Bytes of one file that a student hands in: three minutes of film of a phone. Forty of the largest
/// fit on the card's data partition of the smallest card that is sold.
pub const SUBMISSION_FILE_BYTES: u64 = 200 * 1_000_000;
/// Most points of an assignment: nobody grades finer.
pub const POINTS: i64 = 1_000;
/// Characters of a teacher's comment: a page.
pub const COMMENT_CHARACTERS: usize = 4_000;
