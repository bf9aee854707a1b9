//! Cards and PINs.

use super::*;

#[tokio::test]
async fn a_card_signs_in_until_another_one_is_made() {
    let school = School::open();
    let teacher = school.teacher().await;
    let ani = school.pupil("Ani", "1", "7A").await;
    let path = card_path(&school, ani).await;
    let mut phone = school.browser(Transport::Tls);
    // What messengers and phones open by themselves.
    for _ in 0..3 {
        phone.get(&path).await.shows("Halo, Ani");
    }
    assert!(phone.cookies.is_empty());
    for _ in 0..2 {
        assert_eq!(phone.post(&path, &[]).await.location(), "/");
        phone.get("/").await.shows("Halo, Ani");
    }
    let mut plain = school.browser(Transport::Plain);
    assert_eq!(plain.post(&path, &[]).await.location(), "/");

    let mut desk = school.signed_in(&teacher).await;
    desk.get("/people/cards?group=7A").await.shows("Kode QR untuk masuk sebagai Ani");
    assert_eq!(phone.post(&path, &[]).await.location(), "/", "printing again changes nothing");
    let new = made(&mut desk, &format!("/people/{ani}/card"), &[]).await;
    assert_eq!(pins(&new).len(), 1);
    phone.get("/").await.hides("Halo, Ani");
    let void = phone.post(&path, &[]).await;
    assert_eq!(void.status, StatusCode::NOT_FOUND);
    void.shows("Kartu ini tidak berlaku lagi");
    let new = card_path(&school, ani).await;
    assert_ne!(new, path);
    assert_eq!(phone.post(&new, &[]).await.location(), "/");
}

#[tokio::test]
async fn a_card_says_whose_session_it_would_end_and_follows_the_person() {
    let school = School::open();
    let (ani, budi) = (school.pupil("Ani", "1", "7A").await, school.pupil("Budi", "2", "7A").await);
    let mut phone = school.browser(Transport::Tls);
    phone.post(&card_path(&school, ani).await, &[]).await;
    phone.get(&card_path(&school, ani).await).await.hides("Ia akan keluar");
    let of_budi = card_path(&school, budi).await;
    phone.get(&of_budi).await.shows("sekarang masuk Ani");
    assert_eq!(phone.post(&of_budi, &[]).await.location(), "/");
    phone.get("/").await.shows("Halo, Budi");
}

#[tokio::test]
async fn no_other_text_is_a_card_and_guessing_is_held_back() {
    let school = School::open();
    let teacher = school.teacher().await;
    let ani = school.pupil("Ani", "1", "7A").await;
    let right = card_path(&school, ani).await;
    let secret = right.split_once('-').expect("two parts").1;
    let of_teacher = school.auth.cards().await.expect("cards").token(teacher.id, 1);
    let mut phone = school.browser(Transport::Tls);
    let wrong = [
        format!("/card/{ani}-"),
        format!("/card/{ani}"),
        format!("/card/0{ani}-{secret}"),
        format!("/card/+{ani}-{secret}"),
        format!("/card/{}-{secret}", ani.0 + 1),
        format!("{right}x"),
        format!("/card/{of_teacher}"),
        "/card/x".to_owned(),
    ];
    for path in &wrong {
        assert_eq!(phone.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(phone.get(&right).await.status, StatusCode::OK);
    for _ in wrong.len()..40 {
        assert_eq!(phone.get("/card/x").await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(phone.get("/card/x").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_student_chooses_group_and_name_and_types_the_pin() {
    let school = School::open();
    let teacher = school.teacher().await;
    for (name, group) in [("Ani", "7A"), ("Budi", "7A"), ("Citra", "10A"), ("Dewi", "")] {
        school.pupil(name, "", group).await;
    }
    let mut desk = school.signed_in(&teacher).await;
    desk.get("/people/cards?group=7A").await.shows("2 siswa di sini belum punya PIN");
    let sheet = made(&mut desk, "/people/cards", &[("group", "7A"), ("pins", "missing")]).await;
    let pin = pins(&sheet);
    assert_eq!(pin.len(), 2);
    assert!(pin.iter().all(|pin| pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit())), "{pin:?}");
    desk.get("/people/cards?group=7A").await.hides(&pin[0]);
    let again = made(&mut desk, "/people/cards", &[("group", "7A"), ("pins", "missing")]).await;
    assert_eq!(pins(&again), [""; 0]);
    let others = made(&mut desk, "/people/cards", &[("group", ""), ("pins", "all")]).await;
    assert_eq!(pins(&others).len(), 1);

    let mut phone = school.browser(Transport::Tls);
    phone.get("/sign-in?next=/account").await.shows("href=\"/sign-in/name?next=/account\"");
    let groups = phone.get("/sign-in/name?next=/account").await;
    groups.shows("href=\"/sign-in/name?group=7A&#38;next=/account\"");
    groups.shows("Tanpa kelas");
    groups.hides("10A");
    let names = phone.get("/sign-in/name?group=7A&next=/account").await;
    names.shows("Budi");
    names.hides("class=\"soft\"");
    let (_, rest) = names.body.split_once("href=\"/sign-in/name/").expect("a name");
    let path = format!("/sign-in/name/{}", rest.split('?').next().expect("a number"));
    phone.get(&path).await.shows("Halo, Ani");
    let wrong = phone.post(&path, &[("pin", "0"), ("next", "/account")]).await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    wrong.shows("PIN salah");
    let spaced = format!(" {} {} ", &pin[0][..3], &pin[0][3..]);
    let right = phone.post(&path, &[("pin", &spaced), ("next", "/account")]).await;
    assert_eq!(right.location(), "/account");
    phone.get("/").await.shows("Halo, Ani");
    assert_eq!(phone.get("/sign-in/name").await.location(), "/");
}

#[tokio::test]
async fn pins_are_made_once_and_shown_again_for_a_while_to_who_made_them() {
    let school = School::open();
    let teacher = school.teacher().await;
    let ani = school.pupil("Ani", "1", "7A").await;
    school.pupil("Budi", "2", "7A").await;
    let mut desk = school.signed_in(&teacher).await;
    let form = desk.get("/people/cards?group=7A").await;
    let (_, rest) = form.body.split_once("name=\"wish\" value=\"").expect("a wish");
    let wish = rest.split('"').next().expect("a wish").to_owned();
    let all = [("group", "7A"), ("pins", "all"), ("wish", wish.as_str())];
    // A button that is pressed twice, and a page that is loaded again.
    let address = desk.post("/people/cards", &all).await.location().to_owned();
    let first = pins(&desk.get(&address).await);
    assert_eq!(first.len(), 2);
    assert_eq!(desk.post("/people/cards", &all).await.location(), address);
    assert_eq!(pins(&desk.get(&address).await), first);
    let path = format!("/sign-in/name/{ani}");
    let mut phone = school.browser(Transport::Tls);
    assert_eq!(phone.post(&path, &[("pin", &first[0])]).await.location(), "/");

    // The address alone shows them to nobody else.
    let mut other = school.signed_in(&school.person(PersonKind::Teacher, "Pak Lain").await).await;
    let foreign = other.get(&address).await;
    foreign.shows("tidak ditampilkan lagi");
    assert_eq!(pins(&foreign), [""; 0]);
    // A PIN that another one has replaced is not shown any more.
    let newer = pins(&made(&mut other, &format!("/people/{ani}/pin"), &[]).await).remove(0);
    assert_eq!(pins(&desk.get(&address).await), first[1..]);
    let mut phone = school.browser(Transport::Tls);
    assert_eq!(phone.post(&path, &[("pin", &newer)]).await.location(), "/");
    school.clock.advance(base::limits::PIN_SHEET_MS.try_into().expect("minutes"));
    let late = desk.get(&address).await;
    late.shows("tidak ditampilkan lagi");
    assert_eq!(pins(&late), [""; 0]);
}

#[tokio::test]
async fn two_of_one_name_are_told_apart_by_number() {
    let school = School::open();
    let twins = [school.pupil("Ani", "0051", "7A").await, school.pupil("ANI", "0052", "7A").await];
    let other = school.pupil("Budi", "0053", "7A").await;
    school.auth.renew_pins(&[twins[0], twins[1], other]).await.expect("PINs");
    let names = school.browser(Transport::Tls).get("/sign-in/name?group=7A").await;
    names.shows("Ani <span class=\"soft\">0051</span>");
    names.shows("ANI <span class=\"soft\">0052</span>");
    names.hides("0053");
}

#[tokio::test]
async fn a_pin_never_crosses_open_air() {
    let school = School::open();
    let ani = school.pupil("Ani", "1", "7A").await;
    let pin = school.auth.renew_pins(&[ani]).await.expect("a PIN").remove(0).1;
    let mut plain = school.browser(Transport::Plain);
    assert_eq!(plain.get("/sign-in/name?group=7A").await.location(), "/sign-in");
    assert_eq!(plain.get(&format!("/sign-in/name/{ani}")).await.location(), "/sign-in");
    let answer = plain.post(&format!("/sign-in/name/{ani}"), &[("pin", &pin)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(plain.cookies.is_empty());
}

#[tokio::test]
async fn pins_are_held_back_by_device_then_locked_and_the_card_still_works() {
    let school = School::open();
    let teacher = school.teacher().await;
    let ani = school.pupil("Ani", "1", "7A").await;
    let pin = school.auth.renew_pins(&[ani]).await.expect("a PIN").remove(0).1;
    let path = format!("/sign-in/name/{ani}");
    let mut phone = school.browser(Transport::Tls);
    let mut tries = 0;
    for device in 0..4 {
        phone.address = [10, 42, 0, 20 + device].into();
        for _ in 0..5 {
            tries += 1;
            let answer = phone.post(&path, &[("pin", "x")]).await;
            let locked = tries >= base::limits::PIN_FAILURES;
            let expected = if locked { StatusCode::FORBIDDEN } else { StatusCode::UNAUTHORIZED };
            assert_eq!(answer.status, expected, "{tries}");
        }
        let held_back = phone.post(&path, &[("pin", &pin)]).await;
        assert_eq!(held_back.status, StatusCode::TOO_MANY_REQUESTS);
    }
    phone.address = [10, 42, 0, 30].into();
    let locked = phone.post(&path, &[("pin", &pin)]).await;
    assert_eq!(locked.status, StatusCode::FORBIDDEN);
    locked.shows("Minta PIN baru kepada gurumu");
    let mut other = school.browser(Transport::Tls);
    assert_eq!(other.post(&card_path(&school, ani).await, &[]).await.location(), "/");

    // Two taps: the list, the button.
    let mut desk = school.signed_in(&teacher).await;
    desk.get("/people").await.shows("PIN terkunci");
    let new = pins(&made(&mut desk, &format!("/people/{ani}/pin"), &[]).await).remove(0);
    assert_eq!(phone.post(&path, &[("pin", &new)]).await.location(), "/");
}

#[tokio::test]
async fn a_student_may_choose_a_password_and_comes_back_with_it() {
    let school = School::open();
    let ani = school.pupil("Ani", "1", "7A").await;
    let mut phone = school.browser(Transport::Tls);
    phone.post(&card_path(&school, ani).await, &[]).await;
    phone.get("/account").await.shows("/account/password");
    let page = phone.get("/account/password").await;
    page.hides("name=\"current\"");
    let fields = [("login", "Ani"), ("password", "rahasia benar"), ("again", "rahasia benar")];
    assert_eq!(phone.post("/account/password", &fields).await.status, StatusCode::SEE_OTHER);
    phone.get("/account/password").await.shows("name=\"current\"");
    let mut other = school.browser(Transport::Tls);
    let answer = other.post("/sign-in", &[("login", "ani"), ("password", "rahasia benar")]).await;
    assert_eq!(answer.location(), "/");
    // Guests are gone after the lesson; over plain HTTP a password would be read along.
    let mut guest = school.signed_in(&school.person(PersonKind::Guest, "Tamu").await).await;
    assert_eq!(guest.get("/account/password").await.status, StatusCode::FORBIDDEN);
    let mut plain = school.browser(Transport::Plain);
    plain.post(&card_path(&school, ani).await, &[]).await;
    plain.get("/account").await.hides("/account/password");
    assert_eq!(plain.get("/account/password").await.status, StatusCode::FORBIDDEN);
    assert_eq!(plain.post("/account/password", &fields).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_student_who_is_signed_in_joins_a_course_as_who_they_are() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let ani = school.pupil("Ani", "1", "7A").await;
    let mut phone = school.browser(Transport::Tls);
    phone.post(&card_path(&school, ani).await, &[]).await;
    phone.get(&format!("/join/{}", course.join_code)).await.hides("name=\"name\"");
    phone.post("/join", &[("code", &course.join_code)]).await;
    let membership = school.store.membership(course.id, ani).await.expect("read").expect("a member");
    assert_eq!(membership.role, store::CourseRole::Student);
}
