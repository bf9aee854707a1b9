//! People, one-time links and sessions.

use base::Code;
use base::id::PersonId;
use base::limits::SESSION_IDLE_MS;
use base::secret::TokenHash;
use tokio::task::JoinSet;

use super::support::{Fixture, START, session};
use crate::{LinkState, NewPerson, PasswordHash, PersonKind};

const HOUR_MS: u32 = 60 * 60 * 1_000;

fn teacher(login: &str) -> NewPerson {
    NewPerson {
        kind: PersonKind::Teacher,
        name: "Bu Sari".into(),
        login: Some(login.into()),
        password: Some(PasswordHash("$argon2id$1".into())),
    }
}

#[tokio::test]
async fn a_box_knows_nobody_until_the_first_is_added() {
    let fixture = Fixture::new();
    assert!(!fixture.store.knows_anybody().await.expect("read"));
    fixture.person(PersonKind::Teacher, "Bu Sari").await;
    assert!(fixture.store.knows_anybody().await.expect("read"));
}

#[tokio::test]
async fn a_sign_in_name_is_found_in_any_case() {
    let fixture = Fixture::new();
    let created = fixture.store.create_person(teacher(" Sari.Ä ")).await.expect("created");
    assert_eq!(created.login.as_deref(), Some("sari.ä"));
    let found = fixture.store.person_by_login("SARI.ä").await.expect("read").expect("found");
    assert_eq!(found, (created.clone(), Some(PasswordHash("$argon2id$1".into()))));
    assert_eq!(fixture.store.person(created.id).await.expect("read"), Some(created));
    assert_eq!(fixture.store.person_by_login("sar").await.expect("read"), None);
    assert_eq!(fixture.store.person(PersonId(99)).await.expect("read"), None);
}

#[tokio::test]
async fn a_sign_in_name_belongs_to_one_person() {
    let fixture = Fixture::new();
    fixture.store.create_person(teacher("sari")).await.expect("created");
    let taken = fixture.store.create_person(teacher("SARI")).await;
    assert_eq!(taken.expect_err("taken").code, Code::LoginTaken);
    let student = fixture.person(PersonKind::Student, "Budi").await;
    let hash = PasswordHash("$argon2id$2".into());
    let taken = fixture.store.set_login_and_password(student.id, "Sari", hash.clone()).await;
    assert_eq!(taken.expect_err("taken").code, Code::LoginTaken);
    fixture.store.set_login_and_password(student.id, "Budi", hash.clone()).await.expect("free");
    let found = fixture.store.person_by_login("budi").await.expect("read").expect("found");
    assert_eq!((found.0.id, found.1), (student.id, Some(hash.clone())));
    let nobody = fixture.store.set_login_and_password(PersonId(99), "x", hash).await;
    assert_eq!(nobody.expect_err("no such person").code, Code::NotFound);
}

#[test]
fn a_password_hash_is_never_printed() {
    assert_eq!(format!("{:?}", PasswordHash("$argon2id$secret".into())), "PasswordHash(…)");
}

#[tokio::test]
async fn a_link_signs_in_once_and_looking_does_not_use_it_up() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Teacher, "Bu Sari").await;
    let link = TokenHash::of("link");
    let expires_at = START.plus(1_000);
    fixture.store.create_sign_in_link(person.id, link, expires_at).await.expect("created");
    let usable = LinkState::Usable { person: person.clone(), expires_at };
    assert_eq!(fixture.store.sign_in_link(link).await.expect("read"), usable);
    assert_eq!(fixture.store.sign_in_link(link).await.expect("read"), usable);
    let (who, signed_in) = fixture.store.redeem_sign_in_link(link, session("a")).await.expect("once");
    assert_eq!((who, signed_in.person), (person.clone(), person.id));
    assert_eq!(fixture.store.sign_in_link(link).await.expect("read"), LinkState::Used);
    let again = fixture.store.redeem_sign_in_link(link, session("b")).await;
    assert_eq!(again.expect_err("used").code, Code::LinkUsed);
    assert_eq!(fixture.store.session(TokenHash::of("b")).await.expect("read"), None);
}

#[tokio::test]
async fn an_unknown_or_expired_link_signs_nobody_in() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Teacher, "Bu Sari").await;
    let link = TokenHash::of("link");
    let nobody = fixture.store.create_sign_in_link(PersonId(99), link, START.plus(9)).await;
    assert_eq!(nobody.expect_err("no such person").code, Code::NotFound);
    assert_eq!(fixture.store.sign_in_link(link).await.expect("read"), LinkState::Unknown);
    let unknown = fixture.store.redeem_sign_in_link(link, session("a")).await;
    assert_eq!(unknown.expect_err("unknown").code, Code::LinkUnknown);
    fixture.store.create_sign_in_link(person.id, link, START.plus(1_000)).await.expect("created");
    fixture.clock.advance(1_000);
    assert_eq!(fixture.store.sign_in_link(link).await.expect("read"), LinkState::Expired);
    let late = fixture.store.redeem_sign_in_link(link, session("a")).await;
    assert_eq!(late.expect_err("expired").code, Code::LinkExpired);
}

#[tokio::test]
async fn a_link_that_cannot_make_its_session_stays_usable() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Teacher, "Bu Sari").await;
    fixture.store.create_session(person.id, session("same")).await.expect("created");
    let link = TokenHash::of("link");
    fixture.store.create_sign_in_link(person.id, link, START.plus(1_000)).await.expect("created");
    let failed = fixture.store.redeem_sign_in_link(link, session("same")).await;
    assert_eq!(failed.expect_err("a token twice").code, Code::Internal);
    fixture.store.redeem_sign_in_link(link, session("other")).await.expect("still usable");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twenty_browsers_with_one_link_exactly_one_gets_in() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Teacher, "Bu Sari").await;
    let link = TokenHash::of("link");
    fixture.store.create_sign_in_link(person.id, link, START.plus(1_000)).await.expect("created");
    let mut browsers = JoinSet::new();
    for browser in 0..20 {
        let store = fixture.store.clone();
        browsers.spawn(async move { store.redeem_sign_in_link(link, session(&browser.to_string())).await });
    }
    let results = browsers.join_all().await;
    let refused: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert_eq!(refused.len(), 19);
    assert!(refused.iter().all(|error| error.code == Code::LinkUsed));
    assert_eq!(fixture.store.sessions_of(person.id).await.expect("read").len(), 1);
}

#[tokio::test]
async fn spent_links_are_forgotten_after_a_month() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Teacher, "Bu Sari").await;
    let old = TokenHash::of("old");
    fixture.store.create_sign_in_link(person.id, old, START.plus(1_000)).await.expect("created");
    fixture.clock.advance(29 * 24 * HOUR_MS);
    fixture.store.create_sign_in_link(person.id, TokenHash::of("1"), START).await.expect("created");
    assert_eq!(fixture.store.sign_in_link(old).await.expect("read"), LinkState::Expired);
    fixture.clock.advance(2 * 24 * HOUR_MS);
    fixture.store.create_sign_in_link(person.id, TokenHash::of("2"), START).await.expect("created");
    assert_eq!(fixture.store.sign_in_link(old).await.expect("read"), LinkState::Unknown);
}

#[tokio::test]
async fn a_session_is_found_by_its_token_until_it_ends() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Student, "Budi").await;
    let mut new = session("a");
    new.user_agent = "ü".repeat(1_000);
    let created = fixture.store.create_session(person.id, new).await.expect("created");
    assert_eq!(created.user_agent.chars().count(), 200);
    let found = fixture.store.session(TokenHash::of("a")).await.expect("read");
    assert_eq!(found, Some((created.clone(), person)));
    fixture.store.end_session(created.id).await.expect("ended");
    fixture.store.end_session(created.id).await.expect("again is harmless");
    assert_eq!(fixture.store.session(TokenHash::of("a")).await.expect("read"), None);
    let nobody = fixture.store.create_session(PersonId(99), session("b")).await;
    assert_eq!(nobody.expect_err("no such person").code, Code::NotFound);
}

#[tokio::test]
async fn signing_out_everywhere_ends_that_persons_sessions_alone() {
    let fixture = Fixture::new();
    let budi = fixture.person(PersonKind::Student, "Budi").await;
    let other = fixture.person(PersonKind::Student, "Ani").await;
    let first = fixture.store.create_session(budi.id, session("1")).await.expect("created");
    let second = fixture.store.create_session(budi.id, session("2")).await.expect("created");
    fixture.store.create_session(other.id, session("3")).await.expect("created");
    let mut ended = fixture.store.end_all_sessions(budi.id).await.expect("ended");
    ended.sort();
    assert_eq!(ended, [first.id, second.id]);
    assert_eq!(fixture.store.sessions_of(budi.id).await.expect("read"), []);
    assert!(fixture.store.session(TokenHash::of("3")).await.expect("read").is_some());
}

#[tokio::test]
async fn a_session_ends_after_ninety_idle_days_and_use_keeps_it() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Student, "Budi").await;
    let token = TokenHash::of("a");
    let created = fixture.store.create_session(person.id, session("a")).await.expect("created");
    fixture.pass(SESSION_IDLE_MS - 1);
    fixture.store.touch_session(created.id).await.expect("touched");
    fixture.pass(SESSION_IDLE_MS - 1);
    assert!(fixture.store.session(token).await.expect("read").is_some());
    fixture.pass(1);
    assert_eq!(fixture.store.session(token).await.expect("read"), None);
    assert_eq!(fixture.store.sessions_of(person.id).await.expect("read"), []);
}

#[tokio::test]
async fn the_use_of_a_session_is_written_at_most_once_an_hour() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Student, "Budi").await;
    let created = fixture.store.create_session(person.id, session("a")).await.expect("created");
    let before = fixture.store.statistics().jobs();
    for _ in 0..10 {
        fixture.clock.advance(HOUR_MS / 10 - 1);
        fixture.store.touch_session(created.id).await.expect("touched");
    }
    assert_eq!(fixture.store.statistics().jobs(), before);
    fixture.clock.advance(10);
    fixture.store.touch_session(created.id).await.expect("touched");
    assert_eq!(fixture.store.statistics().jobs(), before + 1);
    let used_at = fixture.store.sessions_of(person.id).await.expect("read")[0].used_at;
    assert_eq!(used_at, START.plus(i64::from(HOUR_MS)));
    fixture.store.touch_session(base::id::SessionId(99)).await.expect("an ended one is no error");
}

#[tokio::test]
async fn sessions_that_were_idle_for_a_year_are_deleted() {
    let fixture = Fixture::new();
    let person = fixture.person(PersonKind::Student, "Budi").await;
    fixture.store.create_session(person.id, session("old")).await.expect("created");
    fixture.pass(366 * 24 * i64::from(HOUR_MS));
    fixture.store.create_session(person.id, session("new")).await.expect("created");
    let count = fixture.store.read(|connection| {
        Ok(connection.query_row("SELECT count(*) FROM session", [], |row| row.get::<_, i64>(0))?)
    });
    assert_eq!(count.await.expect("read"), 1);
    assert_eq!(fixture.store.session(TokenHash::of("old")).await.expect("read"), None);
    assert!(fixture.store.session(TokenHash::of("new")).await.expect("read").is_some());
}
