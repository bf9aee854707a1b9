//! People who write while the plug is pulled, and what must be there afterwards.

use std::collections::BTreeMap;

use blackbox::{Client, Visit};
use serde_json::Value;

use crate::Outcome;
use crate::machine::Machine;

/// Messages that are sent: as many as a person may send at once. The cut comes in the middle.
const SENT: usize = 20;
/// Acknowledged when the plug is pulled.
const BEFORE_THE_CUT: usize = 12;

/// The texts that the sender saw come back, by their numbers, and in which room.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    meeting: i64,
    texts: BTreeMap<i64, String>,
}

/// Writes until enough was acknowledged, and pulls the plug while the rest is on its way.
pub(crate) async fn cut_short(machine: Machine, person: Client, meeting: i64) -> Outcome<Heard> {
    let (mut visit, _joined) = Visit::join(&person, meeting, "cut-short").await;
    for number in 0..SENT {
        visit.try_chat(&format!("pesan-{number}")).await?;
    }
    let mut texts = BTreeMap::new();
    while texts.len() < BEFORE_THE_CUT {
        let message = visit.hear().await;
        match message["type"].as_str() {
            Some("chat") => insert(&mut texts, &message)?,
            Some("error") => return Err(format!("a message is refused: {message}").into()),
            _ => {}
        }
    }
    machine.cut().await?;
    // What was on its way when it was cut counts as well: somebody has seen it.
    while let Ok(message) = visit.try_hear().await {
        if message["type"] == "chat" {
            insert(&mut texts, &message)?;
        }
    }
    Ok(Heard { meeting, texts })
}

/// Each of the texts is stored under its number.
pub(crate) async fn all_is_kept(person: &Client, heard: &Heard) -> Outcome<()> {
    let mut stored = BTreeMap::new();
    let mut before = String::new();
    loop {
        let page = person.get(&format!("/api/rooms/{}/messages{before}", heard.meeting)).await.json();
        let messages = page["messages"].as_array().ok_or_else(|| format!("no messages: {page}"))?;
        for message in messages {
            insert(&mut stored, message)?;
        }
        if page["more"] != true {
            break;
        }
        let oldest = stored.keys().next().ok_or("more, but nothing yet")?;
        before = format!("?before={oldest}");
    }
    let lost: Vec<_> = heard.texts.iter().filter(|(id, text)| stored.get(id) != Some(text)).collect();
    if lost.is_empty() && !heard.texts.is_empty() {
        return Ok(());
    }
    Err(format!("{} of {} are lost or changed: {lost:?}", lost.len(), heard.texts.len()).into())
}

fn insert(texts: &mut BTreeMap<i64, String>, message: &Value) -> Outcome<()> {
    let parts = message["id"].as_i64().zip(message["text"].as_str());
    let (id, text) = parts.ok_or_else(|| format!("no chat message: {message}"))?;
    texts.insert(id, text.to_owned());
    Ok(())
}
