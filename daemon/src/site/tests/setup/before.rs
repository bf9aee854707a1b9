//! While the box belongs to nobody.

use super::*;

#[tokio::test]
async fn every_page_leads_to_the_wizard() {
    let school = School::unclaimed(&Look::default()).await;
    let mut browser = school.browser(Transport::Tls);
    for path in ["/", "/sign-in", "/join/ABC234", "/courses/1", "/rooms/1", "/account", "/link/x", "/nowhere"]
    {
        let answer = browser.get(path).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/setup"), "{path}");
        assert_eq!(browser.post(path, &[]).await.location(), "/setup", "{path}");
    }
    for path in ["/trust", "/setup/claim"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
    }
    let answer = browser.send(Method::GET, "/", "application/json", Body::empty()).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    answer.shows("not_set_up");
}

#[tokio::test]
async fn no_step_after_the_claim_is_open() {
    let school = School::unclaimed(&Look::default()).await;
    let mut browser = school.browser(Transport::Tls);
    for step in
        ["school", "wifi", "wired", "time", "certificate", "review", "progress", "reconnect", "confirm"]
    {
        let path = format!("/setup/{step}");
        assert_eq!(browser.get(&path).await.location(), "/setup", "{path}");
        assert!(matches!(browser.post(&path, &[]).await.location(), "/setup" | ""), "{path}");
    }
    for path in ["/setup/apply", "/setup/roll-back"] {
        assert_eq!(browser.post(path, &[]).await.location(), "/setup", "{path}");
    }
    assert_eq!(school.setup.kept().await.expect("an answer"), crate::setup::Kept::default());
}

#[tokio::test]
async fn over_plain_http_there_is_the_language_and_the_way_to_the_secure_address() {
    let school = School::unclaimed(&Look::default()).await;
    let mut browser = school.browser(Transport::Plain);
    let answer = browser.get("/setup").await;
    answer.shows("Pilih bahasa");
    answer.shows("href=\"https://10.42.0.1:8443/setup\"");
    answer.hides("type=\"password\"");
    let answer = browser.post("/setup/language", &[("language", "en")]).await;
    assert_eq!(answer.location(), "/setup");
    browser.get("/setup").await.shows("Choose a language");
    assert_eq!(browser.get("/setup/claim").await.location(), "/setup");
    let answer = browser.post("/setup/claim", &CLAIM).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(!school.store.knows_anybody().await.expect("an answer"));
}

#[tokio::test]
async fn the_language_comes_first_and_is_kept_with_the_claim() {
    let school = School::unclaimed(&Look::default()).await;
    let mut browser = school.browser(Transport::Tls);
    assert_eq!(browser.get("/setup").await.location(), "/setup/language");
    let answer = browser.post("/setup/language", &[("language", "en")]).await;
    assert_eq!(answer.location(), "/setup/claim");
    assert_eq!(browser.get("/setup").await.location(), "/setup/claim");
    browser.claim().await;
    let kept = school.setup.kept().await.expect("an answer");
    assert_eq!(kept.draft.language.map(crate::i18n::Language::tag), Some("en"));
}

#[tokio::test]
async fn a_claim_needs_the_token_of_its_page() {
    let school = School::unclaimed(&Look::default()).await;
    let mut forged = school.browser(Transport::Tls);
    let answer = forged.post("/setup/claim", &CLAIM).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    answer.shows("Halaman ini sudah lama dibuka");
    let mut another = school.browser(Transport::Tls);
    another.get("/setup/claim").await;
    forged.get("/setup/claim").await;
    forged.form_token.clone_from(&another.form_token);
    assert_eq!(forged.post("/setup/claim", &CLAIM).await.status, StatusCode::FORBIDDEN);
    forged.get("/setup/claim").await;
    forged.origin = Some("https://evil.example");
    assert_eq!(forged.post("/setup/claim", &CLAIM).await.status, StatusCode::FORBIDDEN);
    assert!(!school.store.knows_anybody().await.expect("an answer"));
}

#[tokio::test]
async fn mistakes_stand_beside_their_fields_and_what_was_typed_stays() {
    let school = School::unclaimed(&Look::default()).await;
    let mut browser = school.browser(Transport::Tls);
    browser.get("/setup/claim").await;
    for (field, wrong, sentence) in [
        ("name", " ", "Tulis nama Anda"),
        ("login", "dua kata", "Tulis nama masuk, tanpa spasi"),
        ("again", "lain sekali", "Kedua kata sandi tidak sama"),
    ] {
        let fields = CLAIM.map(|(name, value)| (name, if name == field { wrong } else { value }));
        let answer = browser.post("/setup/claim", &fields).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{field}");
        answer.shows(&format!("id=\"{field}-error\""));
        answer.shows(sentence);
        answer.shows(if field == "name" { "value=\"teknisi\"" } else { "value=\"Pak Made\"" });
        answer.hides("kata sandi panjang");
    }
    let short = CLAIM
        .map(|(name, value)| (name, if value.contains(' ') && name != "name" { "pendek" } else { value }));
    browser.post("/setup/claim", &short).await.shows("id=\"password-error\"");
}

#[tokio::test]
async fn of_two_who_claim_at_once_one_gets_the_box() {
    let school = School::unclaimed(&Look::default()).await;
    let mut browsers = [school.browser(Transport::Tls), school.browser(Transport::Tls)];
    for browser in &mut browsers {
        browser.get("/setup/claim").await;
    }
    let [one, other] = &mut browsers;
    let (first, second) = tokio::join!(one.post("/setup/claim", &CLAIM), other.post("/setup/claim", &CLAIM));
    let mut statuses = [first.status, second.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    let refused = if first.status == StatusCode::CONFLICT { first } else { second };
    refused.shows("sudah ada pemiliknya");
}

#[tokio::test]
async fn a_box_with_a_code_is_claimed_with_it_and_guessing_is_slowed_down() {
    let school = School::unclaimed(&Look { claim_code: Some("mangga 7"), ..Look::default() }).await;
    let mut browser = school.browser(Transport::Tls);
    browser.get("/setup/claim").await.shows("Kode pemilik");
    let with = |code: &'static str| CLAIM.into_iter().chain([("code", code)]).collect::<Vec<_>>();
    for _ in 0..5 {
        let answer = browser.post("/setup/claim", &with("durian 7")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        answer.shows("id=\"code-error\"");
    }
    let answer = browser.post("/setup/claim", &with("mangga 7")).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    answer.shows("Coba lagi dalam 1 detik");
    school.clock.advance(1_000);
    let answer = browser.post("/setup/claim", &with(" mangga 7 ")).await;
    assert_eq!(answer.location(), "/setup/school");
}
