//! Bots: sent into a room by its teacher, real programs on real sockets, and gone again.

use std::time::Duration;

use blackbox::{Client, Kelasd, Method, Visit, student, teacher};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::{Value, json};

fn path(meeting: i64) -> String {
    format!("/api/rooms/{meeting}/bots")
}

/// Asks how far the bots are until `wanted` holds.
async fn until(client: &Client, meeting: i64, wanted: impl Fn(&Value) -> bool) -> Value {
    let asking = async {
        loop {
            let status = client.get(&path(meeting)).await.json();
            if wanted(&status) {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), asking).await.expect("it comes to that in time")
}

async fn send_away(client: &Client, meeting: i64) -> u16 {
    let mut request = client.request(Method::DELETE, &path(meeting), Bytes::new());
    request.headers_mut().insert(header::ORIGIN, client.origin().parse().expect("an origin"));
    client.send(request).await.status
}

#[tokio::test]
async fn a_teacher_sends_bots_into_the_room_and_away_again() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let guru = teacher(&kelasd).await;
    let (mut page, _) = Visit::join(&guru, meeting, "guru-page").await;
    let wanted = json!({"count": 3, "every_s": 0, "stay_s": 120});
    let started = guru.post_json(&path(meeting), &wanted).await;
    assert_eq!((started.status, &started.json()["running"]), (202, &json!(true)), "{}", started.text());
    let again = guru.post_json(&path(meeting), &wanted).await;
    assert_eq!((again.status, again.code().as_str()), (409, "bots_busy"));

    let mut names = Vec::new();
    for _ in 0..3 {
        let told = page.hear_type("participant").await;
        assert_eq!((&told["event"], &told["participant"]["role"]), (&json!("joined"), &json!("bot")));
        names.push(told["participant"]["name"].as_str().expect("a name").to_owned());
    }
    names.sort();
    assert_eq!(names, ["Bot 1", "Bot 2", "Bot 3"]);
    // Three pairs, each an offer, an answer, and five candidates each way.
    let status = until(&guru, meeting, |status| status["signals"] == 36).await;
    assert_eq!((&status["present"], &status["lost"]), (&json!(3), &json!(0)), "{status}");

    assert_eq!(send_away(&guru, meeting).await, 202);
    for _ in 0..3 {
        let told = page.hear_until(|message| message["event"] == "left").await;
        assert_eq!(told["participant"]["role"], "bot");
    }
    let status = until(&guru, meeting, |status| status["running"] == false).await;
    assert_eq!((&status["present"], &status["lost"]), (&json!(0), &json!(0)), "{status}");
    // The next crew may come.
    assert_eq!(guru.post_json(&path(meeting), &wanted).await.status, 202);
    let ended = kelasd.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
}

#[tokio::test]
async fn bots_leave_by_themselves_when_their_time_is_over() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let guru = teacher(&kelasd).await;
    let wanted = json!({"count": 2, "every_s": 0, "stay_s": 2});
    assert_eq!(guru.post_json(&path(meeting), &wanted).await.status, 202);
    until(&guru, meeting, |status| status["present"] == 2).await;
    until(&guru, meeting, |status| status["running"] == false).await;
    let (_, joined) = Visit::join(&guru, meeting, "guru-page").await;
    assert_eq!(joined["participants"].as_array().map(Vec::len), Some(1), "{joined}");
}

#[tokio::test]
async fn who_does_not_hold_the_room_sends_no_bots() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let siti = student(&kelasd, "Siti").await;
    let refused = siti.post_json(&path(meeting), &json!({})).await;
    assert_eq!((refused.status, refused.code().as_str()), (403, "not_moderator"));
    let stranger = kelasd.client().post_json(&path(meeting), &json!({})).await;
    assert_eq!((stranger.status, stranger.code().as_str()), (401, "sign_in_required"));
    let guru = teacher(&kelasd).await;
    for wrong in [json!({"count": 0}), json!({"count": 41}), json!({"stay_s": u64::MAX})] {
        let refused = guru.post_json(&path(meeting), &wrong).await;
        assert_eq!((refused.status, refused.code().as_str()), (400, "bots_wanted"), "{wrong}");
    }
    let garbled = guru.post_json(&path(meeting), &json!({"how_many": 3})).await;
    assert_eq!((garbled.status, garbled.code().as_str()), (400, "bad_request"));
}

#[tokio::test]
async fn nobody_comes_in_as_a_bot_without_the_pass() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let guru = teacher(&kelasd).await;
    let knock = |pass: Option<&'static str>| {
        let (client, path) = (kelasd.client(), format!("{}/1", path(meeting)));
        async move {
            let mut headers = HeaderMap::new();
            headers.insert(header::ORIGIN, client.origin().parse().expect("an origin"));
            headers.insert(header::SEC_WEBSOCKET_PROTOCOL, "kelas.v1".parse().expect("a name"));
            if let Some(pass) = pass {
                headers.insert(header::AUTHORIZATION, pass.parse().expect("ASCII"));
            }
            let refused = client.socket_with(&path, headers).await.expect_err("refused");
            (refused.status, refused.code())
        }
    };
    let not_allowed = (403, "not_allowed".to_owned());
    assert_eq!(knock(Some("Bearer anything")).await, not_allowed, "there is no crew");
    let started = guru.post_json(&path(meeting), &json!({"count": 1, "every_s": 0, "stay_s": 60})).await;
    assert_eq!(started.status, 202);
    until(&guru, meeting, |status| status["present"] == 1).await;
    for pass in [None, Some("Bearer "), Some("Bearer anything"), Some("Basic anything")] {
        assert_eq!(knock(pass).await, not_allowed, "{pass:?}");
    }
    let log = kelasd.stop().await.output;
    assert!(!log.contains("Bearer"), "{log}");
}

#[tokio::test]
async fn bots_end_when_the_daemon_is_killed() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let guru = teacher(&kelasd).await;
    let wanted = json!({"count": 1, "every_s": 0, "stay_s": 600});
    assert_eq!(guru.post_json(&path(meeting), &wanted).await.status, 202);
    until(&guru, meeting, |status| status["present"] == 1).await;
    let children = children_of(kelasd.id());
    assert_eq!(children.len(), 1, "the bots are one program of their own");
    kelasd.kill().await;
    let gone = async {
        while is_running(children[0]) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), gone).await.expect("they end by themselves");
}

fn children_of(parent: u32) -> Vec<u32> {
    let mut found = Vec::new();
    // A child belongs to the thread that started it.
    for task in std::fs::read_dir(format!("/proc/{parent}/task")).expect("its own process").flatten() {
        let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
        found.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whoever ended and was not waited for by its new parent yet is a zombie.
fn is_running(id: u32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    status.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
}
