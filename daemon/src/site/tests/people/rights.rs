//! Every route of people, for everybody: strangers, guests, students, teachers, technicians.

use std::collections::BTreeSet;

use super::*;

/// What a role gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// To where one signs in.
    SignIn,
    /// `not_allowed`.
    Refused,
    /// As if there were nothing.
    Nothing,
    /// What was asked for.
    It,
}
use Gets::{It, Nothing, Refused, SignIn};

/// About whom a route is asked.
#[derive(Clone, Copy, Debug)]
enum About {
    Nobody,
    Student,
    Teacher,
}

/// Method, route, about whom; then what a stranger, a guest, a student, a teacher and a technician get.
const TABLE: &[(&str, &str, About, [Gets; 5])] = &[
    ("GET", "/people", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("GET", "/people/new", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("POST", "/people/new", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("GET", "/people/import", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("POST", "/people/import", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("POST", "/people/import/apply", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("GET", "/people/export.csv", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("GET", "/people/cards", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("POST", "/people/cards", About::Nobody, [SignIn, Refused, Refused, It, It]),
    ("GET", "/people/{person}", About::Student, [SignIn, Refused, Refused, It, It]),
    ("GET", "/people/{person}", About::Teacher, [SignIn, Refused, Refused, Nothing, It]),
    ("POST", "/people/{person}", About::Student, [SignIn, Refused, Refused, It, It]),
    ("POST", "/people/{person}", About::Teacher, [SignIn, Refused, Refused, Nothing, It]),
    ("POST", "/people/{person}/pin", About::Student, [SignIn, Refused, Refused, It, It]),
    ("POST", "/people/{person}/pin", About::Teacher, [SignIn, Refused, Refused, Nothing, Nothing]),
    ("POST", "/people/{person}/card", About::Student, [SignIn, Refused, Refused, It, It]),
    ("POST", "/people/{person}/card", About::Teacher, [SignIn, Refused, Refused, Nothing, Nothing]),
    ("POST", "/people/{person}/link", About::Student, [SignIn, Refused, Refused, Refused, Nothing]),
    ("POST", "/people/{person}/link", About::Teacher, [SignIn, Refused, Refused, Refused, It]),
    ("POST", "/people/{person}/deactivate", About::Student, [SignIn, Refused, Refused, Refused, It]),
    ("POST", "/people/{person}/deactivate", About::Teacher, [SignIn, Refused, Refused, Refused, It]),
    ("POST", "/people/{person}/reactivate", About::Student, [SignIn, Refused, Refused, Refused, It]),
    ("POST", "/people/{person}/reactivate", About::Teacher, [SignIn, Refused, Refused, Refused, It]),
    ("POST", "/people/{person}/delete", About::Student, [SignIn, Refused, Refused, Refused, It]),
    ("POST", "/people/{person}/delete", About::Teacher, [SignIn, Refused, Refused, Refused, It]),
];

const ROLES: [Option<PersonKind>; 5] = [
    None,
    Some(PersonKind::Guest),
    Some(PersonKind::Student),
    Some(PersonKind::Teacher),
    Some(PersonKind::Technician),
];

/// Forms that do something, if they are let through.
fn fields(route: &str) -> &'static [(&'static str, &'static str)] {
    match route {
        "/people/new" | "/people/{person}" => &[("name", "Eko"), ("kind", "student")],
        "/people/import" => &[("pasted", "Nama\nFajar\n")],
        "/people/import/apply" => &[("roster", "Nama\nGita\n"), ("digest", "old")],
        "/people/cards" => &[("group", "7A"), ("pins", "missing")],
        _ => &[],
    }
}

#[test]
fn the_table_has_every_route() {
    let routes: BTreeSet<_> = super::super::super::people::PATHS.iter().copied().collect();
    assert_eq!(routes, TABLE.iter().map(|(_, route, ..)| *route).collect());
}

#[tokio::test]
async fn no_route_answers_a_method_that_the_table_does_not_have() {
    let school = School::open();
    let mut browser = school.signed_in(&school.technician().await).await;
    browser.get("/account").await;
    for route in super::super::super::people::PATHS {
        let path = route.replace("{person}", "1");
        let has = |method| TABLE.iter().any(|(known, at, ..)| (known, at) == (&method, route));
        if !has("GET") {
            assert_eq!(browser.get(&path).await.status, StatusCode::METHOD_NOT_ALLOWED, "GET {route}");
        }
        if !has("POST") {
            assert_eq!(browser.post(&path, &[]).await.status, StatusCode::METHOD_NOT_ALLOWED, "POST {route}");
        }
    }
}

#[tokio::test]
async fn everybody_gets_what_the_table_says() {
    for (method, route, about, expected) in TABLE {
        for (role, expected) in ROLES.iter().zip(expected) {
            let school = School::open();
            school.technician().await;
            let student = school.pupil("Ani", "1", "7A").await;
            let teacher = school.person(PersonKind::Teacher, "Bu Sari").await.id;
            let mut browser = match role {
                None => school.browser(Transport::Tls),
                Some(kind) => school.signed_in(&school.person(*kind, "Saya").await).await,
            };
            browser.get(if role.is_some() { "/account" } else { "/sign-in" }).await;
            let whom = match about {
                About::Teacher => teacher,
                About::Student | About::Nobody => student,
            };
            let path = route.replace("{person}", &whom.to_string());
            let answer = match *method {
                "GET" => browser.get(&path).await,
                _ => browser.post(&path, fields(route)).await,
            };
            let status = answer.status.as_u16();
            let is = match status {
                403 => Refused,
                404 => Nothing,
                303 if answer.location() == "/" || answer.location().starts_with("/?next=") => SignIn,
                200 | 303 | 409 => It,
                _ => panic!("{method} {path} as {role:?}: {status} {}", answer.body),
            };
            assert_eq!(is, *expected, "{method} {route} about {about:?} as {role:?}: {status}");
        }
    }
}

#[tokio::test]
async fn over_plain_http_nobody_looks_after_people() {
    let school = School::open();
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    browser.transport = Transport::Plain;
    assert_eq!(browser.get("/people").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_teacher_sees_and_adds_students_and_nobody_else() {
    let school = School::open();
    school.pupil("Ani", "1", "7A").await;
    let teacher = school.teacher().await;
    let mut browser = school.signed_in(&teacher).await;
    let page = browser.get("/people?kind=teacher").await;
    page.shows("Ani");
    page.hides("name=\"kind\"");
    let answer = browser.post("/people/new", &[("kind", "teacher"), ("name", "Pak Palsu")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = browser.post("/people/new", &[("name", "Budi"), ("group", "7A"), ("number", "1")]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("id=\"number-error\"");
    answer.shows("value=\"Budi\"");
    let answer = browser.post("/people/new", &[("name", "Budi"), ("group", "7A"), ("number", "2")]).await;
    assert!(answer.location().ends_with("?notice=people.created"), "{}", answer.location());
    let page = browser.get(answer.location()).await;
    page.shows("Budi");
    page.hides("/deactivate");
}

#[tokio::test]
async fn a_technician_adds_a_teacher_by_a_link_and_makes_a_forgotten_password_void() {
    let school = School::open();
    let mut browser = school.signed_in(&school.technician().await).await;
    browser.get("/people/new").await;
    let added = browser.post("/people/new", &[("kind", "teacher"), ("name", "Bu Wayan")]).await;
    let token = added.body.split("/link/").nth(1).expect("a link").split('<').next().expect("a token");
    let mut new = school.browser(Transport::Tls);
    let answer = new.post(&format!("/link/{token}"), &[]).await;
    assert_eq!(answer.location(), "/account/password");

    let teacher = school.teacher().await;
    let mut old = school.signed_in(&teacher).await;
    browser.get(&format!("/people/{}", teacher.id)).await.shows("Lupa kata sandi?");
    let offered = browser.post(&format!("/people/{}/link", teacher.id), &[]).await;
    old.get("/").await.hides("Halo, Bu Sari");
    let mut guess = school.browser(Transport::Tls);
    let answer = guess.post("/sign-in", &[("login", "guru"), ("password", "rahasia kelas")]).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let token = offered.body.split("/link/").nth(1).expect("a link").split('<').next().expect("a token");
    assert_eq!(old.post(&format!("/link/{token}"), &[]).await.status, StatusCode::SEE_OTHER);
    let page = old.get("/account/password").await;
    page.shows("value=\"guru\"");
    page.hides("name=\"current\"");
    let fields = [("login", "guru"), ("password", "rahasia baru"), ("again", "rahasia baru")];
    assert_eq!(old.post("/account/password", &fields).await.status, StatusCode::SEE_OTHER);
    let answer = guess.post("/sign-in", &[("login", "guru"), ("password", "rahasia baru")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once_and_nobody_deactivates_themself() {
    let school = School::open();
    let technician = school.technician().await;
    let mut browser = school.signed_in(&technician).await;
    let ani = school.pupil("Ani", "1", "7A").await;
    let card = card_path(&school, ani).await;
    let mut phone = school.browser(Transport::Tls);
    assert_eq!(phone.post(&card, &[]).await.location(), "/");
    browser.get("/account").await.shows("Pak Made");
    let pin = pins(&made(&mut browser, &format!("/people/{ani}/pin"), &[]).await).remove(0);

    browser.get("/account").await;
    let answer = browser.post(&format!("/people/{ani}/deactivate"), &[]).await;
    assert_eq!(answer.location(), format!("/people/{ani}?notice=people.deactivated"));
    assert_eq!(school.ended.lock().expect("whole").len(), 1);
    phone.get("/").await.hides("Halo, Ani");
    assert_eq!(phone.post(&card, &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(phone.get(&card).await.status, StatusCode::FORBIDDEN);
    let by_pin = phone.post(&format!("/sign-in/name/{ani}"), &[("pin", &pin)]).await;
    assert_eq!(by_pin.status, StatusCode::NOT_FOUND);
    for way in ["pin", "card"] {
        let answer = browser.post(&format!("/people/{ani}/{way}"), &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{way}");
    }
    let page = browser.get(&format!("/people/{ani}")).await;
    page.shows("Akun ini nonaktif");
    browser.post(&format!("/people/{ani}/reactivate"), &[]).await;
    assert_eq!(phone.post(&card, &[]).await.location(), "/");
    let answer = browser.post(&format!("/people/{ani}/delete"), &[]).await;
    assert_eq!(answer.status, StatusCode::CONFLICT, "she has signed in");

    for way in ["deactivate", "delete"] {
        let own = browser.post(&format!("/people/{}/{way}", technician.id), &[]).await;
        assert_eq!(own.status, StatusCode::CONFLICT);
        own.shows("akun Anda sendiri");
    }
    browser.get(&format!("/people/{}", technician.id)).await.hides("/deactivate");
    let unused = school.pupil("Budi", "2", "7A").await;
    let answer = browser.post(&format!("/people/{unused}/delete"), &[]).await;
    assert_eq!(answer.location(), "/people?notice=people.deleted");
    assert_eq!(browser.get(&format!("/people/{unused}")).await.status, StatusCode::NOT_FOUND);
}
