//! Quizzes over real HTTP: answers and time outlive a daemon that is killed, and an older page takes
//! nothing back.

use std::path::Path;

use blackbox::{Answer, Client, Kelasd, student, teacher};
use rusqlite::Connection;

async fn token(client: &Client) -> String {
    let page = client.get("/account").await.text();
    let token = page.split("name=\"form_token\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
    token.expect("a form's token").to_owned()
}

async fn send(client: &Client, path: &str, fields: &[(&str, &str)]) -> Answer {
    let token = token(client).await;
    let mut all = vec![("form_token", token.as_str())];
    all.extend(fields);
    client.post_form(path, &all).await
}

/// A published quiz of ten minutes with a number and two choices; its address.
async fn quiz(teacher: &Client, meeting: i64) -> String {
    let form = [("title", "Kuis"), ("attempts", "1"), ("minutes", "10")];
    let made = send(teacher, &format!("/meetings/{meeting}/quizzes"), &form).await;
    let location = made.header("location").expect("a location").to_owned();
    let quiz = location.split('?').next().expect("an address").to_owned();
    let number = [("kind", "number"), ("text", "2 + 2?"), ("points", "1"), ("number", "4")];
    let several = [
        ("kind", "multiple"),
        ("text", "Bilangan prima?"),
        ("points", "2"),
        ("choice-1", "2"),
        ("choice-2", "4"),
        ("choice-4", "5"),
        ("right", "1"),
        ("right", "4"),
    ];
    for question in [&number[..], &several[..]] {
        let added = send(teacher, &format!("{quiz}/questions"), question).await;
        assert_eq!(added.status, 303, "{}", added.text());
    }
    assert_eq!(send(teacher, &format!("{quiz}/publish"), &[]).await.status, 303);
    quiz
}

fn one<T: rusqlite::types::FromSql>(data: &Path, question: &str) -> T {
    let database = Connection::open(data.join("kelas.sqlite")).expect("a database");
    database.query_row(question, [], |row| row.get(0)).expect("one row")
}

fn left_ms(page: &str) -> u64 {
    let left = page.split("data-left-ms=\"").nth(1).and_then(|rest| rest.split('"').next());
    left.expect("a time").parse().expect("a number")
}

#[tokio::test]
async fn a_killed_daemon_costs_a_student_neither_answers_nor_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let start = || Kelasd::configure().data(folder.path()).arguments(&["--demo"]).start();
    let kelasd = start().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let quiz = quiz(&teacher(&kelasd).await, meeting).await;
    let budi = student(&kelasd, "Budi").await;
    assert_eq!(send(&budi, &format!("{quiz}/start"), &[]).await.status, 303);
    let attempt: i64 = one(folder.path(), "SELECT id FROM attempt");
    let number: i64 = one(folder.path(), "SELECT id FROM question WHERE kind = 'number'");
    let (attempt, was, answer) = (attempt.to_string(), format!("was-{number}"), format!("answer-{number}"));
    let given = [("attempt", attempt.as_str()), (&was, ""), (&answer, "empat")];
    let saved = send(&budi, &format!("{quiz}/answers"), &given).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
    let told = saved.json();
    assert!(told["left_ms"].as_u64().is_some_and(|left| left <= 600_000), "{told}");
    assert!(told["note"].as_str().is_some(), "it is no number: {told}");
    kelasd.kill().await;
    let used: i64 = one(folder.path(), "SELECT used_ms FROM attempt");

    let kelasd = start().await;
    let session = budi.cookie("__Host-kelas").expect("signed in");
    let budi = kelasd.client();
    budi.set_cookie("__Host-kelas", &session);
    let page = budi.get(&format!("{quiz}/attempt")).await.text();
    assert!(page.contains("value=\"empat\""), "the answer is there");
    assert_eq!(left_ms(&page), 600_000 - u64::try_from(used).expect("a time"), "it goes on from there");
    kelasd.kill().await;

    // As if it had gone on until its end.
    let database = Connection::open(folder.path().join("kelas.sqlite")).expect("a database");
    database.execute("UPDATE attempt SET used_ms = 999999", []).expect("moved");
    drop(database);
    let kelasd = start().await;
    let budi = kelasd.client();
    budi.set_cookie("__Host-kelas", &session);
    let late = send(&budi, &format!("{quiz}/answers"), &given).await;
    assert_eq!((late.status, late.code()), (409, "time_over".to_owned()));
    assert_eq!(budi.get(&format!("{quiz}/attempt")).await.status, 303, "there is nothing to answer any more");
    assert_eq!(one::<String>(folder.path(), "SELECT ending FROM attempt"), "time");
    assert_eq!(one::<String>(folder.path(), "SELECT text FROM answer"), "empat");
}

#[tokio::test]
async fn an_older_page_takes_nothing_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let kelasd = Kelasd::configure().data(folder.path()).arguments(&["--demo"]).start().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let quiz = quiz(&teacher(&kelasd).await, meeting).await;
    let budi = student(&kelasd, "Budi").await;
    send(&budi, &format!("{quiz}/start"), &[]).await;
    let attempt: i64 = one(folder.path(), "SELECT id FROM attempt");
    let number: i64 = one(folder.path(), "SELECT id FROM question WHERE kind = 'number'");
    let several: i64 = one(folder.path(), "SELECT id FROM question WHERE kind = 'multiple'");
    let (attempt, answers) = (attempt.to_string(), format!("{quiz}/answers"));
    let (was_number, number) = (format!("was-{number}"), format!("answer-{number}"));
    let (was_several, several) = (format!("was-{several}"), format!("answer-{several}"));
    // One tab answers the first question, an older one the second, knowing nothing of the first.
    let first = [("attempt", attempt.as_str()), (&was_number, ""), (&number, "4"), (&was_several, "")];
    assert_eq!(send(&budi, &answers, &first).await.status, 200);
    let second = [
        ("attempt", attempt.as_str()),
        (&was_number, ""),
        (&number, ""),
        (&was_several, ""),
        (&several, "3"),
        (&several, "1"),
        (&several, "99"),
    ];
    assert_eq!(send(&budi, &answers, &second).await.status, 200);
    let kept = "SELECT group_concat(text, ';') FROM (SELECT text FROM answer ORDER BY question)";
    assert_eq!(one::<String>(folder.path(), kept), "4;1 3");
    let done = [("attempt", attempt.as_str()), ("then", "hand_in")];
    assert_eq!(send(&budi, &answers, &done).await.status, 200);
    let page = budi.get(&quiz).await.text();
    assert!(page.contains("Nilai 3 dari 3"), "{page}");
    let again = send(&budi, &answers, &first).await;
    assert_eq!(again.code(), "attempt_over");
}
