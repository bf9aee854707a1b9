//! What pages say of a card with problems, and to whom.

use super::*;
use crate::problems::CardProblem;

fn problem(code: &'static str, detail: &str) -> CardProblem {
    CardProblem::new(code, vec![detail.to_owned()])
}

#[tokio::test]
async fn a_teacher_reads_on_every_page_what_is_wrong_and_what_to_do() {
    let school = School::open();
    school.problems.add(problem("data-missing", "no partition 7 on <mmcblk0>"));
    school.problems.add(problem("settings-ignored", "kelas.toml: naems: there is no such setting"));
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    for path in ["/", "/account", "/trust", "/nothing"] {
        let answer = browser.get(path).await;
        answer.shows("Partisi data tidak ada");
        answer.shows("Matikan, tulis ulang kartu");
        answer.shows("no partition 7 on &#60;mmcblk0&#62;");
        answer.shows("naems: there is no such setting");
        answer.hides("Beri tahu guru");
    }
    browser.language = "en";
    let answer = browser.get("/").await;
    answer.shows("<aside class=\"card-problems\" aria-label=\"Problems of the card\">");
    answer.shows("The data partition is missing");
}

#[tokio::test]
async fn students_and_strangers_hear_only_that_nothing_is_kept() {
    let school = School::open();
    school.problems.add(problem("settings-ignored", "kelas.toml: naems"));
    school.teacher().await;
    let student = school.person(PersonKind::Student, "Budi").await;
    let mut browsers = [school.signed_in(&student).await, school.browser(Transport::Plain)];
    for browser in &mut browsers {
        browser.get("/").await.hides("class=\"card-problems\"");
    }
    school.problems.add(problem("data-damaged", "e2fsck: exit 4"));
    for browser in &mut browsers {
        let answer = browser.get("/").await;
        answer.shows("Beri tahu guru");
        answer.hides("e2fsck");
        answer.hides("naems");
        answer.shows("<p data-problem=\"data-damaged\">");
        answer.hides("<details");
    }
}

#[tokio::test]
async fn on_a_box_without_a_teacher_whoever_comes_is_the_one_to_tell() {
    let school = School::new(&Look::default());
    school.problems.add(problem("boot-unreadable", "partition 1 could not be mounted"));
    let mut browser = school.browser(Transport::Plain);
    let answer = browser.get("/setup").await;
    answer.shows("<details data-problem=\"boot-unreadable\">");
    answer.shows("partition 1 could not be mounted");
    school.teacher().await;
    browser.get("/").await.hides("boot-unreadable");
}

#[tokio::test]
async fn a_sound_card_is_not_spoken_of() {
    let school = School::open();
    let mut browser = school.signed_in(&school.teacher().await).await;
    browser.get("/").await.hides("class=\"card-problems\"");
}
