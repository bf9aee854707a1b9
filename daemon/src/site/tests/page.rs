//! Every page, in both languages.

use super::*;

/// Asks for every page that `person` may see, and checks what all must have.
async fn every_page_is_whole(school: &School, person: Option<&Person>, paths: &[String]) {
    for (language, tag) in [("id", "<html lang=\"id\">"), ("en", "<html lang=\"en\">")] {
        let mut browser = match person {
            Some(person) => school.signed_in(person).await,
            None => school.browser(Transport::Tls),
        };
        browser.language = language;
        for path in paths {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            answer.shows(tag);
            answer.shows("<main id=\"main\"");
            answer.shows("<h1>");
            answer.hides("{{");
            answer.hides("<script>");
            answer.hides(" style=");
            answer.hides("<title> ");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store", "{path}");
        }
    }
}

#[tokio::test]
async fn strangers_see_whole_pages() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika").await;
    let token = school.auth.offer_link(teacher.id, Offer::Invitation).await.expect("a link");
    let paths = [
        "/".to_owned(),
        "/sign-in".into(),
        "/trust".into(),
        format!("/join/{}", course.join_code),
        format!("/link/{token}"),
    ];
    every_page_is_whole(&school, None, &paths).await;
}

#[tokio::test]
async fn teachers_and_students_see_whole_pages() {
    let school = School::open();
    let teacher = school.teacher().await;
    let student = school.person(PersonKind::Student, "Budi").await;
    let course = school.course(&teacher, "Fisika").await;
    school.store.join_course_as(course.id, student.id).await.expect("welcome");
    let meeting = school.store.create_meeting(course.id, "Gerak lurus").await.expect("a meeting");
    let shared = [
        "/".to_owned(),
        "/account".into(),
        format!("/courses/{}", course.id),
        format!("/rooms/{}", meeting.id),
    ];
    every_page_is_whole(&school, Some(&student), &shared).await;
    let mut more = shared.to_vec();
    more.extend(["/account/password".to_owned(), format!("/courses/{}/show", course.id)]);
    every_page_is_whole(&school, Some(&teacher), &more).await;
}

#[tokio::test]
async fn the_language_switch_is_remembered_and_leads_back() {
    let school = School::open();
    let mut browser = school.browser(Transport::Plain);
    browser.get("/trust").await.shows("Keamanan sambungan");
    let answer = browser.post("/language", &[("language", "en"), ("next", "/trust")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/trust"));
    browser.get("/trust").await.shows("How safe the connection is");
}

#[tokio::test]
async fn plain_http_says_what_it_cannot_do_and_where_to_go() {
    let school = School::open();
    let mut browser = school.browser(Transport::Plain);
    let answer = browser.get("/trust").await;
    answer.shows("Kamera dan mikrofon memerlukan alamat aman");
    answer.shows("href=\"https://10.42.0.1:8443/trust\"");
    browser.transport = Transport::Tls;
    browser.get("/trust").await.hides("Kamera dan mikrofon memerlukan alamat aman");
}

#[tokio::test]
async fn errors_are_pages_for_people_and_problems_for_programs() {
    let school = School::open();
    let mut browser = school.browser(Transport::Tls);
    let answer = browser.get("/nothing").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    answer.shows("Halaman tidak ditemukan");
    let answer = browser.send(Method::GET, "/nothing", "*/*", Body::empty()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    answer.shows("\"code\":\"not_found\"");
    let answer = browser.send(Method::DELETE, "/trust", "text/html", Body::empty()).await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    answer.shows("tidak dapat dipakai dengan cara itu");
}

#[tokio::test]
async fn our_own_fault_shows_a_reference_and_no_cause() {
    let school = School::open();
    let mut browser = school.signed_in(&school.teacher().await).await;
    school.store.close().await.expect("closed");
    let answer = browser.get("/").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.body);
    answer.shows("Nomor rujukan untuk teknisi:");
    answer.hides("sqlite");
}

#[tokio::test]
async fn the_rooms_data_cannot_break_out_of_its_element() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "</script><b>Fisika").await;
    let meeting = school.store.create_meeting(course.id, "</script>").await.expect("a meeting");
    let mut browser = school.signed_in(&teacher).await;
    let answer = browser.get(&format!("/rooms/{}", meeting.id)).await;
    let (_, rest) = answer.body.split_once("id=\"kelas-room\">").expect("the data");
    let (json, _) = rest.split_once("</script>").expect("its end");
    let data: serde_json::Value = serde_json::from_str(json).expect("whole JSON");
    assert_eq!(data["meeting"]["course"]["title"], "</script><b>Fisika");
    assert_eq!(data["role"], "teacher");
    assert_eq!(data["rung"], 1);
    assert!(data["messages"]["error.room_full"].is_string());
    assert!(
        data["messages"]
            .as_object()
            .expect("an object")
            .keys()
            .all(|key| { key.starts_with("room.") || key.starts_with("error.") })
    );
}
