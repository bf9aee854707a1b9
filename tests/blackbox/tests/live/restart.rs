//! The daemon goes, and comes back.

use blackbox::{Kelasd, Visit, student, teacher};
use serde_json::json;

#[tokio::test]
async fn clients_are_told_come_back_and_are_who_they_were() {
    let folder = tempfile::tempdir().expect("a folder");
    let configure = || Kelasd::configure().data(folder.path()).arguments(&["--demo"]);
    let kelasd = configure().start().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (guru, siti) = (teacher(&kelasd).await, student(&kelasd, "Siti").await);
    let (mut at_guru, _) = Visit::join(&guru, meeting, "guru-page").await;
    let mut at_siti = Visit::open_events(&siti, meeting).await;
    let joined = at_siti.enter("siti-page").await;
    at_siti.chat("k1", "sebelum mati").await;
    at_guru.hear_type("chat").await;
    at_siti.hear_type("chat").await;

    kelasd.signal(nix::sys::signal::Signal::SIGTERM);
    let end = at_guru.end().await;
    assert_eq!((end.reason(), end.code), ("restart", Some(1001)));
    let retry_after = end.heard.last().expect("closing")["retryAfter"].as_u64().expect("seconds");
    assert!((1..=3).contains(&retry_after), "{retry_after}");
    assert_eq!(at_siti.end().await.reason(), "restart");
    let ended = kelasd.ended().await;
    assert!(ended.status.success(), "{}", ended.output);

    let kelasd = configure().start().await;
    let again = kelasd.client();
    for name in ["__Host-kelas", "kelas"] {
        if let Some(value) = siti.cookie(name) {
            again.set_cookie(name, &value);
        }
    }
    let mut back = Visit::open(&again, meeting).await;
    let token = joined["token"].as_str().expect("a token");
    assert_eq!(back.resume("siti-page", token, 2).await["code"], "resume_unknown");
    let rejoined = back.enter("siti-page").await;
    assert_eq!(rejoined["self"], joined["self"]);
    assert_eq!(rejoined["chat"][0]["text"], "sebelum mati");
    back.chat("k1", "sebelum mati").await;
    let own = back.hear_type("chat").await;
    assert_eq!((&own["id"], &own["key"]), (&rejoined["chat"][0]["id"], &json!("k1")));
}

#[tokio::test]
async fn a_stop_waits_for_no_client_that_does_not_listen() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (deaf, joined) = Visit::join(&student(&kelasd, "Siti").await, meeting, "siti-page").await;
    let sdp = "x".repeat(60_000);
    let offer = json!({"type": "signal", "to": joined["self"], "description": {"type": "offer", "sdp": sdp}});
    for _ in 0..100 {
        guru.say(offer.clone()).await;
    }
    guru.catch_up().await;
    let ended = kelasd.stop().await;
    assert!(ended.status.success(), "{}", ended.output);
    deaf.cut();
}
