//! The portal's page on each system, and that no other page is shown in a small browser.

use super::*;
use crate::portal::Mode;

const ANDROID_SHEET: &str = "Mozilla/5.0 (Linux; Android 14; SM-A057F Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36";
const APPLE_SHEET: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const CHROME: &str = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36";

#[tokio::test]
async fn androids_sheet_is_led_to_https_and_a_browser_to_the_class() {
    let school = School::open();
    school.teacher().await;
    let mut browser = school.browser(Transport::Plain);
    browser.agent = ANDROID_SHEET;
    browser.get("/portal").await.shows("href=\"https://10.42.0.1:8443/\"");
    browser.agent = CHROME;
    let page = browser.get("/portal").await;
    page.shows("href=\"http://10.42.0.1:8080/\"");
    page.shows("Masuk kelas");
    page.shows("Enter the class");
    page.shows("10.42.0.1:8080");
    page.shows("kelas.internal");
}

#[tokio::test]
async fn apples_sheet_goes_on_first_and_then_opens_safari() {
    let school = School::open();
    school.teacher().await;
    let mut browser = school.browser(Transport::Plain);
    browser.agent = APPLE_SHEET;
    let page = browser.get("/portal?next=/join/ABC234").await;
    page.shows("action=\"/portal\"");
    page.hides("Buka di Safari");
    let answer = browser.post("/portal", &[("next", "/join/ABC234")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/portal?next=/join/ABC234"));
    assert!(school.portal.has_seen(browser.address));
    let page = browser.get("/portal?next=/join/ABC234").await;
    page.shows("Buka di Safari");
    page.shows("href=\"http://10.42.0.1:8080/join/ABC234\"");
}

#[tokio::test]
async fn an_unclaimed_box_leads_to_its_setup() {
    let school = School::new(&Look::default());
    let mut browser = school.browser(Transport::Plain);
    browser.agent = CHROME;
    let page = browser.get("/portal?next=/join/ABC234").await;
    page.shows("href=\"http://10.42.0.1:8080/setup\"");
    page.shows("Set up this box");
    page.hides("Masuk kelas");
}

#[tokio::test]
async fn no_other_page_is_shown_in_a_small_browser() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let join = format!("/join/{}", course.join_code);
    for agent in [ANDROID_SHEET, APPLE_SHEET] {
        let mut browser = school.signed_in(&teacher).await;
        browser.agent = agent;
        for path in ["/", "/rooms/1", "/sign-in", "/setup", &join] {
            let answer = browser.get(path).await;
            let portal = if path == "/" { "/portal".to_owned() } else { format!("/portal?next={path}") };
            assert_eq!((answer.status, answer.location()), (StatusCode::FOUND, portal.as_str()), "{path}");
        }
    }
    let mut browser = school.browser(Transport::Plain);
    browser.agent = CHROME;
    browser.get(&join).await.shows("Fisika");
}

#[tokio::test]
async fn another_site_is_neither_shown_nor_followed() {
    let school = School::open();
    school.teacher().await;
    let mut browser = school.browser(Transport::Plain);
    browser.agent = CHROME;
    browser.get("/portal?next=//evil.example/").await.hides("evil");
    browser.origin = Some("http://evil.example");
    assert_eq!(browser.post("/portal", &[]).await.status, StatusCode::FORBIDDEN);
    assert!(!school.portal.has_seen(browser.address));
}

#[tokio::test]
async fn the_page_runs_nothing_asks_for_nothing_and_sets_no_cookie() {
    let school = School::open();
    school.teacher().await;
    for agent in [ANDROID_SHEET, APPLE_SHEET, CHROME, ""] {
        let mut browser = school.browser(Transport::Plain);
        browser.agent = agent;
        let page = browser.get("/portal").await;
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().expect("plain characters");
        assert!(
            policy.starts_with("default-src 'none';") && policy.contains("style-src 'sha256-"),
            "{policy}"
        );
        assert!(!page.headers.contains_key(header::SET_COOKIE));
        assert!(page.body.len() < 20_000, "{} bytes", page.body.len());
        for asking in ["<script", " src=", "<link rel=\"stylesheet\"", "url(", "@import"] {
            page.hides(asking);
        }
    }
}

#[tokio::test]
async fn the_mode_is_kept() {
    let school = School::open();
    let teacher = school.teacher().await;
    assert_eq!(school.portal.mode(), Mode::Ask);
    school.portal.set_mode(&teacher, Mode::Stay).await.expect("written");
    assert_eq!(school.portal.mode(), Mode::Stay);
    assert_eq!(school.store.setting("portal").await.expect("read").as_deref(), Some("stay"));
}
