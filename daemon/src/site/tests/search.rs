//! Searching: what is found is shown, and nothing in it runs.

use store::{NewMaterial, NewMatter, NewMessage};

use super::*;

#[tokio::test]
async fn what_is_found_is_grouped_marked_and_harmless() {
    let school = School::open();
    let teacher = school.teacher().await;
    let course = school.course(&teacher, "Fisika <b>gaya</b>").await;
    let meeting = school.store.create_meeting(course.id, "Gaya gesek").await.expect("made");
    let siti = school.person(PersonKind::Student, "Siti").await;
    school.store.join_course_as(course.id, siti.id).await.expect("joined");
    let text = format!("{}<script>gaya</script> \"x\"", "awal ".repeat(60));
    let matter = NewMatter::Text(text);
    school.store.add_material(meeting.id, NewMaterial { title: None, matter }, None).await.expect("added");
    let message = NewMessage {
        meeting: meeting.id,
        author: siti.id,
        author_name: "Siti".into(),
        key: "a".into(),
        text: "apa itu gaya & massa?".into(),
        to: None,
    };
    school.store.append_message(message).await.expect("stored");
    let mut browser = school.signed_in(&siti).await;
    browser.get("/").await.shows("action=\"/search\"");
    let page = browser.get("/search?q=GAYA").await;
    page.shows("Fisika &#60;b&#62;<mark>gaya</mark>&#60;/b&#62;");
    page.shows(&format!("href=\"/meetings/{}\"><span><mark>Gaya</mark> gesek", meeting.id));
    page.shows("… awal ");
    page.shows("&#60;script&#62;<mark>gaya</mark>&#60;/script&#62; &#34;x&#34;");
    page.shows("apa itu <mark>gaya</mark> &#38; massa?");
    page.shows("value=\"GAYA\"");
    page.hides("<script>gaya");
    browser.get("/search?q=tidakada").await.shows("Tidak ada yang cocok dengan “tidakada”.");
    browser.get("/search").await.shows("Apa yang Anda cari?");
    browser.get("/search?q=%22%2A").await.shows("Tidak ada kata di dalamnya.");
    browser.get("/search?q=%3Cimg%3E").await.shows("“&#60;img&#62;”");
    let long = browser.get(&format!("/search?q={}", "x".repeat(201))).await;
    assert_eq!(long.status, StatusCode::BAD_REQUEST);
    long.shows("201 karakter, paling banyak 200");
    browser.get("/search?q=siti").await.hides("/people/");
    let mut browser = school.signed_in(&teacher).await;
    browser.get("/search?q=siti").await.shows(&format!("/people/{}", siti.id));
    let stranger = school.browser(Transport::Tls).get("/search?q=gaya").await;
    assert_eq!(stranger.location(), "/?next=/search%3Fq%3Dgaya");
}
