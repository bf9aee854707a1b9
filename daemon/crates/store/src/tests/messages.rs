//! Chat: stored once, in order, seen by whom it is for.

use base::Code;
use base::id::MessageId;

use super::support::{Fixture, message};

#[tokio::test]
async fn the_same_key_and_text_are_stored_once() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let first = fixture.store.append_message(message(meeting, teacher.id, "k1", "Halo 👩‍🏫")).await;
    let first = first.expect("stored");
    let again = fixture.store.append_message(message(meeting, teacher.id, "k1", "Halo 👩‍🏫")).await;
    let again = again.expect("known");
    assert!(!first.duplicate && again.duplicate);
    assert_eq!(first.message, again.message);
    let recent = fixture.store.recent_messages(meeting, 50).await.expect("read");
    assert_eq!(recent, [first.message]);
}

#[tokio::test]
async fn a_key_used_for_another_text_is_refused() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    fixture.store.append_message(message(meeting, teacher.id, "k1", "satu")).await.expect("stored");
    let other = fixture.store.append_message(message(meeting, teacher.id, "k1", "dua")).await;
    assert_eq!(other.expect_err("another text").code, Code::ChatKeyReused);
    let mut private = message(meeting, teacher.id, "k1", "satu");
    private.to = Some(teacher.id);
    let other = fixture.store.append_message(private).await;
    assert_eq!(other.expect_err("another recipient").code, Code::ChatKeyReused);
    assert_eq!(fixture.store.recent_messages(meeting, 50).await.expect("read").len(), 1);
}

#[tokio::test]
async fn what_a_message_names_must_exist() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let nobody = base::id::PersonId(999);
    let nowhere = base::id::MeetingId(999);
    let cases = [
        (nowhere, teacher.id, None, Code::NotFound),
        (meeting, nobody, None, Code::NotFound),
        (meeting, teacher.id, Some(nobody), Code::RecipientUnknown),
    ];
    for (meeting, author, to, code) in cases {
        let mut new = message(meeting, author, "k", "x");
        new.to = to;
        let refused = fixture.store.append_message(new).await;
        assert_eq!(refused.expect_err("names nothing").code, code);
    }
    assert_eq!(fixture.store.recent_messages(meeting, 50).await.expect("read"), []);
}

#[tokio::test]
async fn a_deleted_message_keeps_its_place_without_its_text() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let stored = fixture.store.append_message(message(meeting, teacher.id, "k", "jelek")).await;
    let id = stored.expect("stored").message.id;
    assert_eq!(fixture.store.delete_message(meeting, id, teacher.id).await.expect("deleted"), id);
    fixture.store.delete_message(meeting, id, teacher.id).await.expect("again is harmless");
    let recent = fixture.store.recent_messages(meeting, 50).await.expect("read");
    assert_eq!((recent[0].id, &recent[0].text), (id, &None));
    let unknown = fixture.store.delete_message(meeting, MessageId(id.0 + 1), teacher.id).await;
    assert_eq!(unknown.expect_err("no such message").code, Code::ChatMessageUnknown);
    let elsewhere = fixture.store.delete_message(base::id::MeetingId(999), id, teacher.id).await;
    assert_eq!(elsewhere.expect_err("another meeting's").code, Code::ChatMessageUnknown);
    let again = fixture.store.append_message(message(meeting, teacher.id, "k", "jelek")).await;
    let again = again.expect("known");
    assert!(again.duplicate && again.message.text.is_none(), "a resend does not bring it back");
}
