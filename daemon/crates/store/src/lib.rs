//! Everything that outlives the process: SQLite behind one writer thread and a few readers.
//!
//! May use: `base`, rusqlite, tokio's channels and blocking pool. Used by: `auth`, `site`,
//! `live` and whoever composes them. `schema.sql` is the reference of tables and columns.
//!
//! The tour: [`Store`] is the cheap-to-clone handle; `person`, `account`, `roster`, `link`,
//! `session`, `course`, `member`, `meeting`, `material`, `assignment`, `submission`, `grading`,
//! `quiz`, `question`, `attempt`, `file`, `upload`, `message`, `notice`, `presence`, `attendance`, `run`
//! and `setting` hold its methods and statements, one noun each; `snapshot` copies the whole; `access`
//! says who may see and decide what, and `search` finds it by its words. Below them `writer` commits in
//! groups, `reader` lends connections, `open` and `migrate` bring a file into shape or say clearly why not,
//! `clock_jump` moves what expires along when the clock is set, `failure` turns `SQLite`'s codes into
//! ours.
//!
//! Architecture invariant: what a method has answered with `Ok` is on the card. An answer is
//! sent only after the `COMMIT` with `synchronous=FULL` has returned.
//!
//! Architecture invariant: a damaged database is never deleted, recreated or repaired by
//! itself; opening it fails and says so.
//!
//! A panic inside the writer ends the process (systemd starts it again and clients resume):
//! a daemon that can read but never write again would look alive and lose work.

mod access;
mod account;
mod account_change;
mod assignment;
mod assignment_copy;
mod assignment_file;
mod attempt;
mod attempt_end;
mod attendance;
mod clock_jump;
mod copy;
mod course;
mod course_bring;
mod course_change;
mod due;
mod failure;
mod file;
mod grading;
mod lesson;
mod lesson_kept;
mod link;
mod load;
mod material;
mod measured;
mod meeting;
mod meeting_order;
mod member;
mod member_change;
mod message;
mod migrate;
mod news;
mod notice;
mod open;
mod person;
mod presence;
mod question;
mod quiz;
mod quiz_access;
mod quiz_copy;
mod quiz_due;
mod quiz_result;
mod reader;
mod roster;
mod run;
mod running;
mod search;
mod search_words;
mod session;
mod setting;
mod sitting;
mod snapshot;
mod statement;
mod statistics;
mod store;
mod submission;
mod upload;
mod words;
mod writer;

pub use access::{AssignmentAccess, CourseAccess, MeetingAccess};
pub use account::{Account, AccountFilter, Accounts, Group, PinHolder};
pub use account_change::AccountDetails;
pub use assignment::{Assignment, AssignmentDraft, AssignmentSummary};
pub use attempt::Attempt;
pub use attendance::{Attendee, GivenMark, MarkChange, MeetingDate, Register};
pub use course::{Course, NewCourse};
pub use course_bring::NewMeeting;
pub use due::{Due, ToGrade, urgency};
pub use file::{NewFile, Sha256, StoredFile};
pub use grading::Pupil;
pub use lesson::{Lesson, Stay};
pub use link::LinkState;
pub use load::{LoadBatch, LoadBlock, LoadEpoch, LoadStep};
pub use material::{Material, Matter, NewMaterial, NewMatter, Shift};
pub use measured::{Crowd, Measured, RunMark, RunSecond};
pub use meeting::{Meeting, MeetingCourse, MeetingDraft};
pub use member::{Joined, Member, Membership};
pub use message::{Appended, History, Message, NewMessage};
pub use news::News;
pub use notice::{Notice, NoticeDraft};
pub use open::OpenError;
pub use person::{NewPerson, PasswordHash, Person};
pub use presence::{Presence, PresenceChange};
pub use question::{Answers, Question, QuestionDraft, points_of, score_of};
pub use quiz::{Quiz, QuizDraft, QuizSummary};
pub use quiz_access::QuizAccess;
pub use quiz_due::QuizzesDue;
pub use quiz_result::{QuizPupil, QuizResults};
pub use roster::{RosterChange, RosterPerson};
pub use run::{NewRun, Run};
pub use search::{Found, Hit, HitKind};
pub use search_words::{Piece, SearchWords};
pub use session::{NewSession, Session};
pub use sitting::{Sitting, Then};
pub use snapshot::{StoredContent, schema_version};
pub use statistics::Statistics;
pub use store::Store;
pub use submission::{ReceivedFile, Standing, Submission, closed};
pub use upload::{NewUpload, Upload};
pub use words::{
    AttemptEnding, CourseRole, GuestPolicy, LatePolicy, Lobby, Mark, MaterialKind, MemberState, PersonKind,
    PresenceEnding, QuestionKind, RunDirection, RunEnding, Scoring, Sequence, Transport, Visibility,
};

#[cfg(test)]
mod tests;
