//! Limits of lists of students that are imported.

/// Bytes of a roster's file: 5,000 rows of 200 bytes.
pub const ROSTER_BYTES: usize = 1024 * 1024;
/// Bytes of the forms that carry a roster: the file, its other fields, and the lines' ends that
/// browsers make longer.
pub const ROSTER_FORM_BYTES: usize = 2 * 1024 * 1024;
/// Rows of a roster: three times the largest schools.
pub const ROSTER_ROWS: usize = 5_000;
/// Problems of a roster that are listed; how many more there are is said.
pub const ROSTER_PROBLEMS: usize = 200;
