//! The lobby, and what a teacher may do.

use blackbox::{Kelasd, Visit, student, submit, teacher};
use serde_json::{Value, json};

#[tokio::test]
async fn who_waits_is_let_in_or_sent_away_by_the_teacher() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    guru.say(json!({"type": "moderate", "action": "lobby", "lobby": "everyone"})).await;
    assert_eq!(guru.hear_type("moderated").await["lobby"], "everyone");

    let siti_client = student(&kelasd, "Siti").await;
    let history = format!("/api/rooms/{meeting}/messages");
    let outside = siti_client.get(&history).await;
    assert_eq!((outside.status, outside.code()), (403, "still_waiting".to_owned()));
    let (mut siti, waiting) = Visit::join(&siti_client, meeting, "siti-page").await;
    assert_eq!((&waiting["type"], &waiting["meeting"]["lobby"]), (&json!("waiting"), &json!("everyone")));
    siti.chat("k", "halo?").await;
    assert_eq!(siti.hear().await["code"], "still_waiting");
    let knock = guru.hear_type("participant").await;
    assert_eq!((&knock["event"], &knock["participant"]["name"]), (&json!("waiting"), &json!("Siti")));
    guru.chat("k", "rahasia guru").await;
    guru.hear_type("chat").await;
    assert_eq!(siti_client.get(&history).await.code(), "still_waiting");
    guru.say(json!({"type": "moderate", "action": "admit", "target": knock["participant"]["id"]})).await;
    let joined = siti.hear().await;
    assert_eq!(joined["type"], "joined");
    siti.seq = joined["seq"].as_u64().expect("a number");
    let read = siti_client.get(&history).await.json();
    assert_eq!(read["messages"][0]["text"], "rahasia guru");

    let budi_client = student(&kelasd, "Budi").await;
    let (mut budi, _) = Visit::join(&budi_client, meeting, "budi-page").await;
    let knock = guru.hear_until(|message| message["event"] == "waiting").await;
    guru.say(json!({"type": "moderate", "action": "deny", "target": knock["participant"]["id"]})).await;
    let end = budi.end().await;
    assert_eq!((end.reason(), end.heard.len()), ("denied", 1));
    assert_eq!(budi_client.get(&history).await.code(), "still_waiting");
}

#[tokio::test]
async fn a_teacher_mutes_deletes_removes_and_ends() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let siti_client = student(&kelasd, "Siti").await;
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (mut siti, siti_joined) = Visit::join(&siti_client, meeting, "siti-page").await;
    let (mut budi, _) = Visit::join(&student(&kelasd, "Budi").await, meeting, "budi-page").await;
    let siti_id = &siti_joined["self"];

    guru.say(json!({"type": "moderate", "action": "mute", "target": siti_id})).await;
    let muted = siti.hear_type("moderated").await;
    assert_eq!((&muted["action"], &muted["target"]), (&json!("mute"), siti_id));

    siti.chat("buruk", "kata kasar").await;
    let message = budi.hear_type("chat").await["id"].clone();
    guru.say(json!({"type": "moderate", "action": "delete_message", "message": message})).await;
    let deleted = budi.hear_until(|heard| heard["action"] == "delete_message").await;
    assert_eq!(deleted["message"], message);
    let history = siti_client.get(&format!("/api/rooms/{meeting}/messages")).await.json();
    assert_eq!(history["messages"][0]["text"], Value::Null);

    guru.say(json!({"type": "moderate", "action": "remove", "target": siti_id})).await;
    assert_eq!(siti.end().await.reason(), "removed");
    let left = budi.hear_until(|heard| heard["event"] == "left").await;
    assert_eq!(left["reason"], "removed");
    let refused = loop {
        // The room acts at once; the course refuses as soon as it is stored.
        match Visit::try_open(&siti_client, meeting).await {
            Err(refused) => break refused,
            Ok(_) => tokio::task::yield_now().await,
        }
    };
    assert_eq!((refused.status, refused.code().as_str()), (403, "member_removed"));

    guru.say(json!({"type": "moderate", "action": "end"})).await;
    assert_eq!(budi.end().await.reason(), "ended");
    assert_eq!(guru.end().await.reason(), "ended");
}

#[tokio::test]
async fn signing_out_closes_every_connection_of_the_session_over_both_transports() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let siti = student(&kelasd, "Siti").await;
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (mut laptop, _) = Visit::join(&siti, meeting, "page-1").await;
    let mut phone = Visit::open_events(&siti, meeting).await;
    phone.enter("page-2").await;
    let answer = submit(&siti, "/account/sign-out").await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert_eq!(laptop.end().await.reason(), "signed_out");
    assert_eq!(phone.end().await.reason(), "signed_out");
    guru.hear_until(|message| message["event"] == "left").await;
    guru.hear_until(|message| message["event"] == "left").await;
}
