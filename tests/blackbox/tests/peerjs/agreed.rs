//! What every PeerServer does: each behaviour runs against kelasd and against the real one.

use std::time::Duration;

use blackbox::{Answer, Client, Method};
use bytes::Bytes;
use futures_util::SinkExt as _;
use http::{HeaderMap, HeaderValue};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::peer::{Heard, OPEN, Peer};
use crate::target::{Options, Which};

macro_rules! on_both {
    ($($(#[$meta:meta])* async fn $name:ident($which:ident: Which) $body:block)*) => {
        $($(#[$meta])* async fn $name($which: Which) $body)*

        mod kelasd {
            $(#[tokio::test] async fn $name() { super::$name(super::Which::Kelasd).await; })*
        }
        mod peerserver {
            $(#[tokio::test] async fn $name() { super::$name(super::Which::PeerServer).await; })*
        }
    };
}

const DESCRIPTION: &str = r#"{"name":"PeerJS Server","description":"A server side element to broker connections between PeerJS clients.","website":"https://peerjs.com/"}"#;

/// A request of a page from `origin`.
async fn from_page(client: &Client, method: Method, path: &str, origin: &'static str) -> Answer {
    let mut request = client.request(method, path, Bytes::new());
    request.headers_mut().insert("origin", HeaderValue::from_static(origin));
    request.headers_mut().insert("access-control-request-headers", HeaderValue::from_static("x-a,x-b"));
    client.send(request).await
}

fn vary(answer: &Answer) -> String {
    let all: Vec<&str> =
        answer.headers.get_all("vary").iter().map(|value| value.to_str().expect("text")).collect();
    all.join(", ")
}

/// Ids in discovery's list, as a set.
async fn listed(client: &Client) -> Vec<String> {
    let mut ids: Vec<String> =
        serde_json::from_value(client.get("/peerjs/peerjs/peers").await.json()).expect("a list of ids");
    ids.sort();
    ids
}

/// Waits until exactly these ids are listed.
async fn become_listed(client: &Client, ids: &[&str]) {
    let look = async {
        while listed(client).await != ids {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), look).await.expect("the list becomes right");
}

/// Waits until an id may be taken by another token, and takes it.
async fn take_over(client: &Client, id: &str, token: &str) -> Peer {
    let trying = async {
        loop {
            let mut peer = Peer::knock(client, id, token).await;
            match peer.hear().await {
                Heard::Text(text) if text == OPEN => return peer,
                Heard::Text(text) => assert!(text.contains("ID-TAKEN") || text.contains("limit"), "{text}"),
                other => panic!("{other:?}"),
            }
            peer.is_closed().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), trying).await.expect("the id becomes free")
}

on_both! {
    async fn the_root_describes_the_server(which: Which) {
        let target = which.start(Options::default()).await;
        for path in ["/peerjs", "/peerjs/"] {
            let answer = target.client.get(path).await;
            assert_eq!((answer.status, answer.text().as_str()), (200, DESCRIPTION));
            assert_eq!(answer.header("content-type"), Some("application/json; charset=utf-8"));
        }
    }

    async fn ids_are_version_4_uuids_whatever_the_key(which: Which) {
        let target = which.start(Options::default()).await;
        let mut ids = Vec::new();
        for path in ["/peerjs/peerjs/id?ts=17000.5&version=1.5.5", "/peerjs/wrongkey/id"] {
            let answer = target.client.get(path).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
            let id = answer.text();
            let form: String = id.chars().map(|c| if c.is_ascii_hexdigit() { 'x' } else { c }).collect();
            assert_eq!(form, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
            assert_eq!((&id[14..15], id.to_lowercase()), ("4", id.clone()));
            assert!("89ab".contains(&id[19..20]), "{id}");
            ids.push(id);
        }
        assert_ne!(ids[0], ids[1]);
        let head = target.client.request(Method::HEAD, "/peerjs/peerjs/id", Bytes::new());
        let head = target.client.send(head).await;
        assert_eq!((head.status, head.body.len()), (200, 0));
    }

    async fn the_list_of_peers_is_refused_unless_allowed(which: Which) {
        let target = which.start(Options::default()).await;
        let refused = target.client.get("/peerjs/peerjs/peers").await;
        assert_eq!((refused.status, refused.text().as_str()), (401, "Unauthorized"));
        assert_eq!(refused.header("content-type"), Some("text/plain; charset=utf-8"));

        let target = which.start(Options { allow_discovery: true, ..Options::default() }).await;
        assert_eq!(target.client.get("/peerjs/anykey/peers").await.text(), "[]");
        let one = Peer::join(&target.client, "one").await;
        let _two = Peer::join(&target.client, "two").await;
        let allowed = target.client.get("/peerjs/peerjs/peers").await;
        assert_eq!(allowed.header("content-type"), Some("application/json; charset=utf-8"));
        assert_eq!(listed(&target.client).await, ["one", "two"]);
        one.leave().await;
        become_listed(&target.client, &["two"]).await;
    }

    async fn pages_of_every_origin_may_ask(which: Which) {
        let target = which.start(Options::default()).await;
        for (path, status) in [("/peerjs", 200), ("/peerjs/k/id", 200), ("/peerjs/k/peers", 401), ("/peerjs/x", 404)] {
            for origin in ["http://project.example:8000", "null"] {
                let answer = from_page(&target.client, Method::GET, path, origin).await;
                assert_eq!(answer.status, status, "{path}");
                assert_eq!(answer.header("access-control-allow-origin"), Some(origin), "{path}");
                assert!(vary(&answer).eq_ignore_ascii_case("origin"), "{path}: {}", vary(&answer));
            }
            let answer = target.client.get(path).await;
            assert_eq!(answer.header("access-control-allow-origin"), None);
            assert!(vary(&answer).eq_ignore_ascii_case("origin"), "{path}: {}", vary(&answer));
            assert_eq!(answer.header("set-cookie"), None);
        }
    }

    async fn a_preflight_is_granted(which: Which) {
        let target = which.start(Options::default()).await;
        for path in ["/peerjs/peerjs/id", "/peerjs", "/peerjs/no/such/thing"] {
            let answer = from_page(&target.client, Method::OPTIONS, path, "http://a.example").await;
            assert_eq!((answer.status, answer.body.len()), (204, 0), "{path}");
            assert_eq!(answer.header("access-control-allow-methods"), Some("GET,HEAD,PUT,PATCH,POST,DELETE"));
            assert_eq!(answer.header("access-control-allow-headers"), Some("x-a,x-b"));
            assert_eq!(answer.header("access-control-allow-origin"), Some("http://a.example"));
            let vary = vary(&answer).to_lowercase();
            assert!(vary.contains("origin") && vary.contains("access-control-request-headers"), "{vary}");
        }
    }

    async fn everything_else_is_not_found(which: Which) {
        let target = which.start(Options::default()).await;
        for path in ["/peerjs/peerjs", "/peerjs/peerjs?id=a&token=t&key=peerjs", "/peerjs/k/other", "/peerjs/k/id/x", "/peerjs//id"] {
            assert_eq!(target.client.get(path).await.status, 404, "{path}");
        }
        let post = target.client.request(Method::POST, "/peerjs/peerjs/id", Bytes::new());
        assert_eq!(target.client.send(post).await.status, 404);
    }

    async fn the_socket_has_one_exact_address(which: Which) {
        let target = which.start(Options::default()).await;
        for path in ["/peerjs/peerjs/", "/peerjs/other", "/peerjs", "/peerjs/", "/peerjs/peerjs/id"] {
            let path = format!("{path}?key=peerjs&id=a&token=t");
            let answer = target.client.socket_with(&path, HeaderMap::new()).await.expect_err("refused");
            assert_eq!(answer.status, 400, "{path}");
            assert_eq!(answer.header("connection"), Some("close"));
            assert_eq!(answer.header("content-type"), Some("text/html"));
            assert_eq!(answer.header("content-length"), Some("11"));
        }
        let mut request = target.client.request(Method::GET, "/peerjs/peerjs?key=peerjs&id=a&token=t", Bytes::new());
        request.headers_mut().insert("connection", HeaderValue::from_static("Upgrade"));
        request.headers_mut().insert("upgrade", HeaderValue::from_static("websocket"));
        let answer = target.client.send(request).await;
        assert_eq!((answer.status, answer.header("connection")), (400, Some("close")), "no Sec-WebSocket-Key");
    }

    async fn pages_of_every_origin_may_connect(which: Which) {
        let target = which.start(Options::default()).await;
        for (id, origin) in [("a", "http://project.example"), ("b", "null"), ("c", "file://")] {
            let mut headers = HeaderMap::new();
            headers.insert("origin", HeaderValue::from_static(origin));
            let path = format!("/peerjs/peerjs?key=peerjs&id={id}&token=t");
            let socket = target.client.socket_with(&path, headers).await.expect("upgraded");
            Peer { socket }.hears(OPEN).await;
        }
    }

    async fn offer_answer_and_candidate_are_relayed(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        let mut b = Peer::join(&target.client, "b").await;
        let offer = r#"{"sdp":{"type":"offer","sdp":"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n"},"type":"media","connectionId":"mc_x1","metadata":{"nama":"Siti 😀"}}"#;
        a.say(&format!(r#"{{"type":"OFFER","payload":{offer},"dst":"b"}}"#)).await;
        b.hears(&format!(r#"{{"type":"OFFER","src":"a","dst":"b","payload":{offer}}}"#)).await;
        let answer = r#"{"sdp":{"type":"answer","sdp":"v=0"},"type":"media","connectionId":"mc_x1"}"#;
        b.say(&format!(r#"{{"type":"ANSWER","payload":{answer},"dst":"a"}}"#)).await;
        a.hears(&format!(r#"{{"type":"ANSWER","src":"b","dst":"a","payload":{answer}}}"#)).await;
        let candidate = r#"{"candidate":{"candidate":"candidate:1 1 udp 1 10.42.0.2 4 typ host","sdpMid":"0","sdpMLineIndex":0,"usernameFragment":null},"type":"media","connectionId":"mc_x1"}"#;
        a.say(&format!(r#"{{"type":"CANDIDATE","payload":{candidate},"dst":"b"}}"#)).await;
        b.hears(&format!(r#"{{"type":"CANDIDATE","src":"a","dst":"b","payload":{candidate}}}"#)).await;
    }

    async fn a_relayed_message_has_four_fields_and_the_true_source(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        let mut b = Peer::join(&target.client, "b").await;
        a.say(r#"{"extra":1,"src":"c","dst":"b","payload":null,"type":"OFFER","more":{"type":"LEAVE"}}"#).await;
        b.hears(r#"{"type":"OFFER","src":"a","dst":"b","payload":null}"#).await;
        a.say(r#"{"type":"OFFER","dst":"b"}"#).await;
        b.hears(r#"{"type":"OFFER","src":"a","dst":"b"}"#).await;
        a.say(r#"{"type":"OFFER","type":"ANSWER","dst":"x","dst":"b","payload":1,"payload":[2]}"#).await;
        b.hears(r#"{"type":"ANSWER","src":"a","dst":"b","payload":[2]}"#).await;
    }

    async fn json_in_binary_frames_is_as_good(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        let mut b = Peer::join(&target.client, "b").await;
        let offer: &[u8] = br#"{"type":"OFFER","dst":"b","payload":"binary"}"#;
        a.socket.send(Message::binary(offer)).await.expect("sent");
        b.hears(r#"{"type":"OFFER","src":"a","dst":"b","payload":"binary"}"#).await;
        a.socket.send(Message::binary(&b"\xff\x00"[..])).await.expect("sent");
        a.hears_nothing_else("a").await;
    }

    async fn fragments_are_one_message(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        let first = Frame::message(&br#"{"type":"OFFER","dst":"#[..], OpCode::Data(Data::Text), false);
        let last = Frame::message(&br#""a","payload":2}"#[..], OpCode::Data(Data::Continue), true);
        for fragment in [first, last] {
            a.socket.send(Message::Frame(fragment)).await.expect("sent");
        }
        a.hears(r#"{"type":"OFFER","src":"a","dst":"a","payload":2}"#).await;
    }

    async fn leave_and_expire_may_go_straight_to_a_peer(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        let mut b = Peer::join(&target.client, "b").await;
        a.say(r#"{"type":"LEAVE","src":"c","dst":"b"}"#).await;
        b.hears(r#"{"type":"LEAVE","src":"a","dst":"b"}"#).await;
        a.say(r#"{"type":"EXPIRE","dst":"b"}"#).await;
        b.hears(r#"{"type":"EXPIRE","src":"a","dst":"b"}"#).await;
        a.hears_nothing_else("a").await;
    }

    async fn what_is_no_message_is_dropped_and_the_connection_stays(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        for text in [
            "", "null", "5", "[]", "\"OFFER\"", "{", "{}", "not json",
            r#"{"type":"OPEN","dst":"a"}"#, r#"{"type":"ERROR","dst":"a"}"#, r#"{"type":"ID-TAKEN","dst":"a"}"#,
            r#"{"type":"offer","dst":"a"}"#, r#"{"type":null,"dst":"a"}"#, r#"{"type":["OFFER"],"dst":"a"}"#,
            r#"{"type":"HEARTBEAT","dst":"a"}"#,
            r#"{"type":"OFFER"}"#, r#"{"type":"OFFER","dst":null}"#, r#"{"type":"OFFER","dst":""}"#,
            r#"{"type":"EXPIRE"}"#, r#"{"type":"OFFER","dst":"a""#,
        ] {
            a.say(text).await;
        }
        a.hears_nothing_else("a").await;
    }

    async fn invalid_utf8_in_a_text_frame_closes_with_1007(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        let frame = Frame::message(&b"\xff\xfe"[..], OpCode::Data(Data::Text), true);
        a.socket.send(Message::Frame(frame)).await.expect("sent");
        assert_eq!(a.hear().await, Heard::Closed(Some(1007)));
        drop(a);
        take_over(&target.client, "a", "other").await;
    }

    async fn an_id_in_use_is_taken_for_ten_thieves(which: Which) {
        let target = which.start(Options::default()).await;
        let mut owner = Peer::join(&target.client, "a").await;
        for thief in 0..10 {
            let mut thief = Peer::knock(&target.client, "a", &format!("thief{thief}")).await;
            thief.hears(r#"{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}"#).await;
            thief.is_closed().await;
        }
        owner.hears_nothing_else("a").await;
    }

    async fn missing_and_wrong_parameters_are_named_and_the_socket_closed(which: Which) {
        let target = which.start(Options::default()).await;
        let missing = r#"{"type":"ERROR","payload":{"msg":"No id, token, or key supplied to websocket server"}}"#;
        let key = r#"{"type":"ERROR","payload":{"msg":"Invalid key provided"}}"#;
        for (query, error) in [
            ("", missing),
            ("key=peerjs&id=a", missing),
            ("key=peerjs&token=t", missing),
            ("id=a&token=t", missing),
            ("key=peerjs&id=&token=t", missing),
            ("key=wrong&id=&token=t", missing),
            ("key=wrong&id=a&token=t", key),
            ("key=PEERJS&id=a&token=t", key),
        ] {
            let mut peer = Peer::dial(&target.client, query).await;
            peer.hears(error).await;
            peer.is_closed().await;
        }
    }

    async fn the_query_is_read_as_browsers_write_it(which: Which) {
        let target = which.start(Options { allow_discovery: true, ..Options::default() }).await;
        let mut peer = Peer::dial(&target.client, "key=x&key=peerjs&id=Siti%20Nur+1&token=t%26%3D&other=1").await;
        peer.hears(OPEN).await;
        assert_eq!(listed(&target.client).await, ["Siti Nur 1"]);
        let mut thief = Peer::knock(&target.client, "Siti+Nur%201", "t").await;
        thief.hears(r#"{"type":"ID-TAKEN","payload":{"msg":"ID is taken"}}"#).await;
    }

    async fn the_limit_is_told_and_a_place_that_is_left_is_free_again(which: Which) {
        let target = which.start(Options { concurrent_limit: Some(2), ..Options::default() }).await;
        let a = Peer::join(&target.client, "a").await;
        let _b = Peer::join(&target.client, "b").await;
        let mut c = Peer::knock(&target.client, "c", "t").await;
        c.hears(r#"{"type":"ERROR","payload":{"msg":"Server has reached its concurrent user limit"}}"#).await;
        c.is_closed().await;
        a.leave().await;
        take_over(&target.client, "c", "t").await.hears_nothing_else("c").await;
    }

    async fn a_client_that_closed_gives_its_id_up(which: Which) {
        let target = which.start(Options::default()).await;
        let polite = Peer::join(&target.client, "a").await;
        polite.leave().await;
        let rude = take_over(&target.client, "a", "second").await;
        drop(rude);
        take_over(&target.client, "a", "third").await;
    }

    async fn messages_wait_for_a_peer_and_follow_its_open_in_order(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        a.say(r#"{"type":"OFFER","dst":"b","payload":0}"#).await;
        for number in 1..10 {
            a.say(&format!(r#"{{"type":"CANDIDATE","dst":"b","payload":{number}}}"#)).await;
        }
        a.say(r#"{"type":"LEAVE","dst":"b"}"#).await;
        a.say(r#"{"type":"EXPIRE","dst":"b"}"#).await;
        a.hears_nothing_else("a").await;
        let mut b = Peer::join(&target.client, "b").await;
        b.hears(r#"{"type":"OFFER","src":"a","dst":"b","payload":0}"#).await;
        for number in 1..10 {
            b.hears(&format!(r#"{{"type":"CANDIDATE","src":"a","dst":"b","payload":{number}}}"#)).await;
        }
        b.hears_nothing_else("b").await;
    }

    async fn messages_wait_although_their_sender_has_gone(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        a.say(r#"{"type":"OFFER","dst":"b","payload":0}"#).await;
        a.hears_nothing_else("a").await;
        a.leave().await;
        let mut b = Peer::join(&target.client, "b").await;
        b.hears(r#"{"type":"OFFER","src":"a","dst":"b","payload":0}"#).await;
    }

    async fn what_nobody_fetches_expires_with_one_answer_per_pair(which: Which) {
        let target = which.start(Options { expire_timeout_ms: Some(1_000), ..Options::default() }).await;
        let mut a = Peer::join(&target.client, "a").await;
        let mut c = Peer::join(&target.client, "c").await;
        for kind in ["OFFER", "CANDIDATE", "CANDIDATE"] {
            a.say(&format!(r#"{{"type":"{kind}","dst":"b"}}"#)).await;
            c.say(&format!(r#"{{"type":"{kind}","dst":"b"}}"#)).await;
        }
        a.hears(r#"{"type":"EXPIRE","src":"b","dst":"a"}"#).await;
        c.hears(r#"{"type":"EXPIRE","src":"b","dst":"c"}"#).await;
        a.hears_nothing_else("a").await;
        c.hears_nothing_else("c").await;
        Peer::join(&target.client, "b").await.hears_nothing_else("b").await;
    }

    async fn leave_without_addressee_gives_the_id_up_but_not_the_socket(which: Which) {
        let target = which.start(Options { allow_discovery: true, ..Options::default() }).await;
        let mut a = Peer::join(&target.client, "a").await;
        a.say(r#"{"type":"LEAVE"}"#).await;
        become_listed(&target.client, &[]).await;
        a.is_open().await;
        let mut next = Peer::knock(&target.client, "a", "another").await;
        next.hears(OPEN).await;
        a.is_open().await;
    }

    async fn only_heartbeats_keep_a_client(which: Which) {
        let options = Options { alive_timeout_ms: Some(2_000), allow_discovery: true, ..Options::default() };
        let target = which.start(options).await;
        let mut beating = Peer::join(&target.client, "beating").await;
        let mut talking = Peer::join(&target.client, "talking").await;
        let mut pinging = Peer::join(&target.client, "pinging").await;
        let talk = Message::text(r#"{"type":"EXPIRE","dst":"nobody"}"#);
        let others = async {
            tokio::join!(
                talking.hear_while_sending(talk),
                pinging.hear_while_sending(Message::Ping(Bytes::new()))
            )
        };
        tokio::select! {
            heard = beating.hear_while_sending(Message::text(r#"{"type":"HEARTBEAT"}"#)) => panic!("{heard:?}"),
            heard = others => assert_eq!(heard, (Heard::Closed(None), Heard::Closed(None))),
        }
        become_listed(&target.client, &["beating"]).await;
        beating.hears_nothing_else("beating").await;
    }

    async fn a_large_offer_passes(which: Which) {
        let target = which.start(Options::default()).await;
        let mut a = Peer::join(&target.client, "a").await;
        let mut b = Peer::join(&target.client, "b").await;
        let payload = "x".repeat(60_000);
        for _ in 0..3 {
            a.say(&format!(r#"{{"type":"OFFER","dst":"b","payload":"{payload}"}}"#)).await;
            b.hears(&format!(r#"{{"type":"OFFER","src":"a","dst":"b","payload":"{payload}"}}"#)).await;
        }
    }
}
