//! The load log's pages: who may see them, and that a page and its export say the same.

use std::time::Duration;

use base::id::RunId;
use store::{Crowd, Measured, NewRun, RunDirection, RunEnding, RunMark, RunSecond};

use super::*;

/// Every path below `/load`, and whether it takes forms.
const ROUTES: [(&str, bool); 15] = [
    ("/load", false),
    ("/load/events", false),
    ("/load/history", false),
    ("/load/history.csv", false),
    ("/load/presence.csv", false),
    ("/load/seconds.csv", false),
    ("/load/runs", true),
    ("/load/runs/compare", false),
    ("/load/runs/{run}", false),
    ("/load/runs/{run}/table.csv", false),
    ("/load/runs/{run}/seconds.csv", false),
    ("/load/runs/{run}/stop", true),
    ("/load/runs/{run}/delete", true),
    ("/load/runs/{run}/bots", true),
    ("/load/runs/{run}/bots/stop", true),
];

#[test]
fn the_table_has_every_route() {
    assert!(super::super::load::PATHS.iter().eq(ROUTES.iter().map(|(route, _)| route)));
}

#[tokio::test]
async fn nobody_but_technicians_and_teachers_sees_the_load() {
    let school = School::open();
    let teacher = school.teacher().await;
    let run = a_run(&school, &teacher, &[]).await.to_string();
    let mut stranger = school.browser(Transport::Tls);
    for kind in [PersonKind::Student, PersonKind::Guest] {
        let person = school.person(kind, "Siti").await;
        let mut browser = school.signed_in(&person).await;
        for (route, takes_forms) in ROUTES {
            let path = route.replace("{run}", &run);
            assert_eq!(browser.get(&path).await.status, forbidden(takes_forms, route), "{kind:?} {path}");
            assert_eq!(stranger.get(&path).await.status, led_away(takes_forms, route), "{path}");
            if takes_forms {
                browser.get("/").await;
                let sent = browser.post(&path, &[("name", "x"), ("meeting", "1")]).await;
                assert_eq!(sent.status, StatusCode::FORBIDDEN, "{kind:?} {path}");
            }
        }
    }
    assert!(school.store.run(run.parse().expect("a number")).await.expect("read").is_some());
}

/// What looking at a path answers to those who may not.
fn forbidden(takes_forms: bool, route: &str) -> StatusCode {
    if takes_forms && route != "/load/runs" { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::FORBIDDEN }
}

fn led_away(takes_forms: bool, route: &str) -> StatusCode {
    if takes_forms && route != "/load/runs" { StatusCode::METHOD_NOT_ALLOWED } else { StatusCode::SEE_OTHER }
}

/// A run that has ended, in which `joins` came at these seconds; a minute each.
pub(super) async fn a_run(school: &School, teacher: &Person, joins: &[u64]) -> RunId {
    let course = school.course(teacher, "Fisika").await;
    let meeting = school.store.create_meeting(course.id, "Gerak").await.expect("a meeting");
    let new = NewRun {
        name: "Tujuh <ponsel>".into(),
        meeting: meeting.id,
        by: teacher.id,
        machine: "Pi 4, 4 cores".into(),
    };
    let run = school.store.start_run(new).await.expect("a run");
    let marks: Vec<RunMark> = (1..)
        .zip(joins)
        .map(|(users, second)| RunMark {
            at_ms: second * 1_000,
            direction: RunDirection::In,
            name: format!("Siti {users}"),
            person: PersonId(users),
            users: Crowd { people: usize::try_from(users).expect("small"), bots: 0 },
        })
        .collect();
    let end = joins.last().map_or(30, |last| last + 60);
    let seconds = (0..end).map(|second| {
        let users = joins.iter().filter(|join| **join <= second).count();
        RunSecond {
            at_ms: second * 1_000,
            users: Crowd { people: users, bots: 0 },
            daemon_cpu_permille: Some(if second % 2 == 0 { 12.0 } else { 14.5 }),
            daemon_pss_bytes: Some(12_345_678 + users as u64 * 100_000),
            machine_cpu_permille: Some(87.6),
            machine_used_bytes: None,
        }
    });
    let measured = Measured { seconds: seconds.collect(), marks };
    school.store.record_run(run, measured).await.expect("written");
    school.store.end_run(run, RunEnding::Stopped).await.expect("written");
    run
}

/// The cells of a page's table, row by row; what is in words is left out.
fn cells(page: &str) -> Vec<Vec<String>> {
    let rows = page.split("<tr role=\"row\" data-users=\"").skip(1);
    rows.map(|row| {
        let (_, row) = row.split_once('>').unwrap_or_default();
        let row = row.split("</tr>").next().unwrap_or_default();
        let cells = row.split(['<', '>']).filter(|text| text.chars().next().is_some_and(char::is_numeric));
        cells.map(|cell| cell.replace('.', "").replace(',', ".")).collect()
    })
    .collect()
}

#[tokio::test]
async fn a_runs_page_and_its_export_say_the_same() {
    let school = School::open();
    let teacher = school.teacher().await;
    let run = a_run(&school, &teacher, &[20, 80, 81, 140]).await;
    let mut browser = school.signed_in(&teacher).await;
    let page = browser.get(&format!("/load/runs/{run}")).await;
    page.shows("Tujuh &#60;ponsel&#62;");
    page.shows("Siti 2 masuk: 2 di dalam");
    page.shows("tidak ada detik yang tenang");
    page.hides("action=\"/load/runs/1/stop\"");
    let csv = browser.get(&format!("/load/runs/{run}/table.csv")).await;
    let lines: Vec<Vec<&str>> = csv.body.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let shown = cells(&page.body);
    assert_eq!((lines.len(), shown.len()), (5, 5), "nobody, and one row for each who came");
    for (line, row) in lines.iter().zip(&shown) {
        assert_eq!(line[0], row[0], "users");
        assert_eq!(line[1], "0", "no bots came");
        if line[2] == "0" {
            assert_eq!(line[3..], [""; 8], "no number where nothing has settled");
            assert_eq!(row.len(), 1);
            continue;
        }
        let figure = |at: usize| format!("{} ± {}", line[at], line[at + 1]);
        // Of the machine's memory nothing is known.
        assert_eq!(row[1..], [figure(3), figure(5), figure(9), line[2].to_owned()]);
        assert_eq!(line[7], "");
    }
    let unsettled: Vec<&str> = lines.iter().filter(|line| line[2] == "0").map(|line| line[0]).collect();
    assert_eq!(unsettled, ["2"], "of whom the next came a second later");
    browser.get(&format!("/load/runs/{run}/seconds.csv")).await.hides("Siti");
}

#[tokio::test]
async fn a_run_is_started_marked_stopped_and_deleted_by_forms() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let meeting = school.store.create_meeting(course.id, "Gerak").await.expect("a meeting").id.to_string();
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/load/runs").await.shows("Fisika · Gerak");
    let unnamed = browser.post("/load/runs", &[("name", " "), ("meeting", &meeting)]).await;
    assert_eq!(unnamed.status, StatusCode::BAD_REQUEST);
    unnamed.shows("name-error");
    let fields = [("name", "Kelas 8B"), ("meeting", meeting.as_str())];
    let started = browser.post("/load/runs", &fields).await;
    assert_eq!(
        (started.status, started.location()),
        (StatusCode::SEE_OTHER, "/load/runs/1?notice=run.started")
    );
    let second = browser.post("/load/runs", &fields).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    second.shows("Satu pengukuran masih berjalan");
    let going = browser.get("/load/runs/1").await;
    going.shows("sedang berjalan");
    going.hides("/load/runs/1/delete");
    // Bots are bounded, and a box that answers no HTTPS says that none can come.
    for (count, every, status) in [("41", "60", 400), ("7", "soon", 400), ("7", "121", 400), ("7", "60", 503)]
    {
        let refused = browser.post("/load/runs/1/bots", &[("count", count), ("every", every)]).await;
        assert_eq!(refused.status.as_u16(), status, "{count} {every}");
        refused.shows("count-error");
        refused.shows(&format!("value=\"{every}\""));
    }
    assert_eq!(browser.post("/load/runs/1/bots/stop", &[]).await.status, StatusCode::SEE_OTHER);
    browser.get("/load/runs/1").await;
    // Whoever keeps an old page open cannot delete what goes on.
    assert_eq!(browser.post("/load/runs/1/delete", &[]).await.status, StatusCode::CONFLICT);
    browser.get("/load/runs/1").await;
    let stopped = browser.post("/load/runs/1/stop", &[]).await;
    assert_eq!(stopped.location(), "/load/runs/1?notice=run.stopped");
    let done = browser.get("/load/runs/1").await;
    done.hides("sedang berjalan");
    // It asks first: the button stands in what must be opened.
    done.shows("<details class=\"sure\">");
    assert_eq!(
        browser.post("/load/runs/1/stop", &[]).await.status,
        StatusCode::SEE_OTHER,
        "again is harmless"
    );
    assert_eq!(browser.post("/load/runs/1/delete", &[]).await.location(), "/load/runs?notice=run.deleted");
    assert_eq!(browser.get("/load/runs/1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn runs_stand_side_by_side_by_their_users() {
    let school = School::open();
    let teacher = school.teacher().await;
    let (one, other) = (a_run(&school, &teacher, &[20]).await, a_run(&school, &teacher, &[20, 80]).await);
    let mut browser = school.signed_in(&teacher).await;
    let page = browser.get(&format!("/load/runs/compare?run={one}&run={other}")).await;
    let rows = page.body.matches("<tr role=\"row\" data-users=").count();
    assert_eq!(rows, 3, "0, 1 and 2 users");
    let last = page.body.split("data-users=\"2\"").nth(1).expect("a row of two");
    assert!(last.contains("tidak diketahui"), "the first run never had two");
    assert_eq!(browser.get("/load/runs/compare").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/load/runs/compare?run=99").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_the_box_does_now_is_on_the_page_and_in_the_history() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    let mut samples = school.load.subscribe();
    let known = tokio::time::timeout(Duration::from_secs(30), async {
        // The first has no rates yet.
        for _ in 0..2 {
            samples.changed().await.expect("sampling goes on");
            school.clock.advance(1_000);
        }
    });
    known.await.expect("two samples");
    let page = browser.get("/load").await;
    page.shows("data-card=\"memory\"");
    page.shows("data-card=\"cpu\"");
    page.shows("data-level=\"unknown\"");
    page.shows("Log ini sendiri memakai");
    let seconds = browser.get("/load/seconds.csv").await;
    let mut lines = seconds.body.lines();
    let heads: Vec<&str> = lines.next().expect("a head").split(',').collect();
    assert!(heads.contains(&"cpu_busy_percent") && heads.contains(&"people_online"), "{heads:?}");
    let line = lines.next().expect("a second");
    assert!(line.starts_with("2026-11-24T02:05:0"), "{line}");
    assert!(seconds.body.lines().all(|line| line.split(',').count() == heads.len()));
    let history = browser.get("/load/history?range=hour").await;
    history.shows("data-chart=\"cpu_busy");
    let csv = browser.get("/load/history.csv?range=hour").await;
    let mut lines = csv.body.lines();
    let heads: Vec<&str> = lines.next().expect("a head").split(',').collect();
    let at = heads.iter().position(|head| *head == "memory_available_mean_mb").expect("a column");
    let line: Vec<&str> = lines.next().expect("a minute").split(',').collect();
    assert_eq!((heads.len(), line[0]), (line.len(), "2026-11-24T02:05:00Z"));
    let shown = crate::i18n::Language::Id.number(line[at].parse().expect("a number"), 1);
    history.shows(&format!("rata-rata {shown}"));
    for range in ["day", "week", "month", "term", "years"] {
        let page = browser.get(&format!("/load/history?range={range}")).await;
        assert_eq!(page.status, StatusCode::OK);
        page.shows(&format!("href=\"/load/history?range={range}\" aria-current=\"page\""));
    }
    assert_eq!(browser.get("/load/history?range=century").await.status, StatusCode::BAD_REQUEST);
}
