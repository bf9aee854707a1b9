//! Limits of backups and of what comes back from one.

/// Bytes of an archive that are gathered before they go to the browser, and read at once from the
/// card: four of them are on their way.
pub const ARCHIVE_CHUNK_BYTES: usize = 128 * 1024;
/// Bytes of an archive's list of files: 300,000 files of a backup. Its memory is about four times that.
pub const ARCHIVE_LIST_BYTES: u64 = 32 * 1024 * 1024;
/// Bytes of a backup's manifest: ten times what one with 1,000 lost files has.
pub const BACKUP_MANIFEST_BYTES: u64 = 1024 * 1024;
/// Files that a backup may say it could not read: a card that has lost more needs a person.
pub const BACKUP_LOST: usize = 1_000;
/// Bytes of a key or certificate in a backup; larger ones were not written by the daemon.
pub const BACKUP_KEY_BYTES: u64 = 64 * 1024;
/// Contents that are read at once from the database while a backup is made or brought back.
pub const BACKUP_PAGE: u32 = 500;
/// Copies of the database that the box keeps by itself: a school week and the weekend.
pub const COPIES: usize = 7;
/// Bytes that those copies may take together; of larger databases fewer are kept, and at least one.
pub const COPIES_BYTES: u64 = 1024 * 1024 * 1024;
/// How old the newest copy is before another is made, in milliseconds (20 hours): once on each school
/// day, whenever on it the box is turned on.
pub const COPY_EVERY_MS: i64 = 20 * 60 * 60 * 1_000;
/// Starts with what came back from a backup that may fail before what was there before returns: one
/// may be cut short by the power.
pub const RESTORE_STARTS: u32 = 3;
