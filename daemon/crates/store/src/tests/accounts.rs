//! People with number, group, PIN and card; who may sign in; rosters.

use base::Code;
use base::clock::Timestamp;
use base::id::PersonId;
use base::limits::PIN_FAILURES;
use base::secret::TokenHash;

use super::support::{Fixture, session};
use crate::{
    AccountDetails, AccountFilter, LinkState, MemberState, NewPerson, PasswordHash, PersonKind, RosterChange,
};

fn details(name: &str, number: &str, group: &str) -> AccountDetails {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    AccountDetails { name: name.into(), login: None, number: some(number), group: some(group) }
}

fn students(text: &str) -> AccountFilter {
    AccountFilter { kind: PersonKind::Student, active: true, group: None, text: text.into() }
}

impl Fixture {
    async fn student(&self, name: &str, number: &str, group: &str) -> PersonId {
        let created = self.store.create_account(PersonKind::Student, details(name, number, group)).await;
        created.expect("a student")
    }

    async fn names(&self, filter: AccountFilter) -> Vec<String> {
        let found = self.store.accounts(filter, 0, 50).await.expect("a list");
        assert_eq!(found.all as usize, found.accounts.len());
        found.accounts.into_iter().map(|account| account.person.name).collect()
    }
}

#[tokio::test]
async fn a_list_is_found_by_name_number_login_and_group_and_goes_by_name() {
    let fixture = Fixture::new();
    for (name, number, group) in
        [("siti", "0053", "7A"), ("Budi 100%", "0051", "7a"), ("Ani_", "0052", "7B"), ("Wayan", "", "")]
    {
        fixture.student(name, number, group).await;
    }
    fixture.person(PersonKind::Teacher, "Bu Ani").await;
    assert_eq!(fixture.names(students("")).await, ["Ani_", "Budi 100%", "siti", "Wayan"]);
    for (text, expected) in
        [("SIT", &["siti"][..]), ("0%", &["Budi 100%"]), ("_", &["Ani_"]), ("0052", &["Ani_"]), ("x", &[])]
    {
        assert_eq!(fixture.names(students(text)).await, expected, "{text}");
    }
    let of_group = AccountFilter { group: Some("7A".into()), ..students("") };
    assert_eq!(fixture.names(of_group).await, ["Budi 100%", "siti"]);
    let page = fixture.store.accounts(students(""), 1, 2).await.expect("a page");
    assert_eq!((page.all, page.accounts.len(), page.accounts[0].person.name.as_str()), (4, 2, "Budi 100%"));
    let groups: Vec<_> = fixture.store.groups().await.expect("groups");
    let counted: Vec<_> = groups.iter().map(|group| (group.name.is_some(), group.students)).collect();
    assert_eq!(counted, [(false, 1), (true, 2), (true, 1)]);
}

#[tokio::test]
async fn a_number_and_a_login_are_one_persons_alone() {
    let fixture = Fixture::new();
    let ani = fixture.student("Ani", "A51", "7A").await;
    let taken = fixture.store.create_account(PersonKind::Student, details("Budi", "a51", "7A")).await;
    assert_eq!(taken.expect_err("taken").code, Code::NumberTaken);
    let login = AccountDetails { login: Some(" ANI ".into()), ..details("Ani", "A51", "8A") };
    fixture.store.set_account_details(ani, login.clone()).await.expect("changed");
    let account = fixture.store.account(ani).await.expect("read").expect("known");
    assert_eq!((account.person.login.as_deref(), account.group.as_deref()), (Some("ani"), Some("8A")));
    let other = AccountDetails { number: None, ..login };
    let taken = fixture.store.create_account(PersonKind::Student, other.clone()).await;
    assert_eq!(taken.expect_err("taken").code, Code::LoginTaken);
    let nobody = fixture.store.set_account_details(PersonId(99), details("x", "", "")).await;
    assert_eq!(nobody.expect_err("nobody").code, Code::NotFound);
}

#[tokio::test]
async fn a_deactivated_person_has_no_way_in_until_reactivated() {
    let fixture = Fixture::new();
    let budi = fixture.student("Budi", "1", "7A").await;
    let pin = PasswordHash("$argon2id$x".into());
    fixture.store.set_pins(vec![(budi, pin)]).await.expect("a PIN");
    let open = fixture.store.create_session(budi, session("one")).await.expect("signed in");
    let later = Timestamp(i64::MAX / 2);
    fixture.store.create_sign_in_link(budi, TokenHash::of("link"), later).await.expect("a link");

    assert_eq!(fixture.store.deactivate(budi).await.expect("deactivated"), [open.id]);
    assert_eq!(fixture.store.deactivate(budi).await.expect("again"), []);
    assert_eq!(fixture.store.session(TokenHash::of("one")).await.expect("read"), None);
    let link = fixture.store.sign_in_link(TokenHash::of("link")).await.expect("read");
    assert_eq!(link, LinkState::Unknown);
    assert!(fixture.store.pin_holder(budi).await.expect("read").is_none());
    assert!(fixture.store.pin_holders(Some("7A".into()), "", 9).await.expect("read").is_empty());
    let inactive = Code::AccountInactive;
    let refused = fixture.store.create_session(budi, session("two")).await;
    assert_eq!(refused.expect_err("no way in").code, inactive);
    let refused = fixture.store.create_sign_in_link(budi, TokenHash::of("new"), later).await;
    assert_eq!(refused.expect_err("no link").code, inactive);
    assert_eq!(fixture.names(students("")).await, [""; 0]);
    assert_eq!(fixture.names(AccountFilter { active: false, ..students("") }).await, ["Budi"]);

    fixture.store.reactivate(budi).await.expect("reactivated");
    fixture.store.create_session(budi, session("two")).await.expect("signed in");
    assert!(fixture.store.pin_holder(budi).await.expect("read").is_some());
}

#[tokio::test]
async fn the_last_technician_stays() {
    let fixture = Fixture::new();
    let first = fixture.person(PersonKind::Technician, "Pak Edi").await.id;
    assert_eq!(fixture.store.deactivate(first).await.expect_err("the only one").code, Code::LastTechnician);
    let second = fixture.person(PersonKind::Technician, "Bu Ida").await.id;
    fixture.store.deactivate(first).await.expect("there is another");
    assert_eq!(fixture.store.deactivate(second).await.expect_err("the only one").code, Code::LastTechnician);
    assert_eq!(fixture.store.delete_person(second).await.expect_err("as well").code, Code::LastTechnician);
}

#[tokio::test]
async fn only_who_was_never_used_is_deleted() {
    let fixture = Fixture::new();
    let (_, course) = fixture.course().await;
    let unused = fixture.student("Ani", "1", "7A").await;
    let enrolled = fixture.student("Budi", "2", "7A").await;
    fixture.store.join_course_as(course.id, enrolled).await.expect("a member");
    let used = fixture.student("Citra", "3", "7A").await;
    fixture.store.create_session(used, session("one")).await.expect("signed in");
    fixture.store.end_all_sessions(used).await.expect("signed out");
    for person in [enrolled, used] {
        assert_eq!(fixture.store.delete_person(person).await.expect_err("used").code, Code::PersonInUse);
    }
    fixture.store.delete_person(unused).await.expect("deleted");
    assert_eq!(fixture.store.account(unused).await.expect("read"), None);
    assert_eq!(fixture.store.delete_person(unused).await.expect_err("gone").code, Code::NotFound);
}

#[tokio::test]
async fn wrong_pins_are_counted_until_a_right_or_a_new_one() {
    let fixture = Fixture::new();
    let budi = fixture.student("Budi", "1", "7A").await;
    let pin = || vec![(budi, PasswordHash("$argon2id$x".into()))];
    fixture.store.set_pins(pin()).await.expect("a PIN");
    for count in 1..=PIN_FAILURES {
        assert_eq!(fixture.store.fail_pin(budi).await.expect("counted"), count);
    }
    fixture.store.forgive_pin(budi).await.expect("forgiven");
    assert_eq!(fixture.store.fail_pin(budi).await.expect("counted"), 1);
    fixture.store.set_pins(pin()).await.expect("a new one");
    assert_eq!(fixture.store.pin_holder(budi).await.expect("read").expect("a PIN").failures, 0);
    let teacher = fixture.person(PersonKind::Teacher, "Bu Sari").await.id;
    let refused = fixture.store.set_pins(vec![(teacher, PasswordHash("x".into()))]).await;
    assert_eq!(refused.expect_err("no student").code, Code::NotFound);
}

#[tokio::test]
async fn a_new_card_voids_the_old_one_and_ends_the_sessions() {
    let fixture = Fixture::new();
    let budi = fixture.student("Budi", "1", "7A").await;
    let open = fixture.store.create_session(budi, session("one")).await.expect("signed in");
    assert_eq!(fixture.store.renew_card(budi).await.expect("a card"), [open.id]);
    assert_eq!(fixture.store.account(budi).await.expect("read").expect("known").card, 2);
    let teacher = fixture.person(PersonKind::Teacher, "Bu Sari").await.id;
    assert_eq!(fixture.store.renew_card(teacher).await.expect_err("no student").code, Code::NotFound);
}

#[tokio::test]
async fn a_forgotten_password_and_old_links_are_void() {
    let fixture = Fixture::new();
    let new = NewPerson {
        kind: PersonKind::Teacher,
        name: "Bu Sari".into(),
        login: Some("sari".into()),
        password: Some(PasswordHash("$argon2id$x".into())),
    };
    let sari = fixture.store.create_person(new).await.expect("a teacher").id;
    let link = TokenHash::of("link");
    fixture.store.create_sign_in_link(sari, link, Timestamp(i64::MAX / 2)).await.expect("a link");
    fixture.store.forget_password(sari).await.expect("forgotten");
    let (_, password) = fixture.store.person_by_login("sari").await.expect("read").expect("known");
    assert_eq!(password, None);
    assert_eq!(fixture.store.sign_in_link(link).await.expect("read"), LinkState::Unknown);
}

#[tokio::test]
async fn a_roster_is_applied_whole_or_not_at_all() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    let ani = fixture.student("Ani", "1", "7A").await;
    let removed = fixture.student("Dewi", "4", "7A").await;
    fixture.store.join_course_as(course.id, removed).await.expect("a member");
    fixture.store.remove_member(course.id, removed, teacher.id).await.expect("removed");
    let changes = vec![
        RosterChange::Create(details("Budi", "2", "7A")),
        RosterChange::Update(ani, details("Ani Lestari", "1", "8A")),
        RosterChange::Keep(removed),
    ];
    let broken = [changes.clone(), vec![RosterChange::Create(details("Citra", "2", "7A"))]].concat();
    let refused = fixture.store.apply_roster(broken, Some(course.id)).await;
    assert_eq!(refused.expect_err("a number twice").code, Code::NumberTaken);
    assert_eq!(fixture.names(students("")).await, ["Ani", "Dewi"], "nothing was changed");

    assert_eq!(fixture.store.apply_roster(changes, Some(course.id)).await.expect("applied"), 2);
    assert_eq!(fixture.names(students("")).await, ["Ani Lestari", "Budi", "Dewi"]);
    let kept = fixture.store.membership(course.id, removed).await.expect("read").expect("a row");
    assert_eq!(kept.state, MemberState::Removed);
    let roster = fixture.store.roster().await.expect("a roster");
    let names: Vec<_> = roster.iter().map(|person| person.details.name.as_str()).collect();
    assert_eq!(names, ["Bu Sari", "Ani Lestari", "Dewi", "Budi"]);
}
