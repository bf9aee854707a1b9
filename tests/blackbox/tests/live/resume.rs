//! Connections that break, and what their pages find when they come back.

use blackbox::{Kelasd, Visit, student, teacher};
use serde_json::{Value, json};

/// What one person may say at once (docs/PROTOCOL.md, section 4).
const CHAT_BURST: usize = 20;

#[tokio::test]
async fn nothing_is_missed_and_nobody_else_notices() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let siti_client = student(&kelasd, "Siti").await;
    let (mut guru, welcome) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (siti, joined) = Visit::join(&siti_client, meeting, "siti-page").await;
    guru.catch_up().await;
    let token = joined["token"].as_str().expect("a token").to_owned();
    let seen = siti.seq;
    siti.cut();
    for number in 0..10 {
        guru.chat(&format!("k{number}"), &format!("pesan {number}")).await;
    }
    guru.say(json!({"type": "signal", "to": joined["self"], "candidate": null})).await;
    for number in 0..10 {
        assert_eq!(guru.hear().await["key"], format!("k{number}"));
    }

    // Over the fallback, as a phone might.
    let mut again = Visit::open_events(&siti_client, meeting).await;
    let resumed = again.resume("siti-page", &token, seen).await;
    assert_eq!((&resumed["type"], &resumed["seq"]), (&json!("resumed"), &json!(seen)));
    let missed = again.catch_up().await;
    let texts: Vec<_> =
        missed.iter().filter(|message| message["type"] == "chat").map(|message| &message["text"]).collect();
    let said: Vec<_> = (0..10).map(|number| Value::from(format!("pesan {number}"))).collect();
    assert_eq!(texts, said.iter().collect::<Vec<_>>());
    // Signals do not wait for the disk, so it may stand anywhere among the messages.
    let signals: Vec<_> = missed.iter().filter(|message| message["type"] == "signal").collect();
    assert_eq!((signals.len(), &signals[0]["from"]), (1, &welcome["self"]));
    assert_eq!(guru.catch_up().await, Vec::<Value>::new());

    // The old token is used up; the new one works, and the connection that it replaces is told.
    let token = resumed["token"].as_str().expect("a token").to_owned();
    let mut third = Visit::open(&siti_client, meeting).await;
    assert_eq!(third.resume("siti-page", &token, again.seq).await["type"], "resumed");
    assert_eq!(again.end().await.reason(), "replaced");
}

#[tokio::test]
async fn a_wrong_or_stale_token_leads_to_joining_anew() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let client = student(&kelasd, "Siti").await;
    let (first, joined) = Visit::join(&client, meeting, "siti-page").await;
    let stale = joined["token"].as_str().expect("a token").to_owned();
    first.cut();
    let mut second = Visit::open(&client, meeting).await;
    assert_eq!(second.resume("siti-page", &stale, 0).await["type"], "resumed");
    let thief = student(&kelasd, "Budi").await;
    for (client, token) in [(&client, stale.as_str()), (&client, "nonsense"), (&thief, stale.as_str())] {
        let mut visit = Visit::open(client, meeting).await;
        let refused = visit.resume("other-page", token, 0).await;
        assert_eq!((&refused["type"], &refused["code"]), (&json!("error"), &json!("resume_unknown")));
        assert_eq!(visit.enter("other-page").await["type"], "joined");
    }
    second.catch_up().await;
}

#[tokio::test]
async fn a_slow_reader_is_cut_disturbs_nobody_and_comes_back() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let slow_client = student(&kelasd, "Lambat").await;
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (mut siti, _) = Visit::join(&student(&kelasd, "Siti").await, meeting, "siti-page").await;
    let (mut slow, joined) = Visit::join(&slow_client, meeting, "slow-page").await;
    let token = joined["token"].as_str().expect("a token").to_owned();
    let seen = slow.seq;
    let participants = joined["participants"].as_array().expect("a list");
    let own = participants.iter().find(|participant| participant["id"] == joined["self"]);
    let person = own.expect("the own participant")["person"].clone();
    // The kernel's buffers take some megabytes before the queue begins to fill, and what one
    // person may send to another is bounded: it takes many to overwhelm one.
    let mut crowd = Vec::new();
    while connections(&kelasd).await == 3 + crowd.len() as u64 {
        assert!(crowd.len() < 100, "the queue must be full at some time");
        let number = crowd.len();
        let client = student(&kelasd, &format!("Murid {number}")).await;
        let (mut visit, _) = Visit::join(&client, meeting, &format!("crowd-{number}")).await;
        for piece in 0..CHAT_BURST {
            let key = format!("{number}-{piece}");
            visit.say(json!({"type": "chat", "key": key, "text": "😀".repeat(4_000), "to": person})).await;
        }
        // All of it is stored and on its way when the last has been acknowledged.
        let last = format!("{number}-{}", CHAT_BURST - 1);
        while visit.hear_type("chat").await["key"] != last.as_str() {}
        crowd.push(visit);
    }
    let end = slow.end().await;
    assert_eq!(end.reason(), "slow");
    assert!(end.heard.last().expect("closing")["retryAfter"].is_u64());
    guru.chat("k", "masih di sini").await;
    assert_eq!(siti.hear_type("chat").await["text"], "masih di sini");
    assert_eq!(guru.hear_type("chat").await["key"], "k");

    let mut again = Visit::open(&slow_client, meeting).await;
    let refused = again.resume("slow-page", &token, seen).await;
    assert_eq!(refused["code"], "resume_expired", "{refused}");
    assert_eq!(again.enter("slow-page").await["self"], joined["self"]);
    guru.chat("k2", "halo lagi").await;
    assert_eq!(again.hear_type("chat").await["text"], "halo lagi");
}

/// Connections of live rooms, as the daemon counts them.
async fn connections(kelasd: &Kelasd) -> u64 {
    let metrics = kelasd.plain_client().get("/metrics").await.text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("kelasd_room_connections "));
    line.expect("the metric").parse().expect("a number")
}
