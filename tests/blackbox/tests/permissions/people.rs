//! One of everybody who may come to an address: by what they are on the box, and in the course.

/// Somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// Nobody is signed in.
    Stranger,
    /// A student of another course.
    OtherStudent,
    /// A teacher of another course.
    Outsider,
    /// A student whom the teacher removed from the course.
    Removed,
    /// A guest of the course, who waits to be admitted.
    Guest,
    /// A student of the course.
    Student,
    /// A teacher of another course, who came into this one with its code: a student here.
    Colleague,
    /// A teacher of the course.
    Teacher,
    /// A technician, who is no member.
    Technician,
}

/// All of them; those who are let through more often come later, so that what they change is not
/// in the way of the others.
pub(crate) const ALL: [Who; 9] = [
    Who::Stranger,
    Who::OtherStudent,
    Who::Outsider,
    Who::Removed,
    Who::Guest,
    Who::Student,
    Who::Colleague,
    Who::Teacher,
    Who::Technician,
];
