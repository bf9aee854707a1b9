//! Who may do what: every address with every method, tried by everybody over HTTP.
//!
//! `table` says it, one file for each part of the site; `people` are those who try, in a `school`
//! with one course; `attempt` is one try. An address or a method that has no row in the table fails
//! here.

mod attempt;
mod people;
mod school;
mod table;

use std::collections::BTreeSet;

use attempt::{Token, attempt};
use people::{ALL, Who};
use school::School;
use table::{ANY, Kind, Row, Rule, rows};

/// Methods that an address could answer.
const METHODS: [&str; 7] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"];

/// Forms that change nothing of a person's.
const WITHOUT_TOKEN: [&str; 1] = ["/portal"];

#[test]
fn the_table_has_every_address_and_no_other() {
    let told: BTreeSet<String> = blackbox::routes().into_iter().collect();
    let known: BTreeSet<String> = rows().map(|row| row.path.to_owned()).collect();
    let missing: Vec<_> = told.difference(&known).collect();
    let gone: Vec<_> = known.difference(&told).collect();
    assert!(missing.is_empty(), "say in tests/permissions/table who may use: {missing:#?}");
    assert!(gone.is_empty(), "tests/permissions/table speaks of what is no more: {gone:#?}");
    let mut seen = BTreeSet::new();
    for row in rows() {
        assert!(seen.insert((row.method, row.path, row.rule)), "twice: {} {}", row.method, row.path);
        let opens = ["2", "3"].iter().any(|status| row.answers.starts_with(status));
        assert!(row.rule != Rule::Secret || !opens, "made-up secrets open nothing: {row:?}");
        assert!(!row.rule.refusals().contains(&row.answers), "a refusal is no success: {row:?}");
    }
}

#[tokio::test]
async fn an_address_answers_no_method_but_those_of_its_rows() {
    let school = School::open().await;
    let mut wrong = Vec::new();
    for path in blackbox::routes() {
        let methods: Vec<_> = rows().filter(|row| row.path == path).map(|row| row.method).collect();
        if methods.contains(&ANY) {
            continue;
        }
        for method in METHODS.into_iter().filter(|method| !methods.contains(method)) {
            if method == "HEAD" && methods.contains(&"GET") {
                continue;
            }
            let row = table::row(method, &path, Rule::Technicians);
            let answer = attempt(&school, Who::Technician, &row, Token::Own).await;
            if answer.status != 405 {
                wrong.push(format!("{method} {path}: {answer:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "say in tests/permissions/table who may do this:\n{}", wrong.join("\n"));
}

#[tokio::test]
async fn everybody_is_let_through_where_the_table_says_and_nowhere_else() {
    let school = School::open().await;
    let mut wrong = Vec::new();
    let mut cells = 0;
    for row in rows() {
        for who in ALL {
            let answer = attempt(&school, who, &row, Token::Own).await;
            let expected = row.rule.refuses(who).unwrap_or(row.answers);
            cells += 1;
            if !answer.is(expected) {
                let (method, path) = (row.method, row.path);
                wrong.push(format!("{who:?}: {method} {path}: {answer:?}, expected {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cells} cells:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn no_form_is_taken_without_the_token_of_who_is_signed_in() {
    let school = School::open().await;
    let mut wrong = Vec::new();
    let is_form = |row: &Row<'_>| row.method == "POST" && matches!(row.kind, Kind::Form | Kind::Files);
    for row in rows().filter(is_form).filter(|row| !WITHOUT_TOKEN.contains(&row.path)) {
        // Whoever would be let through.
        let who = if row.rule.refuses(Who::Technician).is_none() { Who::Technician } else { Who::Student };
        let answer = attempt(&school, who, &row, Token::Wrong).await;
        if !answer.is("form_stale") {
            wrong.push(format!("POST {}: {answer:?}", row.path));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What this test is worth: it tells an open door from a shut one.
#[tokio::test]
async fn an_open_door_is_found() {
    let school = School::open().await;
    let row = table::row("GET", "/account", Rule::Technicians);
    let answer = attempt(&school, Who::Student, &row, Token::Own).await;
    assert!(answer.is(row.answers), "{answer:?}");
    assert!(!answer.is(Rule::Technicians.refuses(Who::Student).expect("they may not")), "{answer:?}");
}
