//! What is said: to all, to one, once, and what was said before.

use blackbox::{Kelasd, Visit, student, teacher};
use serde_json::json;

#[tokio::test]
async fn chat_reaches_all_and_the_senders_copy_is_the_acknowledgement() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (mut siti, _) = Visit::join(&student(&kelasd, "Siti").await, meeting, "siti-page").await;
    let text = "Selamat pagi, anak-anak! 👩‍🏫\nBuka halaman 12.";
    guru.chat("pagi-1", text).await;
    let (own, other) = (guru.hear_type("chat").await, siti.hear_type("chat").await);
    assert_eq!((&own["key"], &own["text"]), (&json!("pagi-1"), &json!(text)));
    assert_eq!((other.get("key"), &other["text"], &other["id"]), (None, &json!(text), &own["id"]));
    siti.chat("pagi-2", "Pagi, Bu 🙏").await;
    assert_eq!(guru.hear_type("chat").await["text"], "Pagi, Bu 🙏");

    // Sent again: acknowledged again, stored and shown to others once.
    siti.chat("pagi-2", "Pagi, Bu 🙏").await;
    siti.hear_until(|message| message["key"] == "pagi-2").await;
    siti.hear_until(|message| message["key"] == "pagi-2").await;
    assert_eq!(guru.catch_up().await, Vec::<serde_json::Value>::new());
    siti.chat("pagi-2", "something else").await;
    let refused = siti.hear_type("error").await;
    assert_eq!((&refused["code"], &refused["key"]), (&json!("chat_key_reused"), &json!("pagi-2")));
}

#[tokio::test]
async fn a_private_message_is_for_two_alone_also_in_history() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let (budi_client, siti_client) = (student(&kelasd, "Budi").await, student(&kelasd, "Siti").await);
    let (mut guru, _) = Visit::join(&teacher(&kelasd).await, meeting, "guru-page").await;
    let (mut siti, _) = Visit::join(&siti_client, meeting, "siti-page").await;
    let (mut budi, _) = Visit::join(&budi_client, meeting, "budi-page").await;
    let person =
        guru.hear_until(|message| message["participant"]["name"] == "Siti").await["participant"]["person"]
            .clone();
    guru.say(json!({"type": "chat", "key": "k", "text": "Nilaimu 95", "to": person})).await;
    assert_eq!(siti.hear_type("chat").await["to"], person);
    assert_eq!(guru.hear_type("chat").await["key"], "k");
    assert_eq!(budi.catch_up().await, Vec::<serde_json::Value>::new());
    let path = format!("/api/rooms/{meeting}/messages");
    assert_eq!(siti_client.get(&path).await.json()["messages"][0]["text"], "Nilaimu 95");
    assert_eq!(budi_client.get(&path).await.json()["messages"], json!([]));
}

#[tokio::test]
async fn history_is_read_page_by_page() {
    let kelasd = Kelasd::demo().await;
    let meeting = kelasd.announced.meeting.expect("--demo");
    let clients = [teacher(&kelasd).await, student(&kelasd, "Siti").await, student(&kelasd, "Budi").await];
    let mut said = Vec::new();
    for (index, client) in clients.iter().cycle().take(6).enumerate() {
        // Each new page of the browser has the person's limit of twenty at once behind it only if
        // it is somebody else's: six rounds of ten among three people.
        let (mut visit, _) = Visit::join(client, meeting, &format!("page-{index}")).await;
        for number in 0..10 {
            let text = format!("{index}-{number}");
            visit.chat(&text, &text).await;
            let own = visit.hear_until(|message| message["key"] == text.as_str()).await;
            said.push((own["id"].as_i64().expect("a number"), text));
        }
        visit.say(json!({"type": "leave"})).await;
        visit.end().await;
    }
    let (mut late, joined) = Visit::join(&clients[0], meeting, "late").await;
    let shown = |messages: &serde_json::Value| -> Vec<(i64, String)> {
        let list = messages.as_array().expect("a list").iter();
        list.map(|message| {
            (message["id"].as_i64().expect("a number"), message["text"].as_str().expect("text").to_owned())
        })
        .collect()
    };
    assert_eq!(shown(&joined["chat"]), said[10..]);
    let path = format!("/api/rooms/{meeting}/messages?before={}", said[10].0);
    let page = clients[0].get(&path).await.json();
    assert_eq!((shown(&page["messages"]), &page["more"]), (said[..10].to_vec(), &json!(false)));
    let newest = clients[0].get(&format!("/api/rooms/{meeting}/messages")).await.json();
    assert_eq!((shown(&newest["messages"]), &newest["more"]), (said[10..].to_vec(), &json!(true)));
    let wrong = clients[0].get(&format!("/api/rooms/{meeting}/messages?before=x")).await;
    assert_eq!((wrong.status, wrong.code().as_str()), (400, "bad_request"));
    late.catch_up().await;
}
