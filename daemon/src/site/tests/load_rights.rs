//! Whose names and which buttons of a measurement run somebody sees, and that bots are no people.

use store::{CourseRole, Crowd, Measured, RunDirection, RunMark, RunSecond};

use super::load::a_run;
use super::*;

#[tokio::test]
async fn a_teacher_of_another_course_sends_no_bots_and_deletes_no_run() {
    let school = School::open();
    let teacher = school.teacher().await;
    let run = a_run(&school, &teacher, &[20]).await;
    let other = school.person(PersonKind::Teacher, "Pak Anton").await;
    let technician = school.person(PersonKind::Technician, "Pak Edi").await;
    let mut browser = school.signed_in(&other).await;
    browser.get(&format!("/load/runs/{run}")).await.hides("/delete");
    for path in ["delete", "bots", "bots/stop"] {
        let sent = browser.post(&format!("/load/runs/{run}/{path}"), &[("count", "1"), ("every", "1")]).await;
        assert_eq!(sent.status, StatusCode::NOT_FOUND, "{path}");
        browser.get("/").await;
    }
    assert!(school.store.run(run).await.expect("read").is_some());
    let mut browser = school.signed_in(&technician).await;
    browser.get(&format!("/load/runs/{run}")).await.shows("/delete");
    let deleted = browser.post(&format!("/load/runs/{run}/delete"), &[]).await;
    assert_eq!(deleted.location(), "/load/runs?notice=run.deleted");
}

#[tokio::test]
async fn bots_are_marked_as_bots_and_nobody_takes_them_for_people() {
    let school = School::open();
    let teacher = school.teacher().await;
    let run = a_run(&school, &teacher, &[20, 60]).await;
    let users = Crowd { people: 2, bots: 1 };
    let bot = RunMark {
        at_ms: 130_000,
        direction: RunDirection::In,
        name: "Bot 1".into(),
        person: PersonId(-1),
        users,
    };
    let seconds = (121..160).map(|second| RunSecond {
        at_ms: second * 1_000,
        users: if second < 130 { Crowd { people: 2, bots: 0 } } else { users },
        daemon_cpu_permille: Some(15.0),
        daemon_pss_bytes: None,
        machine_cpu_permille: None,
        machine_used_bytes: None,
    });
    let measured = Measured { seconds: seconds.collect(), marks: vec![bot] };
    school.store.record_run(run, measured).await.expect("written");
    let mut browser = school.signed_in(&teacher).await;
    let page = browser.get(&format!("/load/runs/{run}")).await;
    page.shows("data-users=\"2\" data-bots=\"1\"");
    page.shows(">2 + 1 bot</th>");
    page.shows("Bot 1 masuk: 2 + 1 bot di dalam");
    page.shows("Bot dihitung terpisah dari orang");
    let csv = browser.get(&format!("/load/runs/{run}/table.csv")).await;
    let last = csv.body.lines().last().expect("a row");
    assert!(last.starts_with("2,1,25,"), "{last}");
    let other = school.person(PersonKind::Teacher, "Pak Anton").await;
    let page = school.signed_in(&other).await.get(&format!("/load/runs/{run}")).await;
    page.hides("Siti 1");
    page.shows("Bot 1 masuk");
}

#[tokio::test]
async fn a_teacher_of_another_course_reads_numbers_in_place_of_names() {
    let school = School::open();
    let teacher = school.teacher().await;
    let run = a_run(&school, &teacher, &[20]).await;
    let other = school.person(PersonKind::Teacher, "Pak Anton").await;
    let page = school.signed_in(&other).await.get(&format!("/load/runs/{run}")).await;
    page.hides("Siti 1");
    page.shows("Orang 1 masuk");
    let course = school.store.courses_of(teacher.id).await.expect("courses").remove(0);
    let membership = school.store.membership(course.id, teacher.id).await.expect("read");
    assert_eq!(membership.map(|membership| membership.role), Some(CourseRole::Teacher));
    let technician = school.person(PersonKind::Technician, "Pak Edi").await;
    school.signed_in(&technician).await.get(&format!("/load/runs/{run}")).await.shows("Siti 1 masuk");
}
