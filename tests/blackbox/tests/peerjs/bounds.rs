//! What kelasd refuses, and that others notice nothing of it.

use blackbox::Client;
use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;

use crate::peer::{Heard, OPEN, Peer};
use crate::target::{Options, Target};

const EXPIRE: &str = r#"{"type":"EXPIRE","src":"b","dst":"a"}"#;

async fn target() -> Target {
    Target::kelasd(Options { expire_timeout_ms: Some(60_000), ..Options::default() }).await
}

async fn refused(client: &Client, query: &str, reason: &str) {
    let mut peer = Peer::dial(client, query).await;
    peer.hears(&format!(r#"{{"type":"ERROR","payload":{{"msg":"{reason}"}}}}"#)).await;
    peer.is_closed().await;
}

#[tokio::test]
async fn ids_follow_the_clients_rule_and_have_at_most_64_characters() {
    let target = target().await;
    for id in ["-", "a-", "%C3%A4", "a%0Ab", "a.b", "a--b", "%22", "a/b", &"x".repeat(65), &"x".repeat(4_000)]
    {
        refused(&target.client, &format!("key=peerjs&token=t&id={id}"), "Invalid id provided").await;
    }
    Peer::join(&target.client, &"x".repeat(64)).await;
}

#[tokio::test]
async fn tokens_and_keys_are_bounded() {
    let target = target().await;
    let long = "t".repeat(65);
    refused(&target.client, &format!("key=peerjs&id=a&token={long}"), "Invalid token provided").await;
    refused(&target.client, &format!("key={long}&id=a&token=t"), "Invalid key provided").await;
    Peer::knock(&target.client, "a", &"t".repeat(64)).await.hears(OPEN).await;
}

#[tokio::test]
async fn a_frame_over_64_kib_closes_with_1009_and_frees_the_id() {
    let target = target().await;
    let mut bystander = Peer::join(&target.client, "bystander").await;
    let mut a = Peer::join(&target.client, "a").await;
    let offer = format!(r#"{{"type":"OFFER","dst":"bystander","payload":"{}"}}"#, "x".repeat(65_536));
    a.say(&offer).await;
    assert_eq!(a.hear().await, Heard::Closed(Some(1009)));
    bystander.hears_nothing_else("bystander").await;
}

#[tokio::test]
async fn sixty_four_messages_wait_for_a_peer_and_the_next_is_answered_with_expire() {
    let target = target().await;
    let mut a = Peer::join(&target.client, "a").await;
    for number in 0..66 {
        a.say(&format!(r#"{{"type":"CANDIDATE","dst":"b","payload":{number}}}"#)).await;
    }
    a.hears(EXPIRE).await;
    a.hears(EXPIRE).await;
    a.hears_nothing_else("a").await;
    let mut b = Peer::join(&target.client, "b").await;
    for number in 0..64 {
        b.hears(&format!(r#"{{"type":"CANDIDATE","src":"a","dst":"b","payload":{number}}}"#)).await;
    }
    b.hears_nothing_else("b").await;
}

#[tokio::test]
async fn a_quarter_of_a_mebibyte_waits_for_a_peer() {
    let target = target().await;
    let mut a = Peer::join(&target.client, "a").await;
    let payload = "x".repeat(60_000);
    for _ in 0..5 {
        a.say(&format!(r#"{{"type":"OFFER","dst":"b","payload":"{payload}"}}"#)).await;
    }
    a.hears(EXPIRE).await;
    let mut b = Peer::join(&target.client, "b").await;
    for _ in 0..4 {
        b.hears(&format!(r#"{{"type":"OFFER","src":"a","dst":"b","payload":"{payload}"}}"#)).await;
    }
    b.hears_nothing_else("b").await;
}

#[tokio::test]
async fn eight_mebibytes_wait_for_all_peers_together() {
    let target = target().await;
    let mut a = Peer::join(&target.client, "a").await;
    let payload = "x".repeat(60_000);
    for number in 0..145 {
        a.say(&format!(r#"{{"type":"OFFER","dst":"nobody{number}","payload":"{payload}"}}"#)).await;
    }
    let mut refused = 0;
    a.say(r#"{"type":"OFFER","dst":"a","payload":"end"}"#).await;
    loop {
        match a.hear().await {
            Heard::Text(text) if text.contains("end") => break,
            Heard::Text(text) => {
                assert!(text.starts_with(r#"{"type":"EXPIRE","src":"nobody1"#), "{text}");
                refused += 1;
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(145 - refused, 8 * 1024 * 1024 / 60_300, "messages of 60 kB that found room");
    let mut b = Peer::join(&target.client, "b").await;
    b.hears_nothing_else("b").await;
}

#[tokio::test]
async fn nobody_can_be_waited_for_under_an_impossible_id() {
    let target = target().await;
    let mut a = Peer::join(&target.client, "a").await;
    a.say(r#"{"type":"OFFER","dst":"no such id!"}"#).await;
    a.hears(r#"{"type":"EXPIRE","src":"no such id!","dst":"a"}"#).await;
    a.hears_nothing_else("a").await;
}

#[tokio::test]
async fn a_client_that_floods_is_told_and_closed_while_others_go_on() {
    let target = target().await;
    let mut bystander = Peer::join(&target.client, "bystander").await;
    let mut a = Peer::join(&target.client, "a").await;
    let mut heard = None;
    for _ in 0..20_000 {
        if a.socket.feed(Message::text(r#"{"type":"HEARTBEAT"}"#)).await.is_err() {
            break;
        }
    }
    // The server may have closed already; what it said is read below.
    let _ = a.socket.flush().await;
    while let Heard::Text(text) = a.hear().await {
        heard = Some(text);
    }
    let reason = r#"{"type":"ERROR","payload":{"msg":"Too many messages"}}"#;
    assert_eq!(heard.as_deref(), Some(reason));
    bystander.hears_nothing_else("bystander").await;
    Peer::join(&target.client, "a").await;
}
