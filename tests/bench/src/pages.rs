//! What each page of a course costs the daemon when a year of a school is in its database.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use base::clock::{Clock, Stopwatch, SystemClock};
use blackbox::Client;
use store::Store;

use crate::cores::Cores;
use crate::process::Server;
use crate::{Outcome, line_of, year};

/// Requests for each page that are counted, after one that is not.
const REQUESTS: u32 = 20;
/// CPU that a page may take at most, in milliseconds.
const GOAL_MS: f64 = 50.0;

/// One page.
struct Page {
    path: String,
    who: &'static str,
    cpu_ms: f64,
    kilobytes: usize,
}

/// What the year's pages cost, as a table for people.
pub(crate) async fn measure(root: &Path) -> Outcome<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("kelas.sqlite");
    let made = year::make(&file).await?;
    let bytes = std::fs::metadata(&file)?.len();
    let watch = Stopwatch::start();
    let store = Store::open(&file, Arc::new(SystemClock::new()) as Arc<dyn Clock>)?;
    let opened = watch.elapsed();
    store.close().await?;
    let program = root.join("target/release/kelasd");
    let teacher = link(&program, folder.path(), year::TEACHER)?;
    let student = link(&program, folder.path(), year::STUDENT)?;
    let server = Server::kelasd(&program, folder.path(), Cores::All).await?;
    let mut pages = Vec::new();
    for (who, link, paths) in
        [("teacher", teacher, for_teacher(&made)), ("student", student, for_student(&made))]
    {
        let client = sign_in(&server, &link).await?;
        for path in paths {
            pages.push(page(&server, &client, who, path).await?);
        }
    }
    server.stop().await?;
    Ok(table(&pages, bytes, opened.as_secs_f64() * 1e3))
}

fn for_teacher(year: &year::Year) -> Vec<String> {
    let (course, meeting, assignment) = (year.course, year.meeting, year.assignment);
    vec![
        "/".to_owned(),
        format!("/courses/{course}"),
        format!("/courses/{course}/members"),
        format!("/courses/{course}/members/add"),
        format!("/courses/{course}/order"),
        format!("/meetings/{meeting}"),
        format!("/rooms/{meeting}"),
        format!("/assignments/{assignment}"),
        format!("/assignments/{assignment}/submissions/{}", year.student),
        format!("/assignments/{assignment}/scores.csv"),
        "/people".to_owned(),
    ]
}

fn for_student(year: &year::Year) -> Vec<String> {
    let (course, meeting, assignment) = (year.course, year.meeting, year.assignment);
    vec![
        "/".to_owned(),
        format!("/courses/{course}"),
        format!("/meetings/{meeting}"),
        format!("/rooms/{meeting}"),
        format!("/assignments/{assignment}"),
    ]
}

/// The path of a one-time link for who signs in with `login`.
fn link(program: &Path, folder: &Path, login: &str) -> Outcome<String> {
    let address = line_of(Command::new(program).args(["invite", "--login", login, "--data"]).arg(folder))?;
    let at = address.find("/link/").ok_or_else(|| format!("no link for {login}: {address}"))?;
    Ok(address[at..].to_owned())
}

async fn sign_in(server: &Server, link: &str) -> Outcome<Client> {
    let ca = std::fs::read_to_string(server.text("ca")?)?;
    let client = Client::new(&server.text("https")?, Some(&ca));
    let redeemed = client.post_form(link, &[]).await;
    if redeemed.status == 303 {
        return Ok(client);
    }
    Err(format!("the link was not taken: {}", redeemed.status).into())
}

async fn page(server: &Server, client: &Client, who: &'static str, path: String) -> Outcome<Page> {
    let first = client.get(&path).await;
    if first.status != 200 {
        return Err(format!("{path} for a {who}: {}", first.status).into());
    }
    let before = server.cpu_us()?;
    for _ in 0..REQUESTS {
        client.get(&path).await;
    }
    let cpu_ms = (server.cpu_us()? - before) / f64::from(REQUESTS) / 1e3;
    Ok(Page { path, who, cpu_ms, kilobytes: first.body.len().div_ceil(1_024) })
}

fn table(pages: &[Page], bytes: u64, opened_ms: f64) -> String {
    let mut text = format!(
        "{} students, {} teachers, {} courses, {} meetings, {} messages, {} submissions: {} MB, opened in \
         {opened_ms:.0} ms. CPU of a request, its connection and TLS handshake included, \
         mean of {REQUESTS}.\n\n| page | for a | CPU, ms | kB | ≤ {GOAL_MS} ms |\n|---|---|---|---|---|\n",
        year::STUDENTS,
        year::TEACHERS,
        year::COURSES,
        year::MEETINGS,
        year::MESSAGES,
        year::SUBMISSIONS,
        bytes / 1_000_000,
    );
    for Page { path, who, cpu_ms, kilobytes } in pages {
        let mark = if *cpu_ms <= GOAL_MS { '✓' } else { '✗' };
        let _ = writeln!(text, "| {path} | {who} | {cpu_ms:.1} | {kilobytes} | {mark} |");
    }
    text
}
