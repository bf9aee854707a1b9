//! Limits of what a teacher gives in a meeting.

/// Materials of a meeting: more cannot be looked through on a phone.
pub const MATERIALS_PER_MEETING: usize = 100;
/// Characters of a text in a meeting: ten pages of a book.
pub const MATERIAL_CHARACTERS: usize = 20_000;
/// Bytes of the form that sends it: percent-encoded, in any script.
pub const MATERIAL_FORM_BYTES: usize = 256 * 1024;
/// Bytes of a link's address (RFC 9110, 4.1 recommends that 8,000 be understood; people paste less).
pub const LINK_BYTES: usize = 2_000;
