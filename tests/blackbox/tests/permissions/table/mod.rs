//! Who may do what. A row is one address with one method.
//!
//! To add an address: a row in the file of its part. A form should change nothing even when it is
//! taken, because everybody who may sends it: leave out what it needs, and say which code or status
//! answers that ([`Row::answers`]). Where that cannot be, [`Row::that_uses_up`] takes a new thing
//! each time, which `school.rs` makes.

mod assignment;
mod attendance;
mod course;
mod entrance;
mod live;
mod load;
mod material;
mod notice;
mod people;
mod quiz;
mod setup;

use crate::people::Who;

/// For addresses that answer whatever the method is.
pub(crate) const ANY: &str = "ANY";

/// One address with one method.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) rule: Rule,
    /// What a form carries besides its token, with `{name}` for things; plain ASCII.
    pub(crate) fields: &'a [(&'a str, &'a str)],
    pub(crate) kind: Kind,
    /// How those are answered who may: a status, or the code of a refusal that has nothing to do
    /// with who they are; `|` stands between two that both will do.
    pub(crate) answers: &'a str,
    /// Whether a success uses up the thing that its address names first.
    pub(crate) uses_up: bool,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Form,
    /// A form with room for files.
    Files,
    Json,
    /// As the protocol tus has it.
    Tus,
}

/// Who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// Whoever comes.
    Everybody,
    /// Whoever knows the secret in the address: nobody by one that is made up.
    Secret,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever is signed in and stays: everybody but guests.
    Residents,
    /// Teachers and technicians of the box, whatever course.
    Staff,
    /// Technicians.
    Technicians,
    /// Members of the course.
    Members,
    /// Members of the course who need not wait to be admitted.
    Admitted,
    /// Students of the course, who hand in work, and nobody else.
    Pupils,
    /// Members of the course who add files: its teachers and students.
    Adders,
    /// Teachers of the course.
    Teachers,
    /// Teachers of the course, about something that students do not see.
    TeachersOfDraft,
    /// Teachers of the course among the staff: pages that students never see.
    StaffWhoTeach,
    /// Teachers of the course, in whose room others are told that they do not moderate.
    Moderators,
    /// Who began an upload.
    Uploader,
}

impl Rule {
    /// The code that `who` is refused with; `None` for those who may.
    #[allow(clippy::match_same_arms, reason = "the first line that fits is how a reader judges too")]
    pub(crate) fn refuses(self, who: Who) -> Option<&'static str> {
        use Who::{
            Colleague, Guest, OtherStudent, Outsider, Removed, Stranger, Student, Teacher, Technician,
        };
        let (sign_in, missing, forbidden) =
            (Some("sign_in_required"), Some("not_found"), Some("not_allowed"));
        match (self, who) {
            (Self::Everybody | Self::Secret, _) => None,
            (_, Stranger) => sign_in,
            (Self::SignedIn, _) | (Self::Uploader, Teacher) => None,
            // Another's upload is as unknown as none.
            (Self::Uploader, _) => Some("upload_gone"),
            (Self::Pupils, Teacher | Technician) => forbidden,
            (_, Technician) => None,
            (Self::Residents, Guest) => forbidden,
            (Self::Residents, _) => None,
            (Self::Technicians, _) => forbidden,
            (Self::Staff | Self::StaffWhoTeach, OtherStudent | Removed | Guest | Student) => forbidden,
            (Self::Staff, _) => None,
            (_, OtherStudent | Outsider) => missing,
            (_, Removed) => Some("member_removed"),
            (_, Teacher) | (Self::Members, _) => None,
            (Self::Admitted, Guest) => Some("still_waiting"),
            (Self::Admitted, _) => None,
            (Self::Pupils | Self::Adders, Guest) => forbidden,
            (Self::Pupils | Self::Adders, _) => None,
            (Self::TeachersOfDraft, Guest | Student | Colleague) => missing,
            (Self::Moderators, Guest | Student | Colleague) => Some("not_moderator"),
            (Self::Teachers | Self::StaffWhoTeach, Guest | Student | Colleague) => forbidden,
        }
    }

    /// All codes that it refuses with.
    pub(crate) fn refusals(self) -> Vec<&'static str> {
        crate::people::ALL.into_iter().filter_map(|who| self.refuses(who)).collect()
    }
}

/// A row without a form that is answered with a page.
pub(crate) const fn row<'a>(method: &'a str, path: &'a str, rule: Rule) -> Row<'a> {
    Row { method, path, rule, fields: &[], kind: Kind::Form, answers: "200", uses_up: false }
}

/// A page.
const fn get(path: &str, rule: Rule) -> Row<'_> {
    row("GET", path, rule)
}

/// A form that leads on when it is taken.
const fn post<'a>(path: &'a str, rule: Rule, fields: &'a [(&'a str, &'a str)]) -> Row<'a> {
    Row { fields, answers: "303", ..row("POST", path, rule) }
}

/// A request of tus.
const fn tus<'a>(method: &'a str, path: &'a str, rule: Rule) -> Row<'a> {
    Row { kind: Kind::Tus, answers: "204", ..row(method, path, rule) }
}

impl<'a> Row<'a> {
    /// Says how those are answered who may.
    const fn answers(self, answers: &'a str) -> Self {
        Self { answers, ..self }
    }

    /// Takes a new one of what its address names first for each who may.
    const fn that_uses_up(self) -> Self {
        Self { uses_up: true, ..self }
    }

    /// Sends a form that has room for files.
    const fn with_files(self) -> Self {
        Self { kind: Kind::Files, ..self }
    }

    /// Sends JSON.
    const fn as_json(self) -> Self {
        Self { kind: Kind::Json, ..self }
    }
}

/// Every address, in the order in which they are tried.
pub(crate) fn rows() -> impl Iterator<Item = Row<'static>> {
    let before = [
        assignment::ROWS,
        quiz::ROWS,
        attendance::ROWS,
        course::ROWS,
        material::ROWS,
        notice::ROWS,
        live::ROWS,
        load::ROWS,
        setup::ROWS,
    ];
    let last = [people::ROWS, entrance::ROWS];
    before.into_iter().chain(last).flatten().copied()
}
