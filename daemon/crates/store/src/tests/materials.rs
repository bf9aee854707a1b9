//! Materials, their files and what is on its way.

use base::Code;
use base::id::{MeetingId, PersonId};
use base::limits::{MATERIALS_PER_MEETING, UPLOAD_BYTES_PER_PERSON, UPLOAD_IDLE_MS, UPLOADS_PER_PERSON};
use rusqlite::Connection;

use super::support::Fixture;
use crate::{Material, MaterialKind, Matter, NewFile, NewMaterial, NewMatter, NewUpload, Sha256, Shift};

fn text(text: &str) -> NewMaterial {
    NewMaterial { title: None, matter: NewMatter::Text(text.into()) }
}

fn file(content: u8, name: &str, person: PersonId) -> NewMaterial {
    let file = NewFile {
        sha256: Sha256([content; 32]),
        size_bytes: 5,
        name: name.into(),
        media_type: "application/pdf",
        person,
    };
    NewMaterial { title: Some("Bacaan".into()), matter: NewMatter::File(file) }
}

fn upload(person: PersonId, meeting: MeetingId, size_bytes: u64) -> NewUpload {
    NewUpload { person, meeting, assignment: None, name: "Film.mp4".into(), size_bytes }
}

fn words(materials: &[Material]) -> Vec<&str> {
    let mut words = Vec::new();
    for material in materials {
        let Matter::Text(text) = &material.matter else { panic!("{material:?}") };
        words.push(text.as_str());
    }
    words
}

#[tokio::test]
async fn materials_keep_their_order_and_move_past_each_other() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (_, meeting) = fixture.meeting().await;
    let mut ids = Vec::new();
    for word in ["a", "b", "c"] {
        ids.push(store.add_material(meeting, text(word), None).await.expect("added").id);
    }
    for (which, shift, order) in [
        (2, Shift::Up, ["a", "c", "b"]),
        (0, Shift::Down, ["c", "a", "b"]),
        (2, Shift::Up, ["c", "a", "b"]),
        (1, Shift::Down, ["c", "a", "b"]),
    ] {
        store.shift_material(meeting, ids[which], shift).await.expect("moved");
        let materials = store.materials_of(meeting).await.expect("read");
        assert_eq!(words(&materials), order);
    }
    store.delete_material(ids[0]).await.expect("deleted");
    store.add_material(meeting, text("d"), None).await.expect("added");
    assert_eq!(words(&store.materials_of(meeting).await.expect("read")), ["c", "b", "d"]);
    let gone = store.shift_material(meeting, ids[0], Shift::Up).await.expect_err("gone");
    assert_eq!(gone.code, Code::NotFound);
}

#[tokio::test]
async fn a_text_stays_a_text_when_it_is_changed() {
    let fixture = Fixture::new();
    let (_, meeting) = fixture.meeting().await;
    let id = fixture.store.add_material(meeting, text("a"), None).await.expect("added").id;
    let change = |kind, text: &str| fixture.store.change_material(id, kind, None, Some(text.to_owned()));
    change(MaterialKind::Text, "b").await.expect("changed");
    assert_eq!(change(MaterialKind::Link, "c").await.expect_err("a text").code, Code::NotFound);
    let found = fixture.store.material(id).await.expect("read").expect("there");
    assert_eq!(found.matter, Matter::Text("b".into()));
}

#[tokio::test]
async fn a_meeting_has_no_more_materials_than_can_be_looked_through() {
    let fixture = Fixture::new();
    let (_, meeting) = fixture.meeting().await;
    for _ in 0..MATERIALS_PER_MEETING {
        fixture.store.add_material(meeting, text("a"), None).await.expect("added");
    }
    let refused = fixture.store.add_material(meeting, text("a"), None).await.expect_err("one too many");
    assert_eq!(refused.code, Code::MaterialsTooMany);
    let nowhere = fixture.store.add_material(MeetingId(99), text("a"), None).await.expect_err("no meeting");
    assert_eq!(nowhere.code, Code::NotFound);
}

#[tokio::test]
async fn a_content_is_kept_once_and_as_long_as_a_file_holds_it() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, meeting) = fixture.meeting().await;
    let first = store.add_material(meeting, file(1, "Gaya.pdf", teacher.id), None).await.expect("added");
    let second = store.add_material(meeting, file(1, "Sama.pdf", teacher.id), None).await.expect("added");
    let other = store.add_material(meeting, file(2, "Lain.pdf", teacher.id), None).await.expect("added");
    let Matter::File(held) = &second.matter else { panic!("a file") };
    assert_eq!((held.name.as_str(), held.size_bytes), ("Sama.pdf", 5));
    assert_eq!(store.file_access(held.id, &teacher).await.expect("there"), *held);
    for (deleted, unused) in [(first.id, vec![]), (other.id, vec![2]), (second.id, vec![1])] {
        store.delete_material(deleted).await.expect("deleted");
        let forgotten = store.forget_unused_contents().await.expect("read");
        let bytes: Vec<u8> = forgotten.iter().map(|(sha256, _)| sha256.0[0]).collect();
        assert_eq!(bytes, unused);
    }
    assert!(!store.keeps_content(Sha256([1; 32])).await.expect("read"));
    assert_eq!(store.file_access(held.id, &teacher).await.expect_err("gone").code, Code::NotFound);
}

#[tokio::test]
async fn what_a_course_takes_along_leaves_no_content_in_use() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    let held =
        fixture.store.add_material(meeting, file(1, "Gaya.pdf", teacher.id), None).await.expect("added");
    fixture.store.create_upload(upload(teacher.id, meeting, 9)).await.expect("begun");
    fixture
        .store
        .write(move |connection| {
            connection.execute("DELETE FROM course", [])?;
            Ok(())
        })
        .await
        .expect("deleted");
    assert_eq!(fixture.store.material(held.id).await.expect("read"), None);
    assert_eq!(fixture.store.uploads().await.expect("read"), []);
    let forgotten = fixture.store.forget_unused_contents().await.expect("read");
    assert_eq!(forgotten, [(Sha256([1; 32]), 5)]);
}

#[tokio::test]
async fn copied_materials_hold_the_same_contents() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, from) = fixture.meeting().await;
    store.add_material(from, text("a"), None).await.expect("added");
    let original = store.add_material(from, file(1, "Gaya.pdf", teacher.id), None).await.expect("added");
    let course = store.meeting(from).await.expect("read").expect("there").course.id;
    let to = store.create_meeting(course, "Gaya 2").await.expect("a meeting").id;
    let now = fixture.store.now();
    let copying = move |connection: &Connection| crate::material::copy(connection, from, to, now);
    store.write(copying).await.expect("copied");
    store.delete_material(original.id).await.expect("deleted");
    assert_eq!(store.forget_unused_contents().await.expect("read"), []);
    let copies = store.materials_of(to).await.expect("read");
    assert_eq!(copies[0].matter, Matter::Text("a".into()));
    let Matter::File(held) = &copies[1].matter else { panic!("a file") };
    assert_eq!((held.name.as_str(), copies[1].title.as_deref()), ("Gaya.pdf", Some("Bacaan")));
}

#[tokio::test]
async fn uploads_are_bounded_in_number_and_bytes_until_they_are_complete() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, meeting) = fixture.meeting().await;
    let half = UPLOAD_BYTES_PER_PERSON / 2;
    let first = store.create_upload(upload(teacher.id, meeting, half)).await.expect("begun");
    store.create_upload(upload(teacher.id, meeting, half)).await.expect("begun");
    let refused = store.create_upload(upload(teacher.id, meeting, 1)).await.expect_err("too much");
    assert_eq!(refused.code, Code::UploadsTooMany);
    let added = store.add_material(meeting, file(1, "Film.mp4", teacher.id), Some(first.id)).await;
    let added = added.expect("complete");
    let again = store.add_material(meeting, file(1, "Film.mp4", teacher.id), Some(first.id)).await;
    assert_eq!(again.expect_err("once").code, Code::UploadGone);
    assert_eq!(store.materials_of(meeting).await.expect("read").len(), 1);
    assert_eq!(store.upload(first.id).await.expect("read").expect("there").material, Some(added.id));
    for _ in 1..UPLOADS_PER_PERSON {
        store.create_upload(upload(teacher.id, meeting, 1)).await.expect("begun");
    }
    let refused = store.create_upload(upload(teacher.id, meeting, 1)).await.expect_err("too many");
    assert_eq!(refused.code, Code::UploadsTooMany);
}

#[tokio::test]
async fn an_upload_that_nobody_goes_on_with_is_forgotten_and_one_in_use_is_not() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, meeting) = fixture.meeting().await;
    let forgotten = store.create_upload(upload(teacher.id, meeting, 9)).await.expect("begun");
    let used = store.create_upload(upload(teacher.id, meeting, 9)).await.expect("begun");
    fixture.pass(UPLOAD_IDLE_MS / 2 + 1);
    store.touch_upload(used.id).await.expect("noted");
    fixture.pass(UPLOAD_IDLE_MS / 2);
    let before = store.now().plus(-UPLOAD_IDLE_MS);
    assert_eq!(store.forget_uploads(before).await.expect("swept"), [forgotten.id]);
    assert_eq!(store.uploads().await.expect("read").len(), 1);
    store.end_upload(used.id).await.expect("ended");
    store.end_upload(used.id).await.expect("harmless");
    assert_eq!(store.upload(used.id).await.expect("read"), None);
}
