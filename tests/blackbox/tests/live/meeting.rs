//! Coming in, hearing of each other, introducing peers, going.

use blackbox::{Kelasd, Visit, student, teacher};
use serde_json::json;

#[tokio::test]
async fn two_people_meet_and_introduce_their_peers() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (mut guru, joined) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    assert_eq!(joined["participants"].as_array().expect("a list").len(), 1);
    assert_eq!(joined["meeting"]["id"], meeting);
    let stun = format!("stun:{}", kelasd.stun_address());
    assert_eq!(joined["iceServers"], json!([{"urls": [stun]}]));

    let (mut siti, welcome) = Visit::join(&student(&kelasd, "Siti").await, meeting, "siti-page").await;
    let participants = welcome["participants"].as_array().expect("a list");
    assert_eq!(participants.len(), 2);
    let heard = guru.hear().await;
    assert_eq!((&heard["type"], &heard["event"]), (&json!("participant"), &json!("joined")));
    assert_eq!(heard["participant"]["name"], "Siti");
    assert_eq!(heard["participant"]["role"], "student");
    assert_eq!(heard["participant"]["id"], welcome["self"]);

    // A description is relayed as it is, whatever is in it.
    let description = json!({"type": "offer", "sdp": "v=0\r\na=😀 \"x\"\r\n"});
    siti.say(json!({"type": "signal", "to": joined["self"], "description": description})).await;
    let signal = guru.hear_type("signal").await;
    assert_eq!((&signal["from"], &signal["description"]), (&welcome["self"], &description));
    let candidate = json!({"candidate": "candidate:1 1 udp 1 10.0.0.2 5000 typ host", "sdpMid": "0"});
    guru.say(json!({"type": "signal", "to": welcome["self"], "candidate": candidate})).await;
    assert_eq!(siti.hear_type("signal").await["candidate"], candidate);

    siti.say(
        json!({"type": "state", "media": {"audio": false, "video": true, "screen": true, "hand": true}}),
    )
    .await;
    let updated = guru.hear_type("participant").await;
    assert_eq!(
        (&updated["event"], &updated["participant"]["media"]["hand"]),
        (&json!("updated"), &json!(true))
    );

    siti.say(json!({"type": "leave"})).await;
    let end = siti.end().await;
    assert_eq!((end.reason(), end.code), ("left", Some(1000)));
    let left = guru.hear_type("participant").await;
    assert_eq!((&left["event"], &left["reason"]), (&json!("left"), &json!("left")));
}

#[tokio::test]
async fn nobody_enters_who_may_not() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let refused = |answer: Result<Visit, blackbox::Answer>| answer.err().expect("refused");
    let stranger = refused(Visit::try_open(&kelasd.client(), meeting).await);
    assert_eq!((stranger.status, stranger.code().as_str()), (401, "sign_in_required"));
    let siti = student(&kelasd, "Siti").await;
    let nowhere = refused(Visit::try_open(&siti, 9_999).await);
    assert_eq!((nowhere.status, nowhere.code().as_str()), (404, "not_found"));
    let page = siti.get("/api/rooms/abc/messages").await;
    assert_eq!((page.status, page.code().as_str()), (404, "not_found"));
    let not_upgraded = siti.get(&format!("/api/rooms/{meeting}/live")).await;
    assert_eq!((not_upgraded.status, not_upgraded.code().as_str()), (400, "bad_request"));
}

#[tokio::test]
async fn plain_http_carries_the_room_of_a_student_too() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let budi = blackbox::join_course(&kelasd, kelasd.plain_client(), "Budi").await;
    let (mut budi, joined) = Visit::join(&budi, meeting, "budi-page").await;
    guru.chat("k1", "Selamat pagi").await;
    assert_eq!(budi.hear_type("chat").await["text"], "Selamat pagi");
    let stun = format!("stun:{}", kelasd.stun_address());
    assert_eq!(joined["iceServers"][0]["urls"][0], stun);
}

#[tokio::test]
async fn one_person_may_have_eight_connections() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let siti = student(&kelasd, "Siti").await;
    let mut open = Vec::new();
    for page in 0..8 {
        open.push(Visit::join(&siti, meeting, &format!("page-{page}")).await.0);
    }
    let end = Visit::open(&siti, meeting).await.end().await;
    assert_eq!(end.heard[0]["code"], "too_many_connections");
    assert_eq!(end.reason(), "refused");
    drop(open);
}
