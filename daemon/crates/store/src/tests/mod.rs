//! Tests against real files, one file per concern, each test named as a sentence.

mod access;
mod accounts;
mod assignments;
mod attempts;
mod attendance;
mod clock_jump;
mod commits;
mod courses;
mod due;
mod history;
mod load;
mod materials;
mod messages;
mod notices;
mod opening;
mod people;
mod presence;
mod quizzes;
mod refusal;
mod run;
mod schema;
mod search;
mod submissions;
mod support;
