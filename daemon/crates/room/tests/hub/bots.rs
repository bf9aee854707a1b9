//! Bots in a room: they load it as people do, and are nobody to the people in it.

use base::limits;
use room::message::shared::{Lobby, Role};
use serde_json::json;

use crate::school::{GURU, School, chat, moderate};

const BOT: i64 = -1;
const OTHER: i64 = -2;

#[test]
fn bots_signal_to_each_other_and_neither_to_people_nor_people_to_them() {
    let mut school = School::new();
    let (siti, siti_id) = school.enter(1, Role::Student);
    let (bot, bot_id) = school.enter(BOT, Role::Bot);
    let (other, other_id) = school.enter(OTHER, Role::Bot);
    let signal = |to: &String| json!({"type": "signal", "to": to, "candidate": null});
    school.send(bot, &signal(&other_id));
    assert_eq!(school.heard_one(other)["from"], json!(bot_id));
    school.send(bot, &signal(&siti_id));
    assert_eq!(school.heard_one(bot)["code"], "recipient_unknown");
    school.send(siti, &signal(&bot_id));
    assert_eq!(school.heard_one(siti)["code"], "recipient_unknown");
    assert!(school.heard(bot).is_empty() && school.heard(other).is_empty());
}

#[test]
fn people_are_told_of_bots_and_bots_of_everything() {
    let mut school = School::new();
    let (siti, _) = school.enter(1, Role::Student);
    let bot = school.connect(BOT, Role::Bot);
    school.join(bot, 0);
    assert_eq!(school.heard_one(siti)["participant"]["role"], "bot");
    school.all_read();
    school.send(siti, &chat("k1", "Halo"));
    assert_eq!(school.heard_one(bot)["text"], "Halo");
}

#[test]
fn a_bot_waits_in_no_lobby_and_takes_no_seat() {
    let mut school = School::with_lobby(Lobby::Everyone);
    school.enter(BOT, Role::Bot);
    school.enter(OTHER, Role::Bot);
    for number in 1..=limits::ROOM_PARTICIPANTS {
        school.enter(i64::try_from(number).expect("small"), Role::Teacher);
    }
    let counts = school.hub.counts();
    assert_eq!((counts.participants, counts.bots), (limits::ROOM_PARTICIPANTS + 2, 2));
    assert_eq!(counts.people, limits::ROOM_PARTICIPANTS);
    let late = school.connect(5_000, Role::Teacher);
    school.join(late, 0);
    assert_eq!(school.heard_one(late)["code"], "room_full");
}

#[test]
fn nothing_is_kept_in_the_name_of_a_bot() {
    let mut school = School::new();
    let (guru, _) = school.enter(GURU, Role::Teacher);
    let (bot, bot_id) = school.enter(BOT, Role::Bot);
    school.send(bot, &chat("k1", "Halo"));
    assert_eq!(school.heard_one(bot)["code"], "not_allowed");
    school.send(bot, &moderate("mute_all", &json!({})));
    assert_eq!(school.heard_one(bot)["code"], "not_moderator");
    school.send(guru, &moderate("remove", &json!({"target": bot_id})));
    assert_eq!(school.heard_one(guru)["code"], "not_allowed");
    assert!(school.asked.is_empty(), "{:?}", school.asked);
}

#[test]
fn a_bot_whose_connection_breaks_is_gone_at_once() {
    let mut school = School::new();
    let (siti, _) = school.enter(1, Role::Student);
    let (bot, _) = school.enter(BOT, Role::Bot);
    school.disconnect(bot);
    assert_eq!(school.heard_one(siti)["event"], "left");
    assert_eq!(school.hub.counts().bots, 0);
}
