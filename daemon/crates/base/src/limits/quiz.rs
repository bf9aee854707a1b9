//! Limits of quizzes, of their questions and of attempts at them.

/// Quizzes of a meeting: more cannot be looked through on a phone.
pub const QUIZZES_PER_MEETING: usize = 20;
/// Questions of a quiz: a national examination has fifty.
pub const QUESTIONS: usize = 100;
/// Characters of a question: a text to be read, and what is asked about it.
pub const QUESTION_CHARACTERS: usize = 4_000;
/// Choices of a question: A to E, and some to spare.
pub const CHOICES: usize = 8;
/// Characters of a choice: a few sentences.
pub const CHOICE_CHARACTERS: usize = 300;
/// Spellings of a text that are taken for right: what a class thinks of, and what was accepted later.
pub const SPELLINGS: usize = 60;
/// Characters of an answer: two sentences, which no program can judge any more.
pub const ANSWER_CHARACTERS: usize = 300;
/// Points of one question.
pub const QUESTION_POINTS: i64 = 100;
/// Minutes of a time limit: an examination's morning.
pub const QUIZ_MINUTES: i64 = 600;
/// Times that a student may take a quiz.
pub const QUIZ_ATTEMPTS: i64 = 20;
/// After the time of an attempt is over, answers that are on their way are taken for so many
/// milliseconds: as long as a Wi-Fi with forty phones keeps a request waiting.
pub const ATTEMPT_GRACE_MS: u64 = 8_000;
/// How often the time that attempts have used is written down, in milliseconds, besides with each
/// answer: what a power cut gives a student at most.
pub const ATTEMPT_NOTE_MS: u64 = 30_000;
/// Bytes of a form with a quiz's answers: every question with the longest answer, percent-encoded,
/// beside what the page said before.
pub const QUIZ_FORM_BYTES: usize = 1024 * 1024;
