//! Events and `POST`: the same room for clients whose WebSockets fail.

use blackbox::{Kelasd, Method, Visit, student, teacher};
use serde_json::json;

#[tokio::test]
async fn both_transports_see_the_same_room() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (mut siti, _) = Visit::join(&student(&kelasd, "Siti").await, meeting, "siti-page").await;
    let mut budi = Visit::open_events(&student(&kelasd, "Budi").await, meeting).await;
    let joined = budi.enter("budi-page").await;
    assert_eq!(joined["participants"].as_array().expect("a list").len(), 3);
    siti.catch_up().await;
    guru.catch_up().await;

    guru.chat("k1", "Halo 👋\nsemua").await;
    budi.chat("k2", "Halo, Bu").await;
    let at_siti = [siti.hear_type("chat").await, siti.hear_type("chat").await];
    let mut at_budi = [budi.hear_type("chat").await, budi.hear_type("chat").await];
    for (over_socket, over_events) in at_siti.iter().zip(&mut at_budi) {
        over_events["seq"] = over_socket["seq"].clone();
        if let Some(own) = over_events.as_object_mut() {
            own.remove("key");
        }
        assert_eq!(over_socket, over_events);
    }
    // Candidates that a program wrote over several lines are one line of data all the same.
    let lines = format!(
        "{{\"type\":\"signal\",\"to\":{},\"candidate\":{{\r\n\"candidate\":\n\"\"}}}}",
        joined["self"]
    );
    guru.say_text(lines).await;
    guru.say(json!({"type": "state", "media": {"audio": true, "video": false, "screen": false}})).await;
    assert_eq!(budi.hear_type("signal").await["candidate"], json!({"candidate": ""}));
    assert_eq!(budi.hear_type("participant").await["participant"]["media"]["video"], false);

    budi.say(json!({"type": "leave"})).await;
    assert_eq!(budi.end().await.reason(), "left");
    let left = siti.hear_until(|message| message["event"] == "left").await;
    assert_eq!(left["participant"]["name"], "Budi");
}

#[tokio::test]
async fn a_stream_takes_posts_of_its_own_session_alone() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (siti, budi) = (student(&kelasd, "Siti").await, student(&kelasd, "Budi").await);
    let visit = Visit::open_events(&siti, meeting).await;
    let path = format!("/api/rooms/{meeting}/events/{}", visit.connection_id());
    let ping = json!({"type": "ping", "seq": 0});
    let stolen = budi.post_json(&path, &ping).await;
    assert_eq!((stolen.status, stolen.code().as_str()), (410, "connection_unknown"));
    let elsewhere = siti.post_json(&path.replace(&format!("/{meeting}/"), "/9999/"), &ping).await;
    assert_eq!((elsewhere.status, elsewhere.code().as_str()), (410, "connection_unknown"));
    let stranger = siti.stranger().post_json(&path, &ping).await;
    assert_eq!((stranger.status, stranger.code().as_str()), (401, "sign_in_required"));
    let form = siti.post_form(&path, &[("type", "ping")]).await;
    assert_eq!((form.status, form.code().as_str()), (415, "media_type_unsupported"));
    let large = siti.post_json(&path, &"x".repeat(70_000)).await;
    assert_eq!((large.status, large.code().as_str()), (413, "body_too_large"));
    let mut forged = siti.request(Method::POST, &path, ping.to_string().into());
    forged.headers_mut().insert("origin", "https://evil.example".parse().expect("an origin"));
    forged.headers_mut().insert("content-type", "application/json".parse().expect("a type"));
    let forged = siti.send(forged).await;
    assert_eq!((forged.status, forged.code().as_str()), (403, "origin_refused"));
    assert_eq!(siti.post_json(&path, &ping).await.status, 202);

    let invalid = siti.request(Method::POST, &path, vec![b'"', 0xff, b'"'].into());
    let mut invalid = invalid;
    invalid.headers_mut().insert("content-type", "application/json".parse().expect("a type"));
    let invalid = siti.send(invalid).await;
    assert_eq!((invalid.status, invalid.code().as_str()), (400, "message_malformed"));

    visit.cut();
    // The daemon hears of the cut when the connection's end reaches it.
    while siti.post_json(&path, &ping).await.status != 410 {
        tokio::task::yield_now().await;
    }
}
