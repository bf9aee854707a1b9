//! The words that columns hold, as enums: one spelling for SQL, JSON and Rust.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

macro_rules! word {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$about])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in the database and in JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The value that `text` names.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)* _ => None }
            }
        }

        impl ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                Ok(self.name().into())
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                Self::parse(value.as_str()?).ok_or(FromSqlError::InvalidType)
            }
        }
    };
}

word!(
    /// What a person may do on the box as a whole.
    PersonKind {
        /// Sets the box up and sees everything.
        Technician "technician",
        /// Makes courses.
        Teacher "teacher",
        /// Takes part.
        Student "student",
        /// Came with a join code and was not admitted yet.
        Guest "guest",
    }
);

impl PersonKind {
    /// Whether these people decide over others, and therefore sign in over HTTPS alone.
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Technician | Self::Teacher)
    }
}

word!(
    /// How a browser signed in.
    Transport {
        /// Over HTTPS.
        Secure "secure",
        /// Over plain HTTP.
        Plain "plain",
    }
);

word!(
    /// What a course does with people who come with its join code.
    GuestPolicy {
        /// They are students at once.
        Welcome "welcome",
        /// They are guests until a teacher admits them.
        Ask "ask",
        /// They are sent away.
        Refuse "refuse",
    }
);

word!(
    /// What a member may do in a course.
    CourseRole {
        /// Moderates.
        Teacher "teacher",
        /// Takes part.
        Student "student",
        /// Not admitted yet.
        Guest "guest",
    }
);

word!(
    /// Whether a member still belongs to the course.
    MemberState {
        /// Belongs.
        Active "active",
        /// Was removed by a teacher and stays out.
        Removed "removed",
    }
);

word!(
    /// Who waits in a meeting's lobby until a teacher admits them.
    Lobby {
        /// Nobody.
        Off "off",
        /// Guests.
        Guests "guests",
        /// Everybody but teachers.
        Everyone "everyone",
    }
);

impl Lobby {
    /// Whether it holds somebody who is this in the course, and who then sees nothing of the room.
    pub const fn holds(self, role: CourseRole) -> bool {
        match self {
            Self::Off => false,
            Self::Guests => matches!(role, CourseRole::Guest),
            Self::Everyone => !matches!(role, CourseRole::Teacher),
        }
    }
}

word!(
    /// Whether students see a meeting, or another thing that a teacher prepares.
    Visibility {
        /// Only teachers do.
        Draft "draft",
        /// Everybody of the course does.
        Published "published",
    }
);

word!(
    /// What a material of a meeting is.
    MaterialKind {
        /// Markdown.
        Text "text",
        /// A link.
        Link "link",
        /// A file.
        File "file",
    }
);

word!(
    /// What happens to work that is handed in after its time.
    LatePolicy {
        /// It is taken, and shown as late.
        Accept "accept",
        /// It is not taken.
        Refuse "refuse",
    }
);

word!(
    /// How a question is answered.
    QuestionKind {
        /// By one of several choices.
        Single "single",
        /// By as many of them as are right.
        Multiple "multiple",
        /// By a number.
        Number "number",
        /// By a word or a few.
        Text "text",
    }
);

impl QuestionKind {
    /// Whether there is something to choose from.
    pub const fn has_choices(self) -> bool {
        matches!(self, Self::Single | Self::Multiple)
    }
}

word!(
    /// In which order an attempt shows the questions of a quiz, and their choices.
    Sequence {
        /// As the teacher has them.
        Fixed "fixed",
        /// Each attempt in one of its own.
        Shuffled "shuffled",
    }
);

word!(
    /// When a student sees what a quiz has earned.
    Scoring {
        /// After handing in.
        AtOnce "at_once",
        /// When a teacher releases it.
        Released "released",
    }
);

word!(
    /// How an attempt ended.
    AttemptEnding {
        /// The student handed it in.
        Student "student",
        /// Its time was over.
        Time "time",
    }
);

word!(
    /// How a presence in a live room ended.
    PresenceEnding {
        /// By the person's own will.
        Left "left",
        /// The page's connection broke, and it did not come back.
        Lost "lost",
        /// A teacher put the person out.
        Removed "removed",
        /// A teacher ended the room.
        Ended "ended",
        /// The daemon was stopped in order.
        Stopped "stopped",
        /// The daemon ended out of order, such as when the power was cut.
        Cut "cut",
    }
);

word!(
    /// What somebody's attendance at a meeting is.
    Mark {
        /// Was there.
        Present "present",
        /// Came late.
        Late "late",
        /// Was away, and the school knows why.
        Excused "excused",
        /// Was ill.
        Sick "sick",
        /// Was away, and nobody knows why.
        Absent "absent",
    }
);

word!(
    /// Whether somebody came into a room or went.
    RunDirection {
        /// Came.
        In "in",
        /// Went.
        Out "out",
    }
);

word!(
    /// How a measurement run ended.
    RunEnding {
        /// Somebody stopped it.
        Stopped "stopped",
        /// It reached its longest time.
        Full "full",
        /// The daemon was stopped or cut off.
        Interrupted "interrupted",
    }
);
