//! What kelasd does better than PeerServer: the known defects, cured.

use blackbox::{Client, Kelasd, Method};
use bytes::Bytes;
use futures_util::SinkExt as _;
use nix::sys::signal::Signal;
use tokio_tungstenite::tungstenite::Message;

use crate::peer::{Heard, OPEN, Peer};
use crate::target::{Options, Target};

async fn listed(client: &Client) -> Vec<String> {
    serde_json::from_value(client.get("/peerjs/peerjs/peers").await.json()).expect("a list of ids")
}

#[tokio::test]
async fn whoever_returns_with_id_and_token_hears_open_and_the_old_socket_is_closed() {
    let target = Target::kelasd(Options { allow_discovery: true, ..Options::default() }).await;
    let mut friend = Peer::join(&target.client, "friend").await;
    let mut old = Peer::join(&target.client, "a").await;
    let mut new = Peer::join(&target.client, "a").await;
    old.is_closed().await;
    friend.say(r#"{"type":"OFFER","dst":"a"}"#).await;
    new.hears(r#"{"type":"OFFER","src":"friend","dst":"a"}"#).await;
    drop(old);
    new.say(r#"{"type":"ANSWER","dst":"friend"}"#).await;
    friend.hears(r#"{"type":"ANSWER","src":"a","dst":"friend"}"#).await;
    assert_eq!(listed(&target.client).await, ["a", "friend"]);
}

#[tokio::test]
async fn returning_works_at_the_limit_too() {
    let target = Target::kelasd(Options { concurrent_limit: Some(1), ..Options::default() }).await;
    let mut old = Peer::join(&target.client, "a").await;
    let _new = Peer::join(&target.client, "a").await;
    old.is_closed().await;
}

#[tokio::test]
async fn who_gave_an_id_up_neither_speaks_under_it_nor_takes_it_from_the_next_owner() {
    let target = Target::kelasd(Options { allow_discovery: true, ..Options::default() }).await;
    let mut friend = Peer::join(&target.client, "friend").await;
    let mut ghost = Peer::join(&target.client, "a").await;
    ghost.say(r#"{"type":"LEAVE"}"#).await;
    ghost.say(r#"{"type":"OFFER","dst":"friend","payload":"ghost"}"#).await;
    ghost.is_open().await;
    let mut owner = Peer::knock(&target.client, "a", "another").await;
    let first = owner.hear().await;
    assert_eq!(first, Heard::Text(OPEN.to_owned()), "what the ghost said first has been taken by now");
    ghost.say(r#"{"type":"OFFER","dst":"friend","payload":"ghost"}"#).await;
    ghost.say(r#"{"type":"LEAVE"}"#).await;
    ghost.is_open().await;
    ghost.leave().await;
    owner.say(r#"{"type":"OFFER","dst":"friend","payload":"owner"}"#).await;
    friend.hears(r#"{"type":"OFFER","src":"a","dst":"friend","payload":"owner"}"#).await;
    assert_eq!(listed(&target.client).await, ["a", "friend"]);
}

#[tokio::test]
async fn the_socket_works_over_tls_and_needs_no_session() {
    let kelasd = Kelasd::start().await;
    let client = kelasd.client();
    assert_eq!(client.get("/peerjs").await.status, 200);
    let mut a = Peer::join(&client, "a").await;
    a.hears_nothing_else("a").await;
    assert_eq!(client.cookies(), "");
}

#[tokio::test]
async fn a_stopping_daemon_says_so_and_ends_in_time() {
    let kelasd = Kelasd::start().await;
    let client = kelasd.plain_client();
    let mut a = Peer::join(&client, "a").await;
    kelasd.signal(Signal::SIGTERM);
    assert_eq!(a.hear().await, Heard::Closed(Some(1001)));
    drop(a);
    assert!(kelasd.ended().await.status.success());
}

#[tokio::test]
async fn a_technician_can_switch_the_dialect_off() {
    let kelasd =
        Kelasd::configure().arguments(&["--demo"]).variable("KELASD_PEERJS_ENABLED", "false").start().await;
    let client = kelasd.plain_client();
    for path in ["/peerjs", "/peerjs/peerjs/id"] {
        assert_eq!(client.get(path).await.status, 404);
    }
    let preflight = client.request(Method::OPTIONS, "/peerjs/peerjs/id", Bytes::new());
    let preflight = client.send(preflight).await;
    assert_eq!(preflight.header("access-control-allow-origin"), None);
    let refused = client.socket("/peerjs/peerjs?key=peerjs&id=a&token=t", None).await;
    assert_eq!(refused.err().map(|status| status.as_u16()), Some(404));
}

#[tokio::test]
async fn a_client_that_reads_too_slowly_is_cut_and_its_partner_hears_leave() {
    let target = Target::kelasd(Options::default()).await;
    let mut fast = Peer::join(&target.client, "fast").await;
    let mut bystander = Peer::join(&target.client, "bystander").await;
    let mut slow = Peer::join(&target.client, "slow").await;
    let offer = format!(r#"{{"type":"OFFER","dst":"slow","payload":"{}"}}"#, "x".repeat(60_000));
    // The queue and the kernel's buffers on both ends hold some megabytes.
    let flood = async {
        for _ in 0..1_000 {
            tokio::select! {
                sent = fast.socket.send(Message::text(offer.clone())) => sent.expect("sent"),
                heard = bystander.hear() => panic!("{heard:?}"),
            }
        }
        fast.hear().await
    };
    assert_eq!(flood.await, Heard::Text(r#"{"type":"LEAVE","src":"slow","dst":"fast"}"#.to_owned()));
    let mut last = None;
    while let Heard::Text(text) = slow.hear().await {
        last = Some(text);
    }
    let reason = r#"{"type":"ERROR","payload":{"msg":"Messages are read too slowly"}}"#;
    assert_eq!(last.as_deref(), Some(reason));
    bystander.hears_nothing_else("bystander").await;
}
