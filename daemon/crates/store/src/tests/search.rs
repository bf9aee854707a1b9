//! Who finds what, and that the index follows what happens to things.

use base::id::{MeetingId, PersonId};
use base::random::SeededRandom;
use rusqlite::Connection;

use super::assignments::file;
use super::support::{Fixture, message, session};
use crate::{
    AssignmentDraft, Course, GuestPolicy, HitKind, LatePolicy, Lobby, MaterialKind, NewMaterial, NewMatter,
    NoticeDraft, Person, PersonKind, SearchWords, Visibility,
};

const LOOKS_AFTER: &[PersonKind] = &[PersonKind::Student];

/// What somebody finds: kind and title, or text of a message.
async fn found(fixture: &Fixture, person: &Person, typed: &str) -> Vec<(HitKind, String)> {
    let looks_after: &[PersonKind] = match person.kind {
        PersonKind::Technician => PersonKind::ALL,
        PersonKind::Teacher => LOOKS_AFTER,
        PersonKind::Student | PersonKind::Guest => &[],
    };
    let words = SearchWords::read(typed).expect("short").expect("words");
    let found = fixture.store.search(person, looks_after, words).await.expect(typed);
    let hits = found.into_iter().flat_map(|found| found.hits.into_iter().map(move |hit| (found.kind, hit)));
    let named = hits.map(|(kind, hit)| match kind {
        HitKind::Message => (kind, hit.text.expect("a message has a text")),
        kind => (kind, hit.title),
    });
    named.collect()
}

/// A school in which everything is about "gaya".
struct School {
    fixture: Fixture,
    course: Course,
    meeting: MeetingId,
    draft: MeetingId,
    people: Vec<(&'static str, Person)>,
}

impl School {
    async fn new() -> Self {
        let fixture = Fixture::new();
        let store = &fixture.store;
        let teacher = fixture.person(PersonKind::Teacher, "Bu Gaya").await;
        let course = store.create_course("Gaya 7A", teacher.id, &mut SeededRandom(7)).await.expect("made");
        let meeting = store.create_meeting(course.id, "Gaya gesek").await.expect("made").id;
        let draft = store.create_meeting(course.id, "Gaya rahasia").await.expect("made").id;
        let join = async |name: &str| {
            store.join_course(course.id, name, session(name)).await.expect("joined").person
        };
        let (student, other) = (join("Siti").await, join("Gayatri").await);
        let removed = join("Cici").await;
        store.remove_member(course.id, removed.id, teacher.id).await.expect("removed");
        store.set_guest_policy(course.id, GuestPolicy::Ask).await.expect("set");
        let guest = join("Tamu").await;
        let outsider = fixture.person(PersonKind::Teacher, "Pak Edi").await;
        let technician = fixture.person(PersonKind::Technician, "Teknisi").await;
        for (meeting, title) in [(meeting, "Bacaan gaya"), (draft, "Kunci gaya")] {
            text(&fixture, meeting, title).await;
        }
        let task = |title: &str| AssignmentDraft {
            title: title.into(),
            text: None,
            due_at: None,
            late: LatePolicy::Accept,
            points: 100,
        };
        let shown = store.create_assignment(meeting, task("Soal gaya")).await.expect("made");
        store.show_assignment(shown.id, Visibility::Published).await.expect("shown");
        store.create_assignment(meeting, task("Draf gaya")).await.expect("made");
        let hidden = store.create_assignment(draft, task("Ulangan gaya")).await.expect("made");
        store.show_assignment(hidden.id, Visibility::Published).await.expect("shown");
        let notice = NoticeDraft { title: "Ulangan gaya".into(), text: None };
        store.create_notice(course.id, teacher.id, notice).await.expect("made");
        for (key, author, text, to) in [
            ("a", student.id, "apa itu gaya", None),
            ("b", student.id, "gaya saya buruk, bu", Some(teacher.id)),
            ("c", other.id, "gaya kita berdua", Some(student.id)),
        ] {
            let mut new = message(meeting, author, key, text);
            new.to = to;
            store.append_message(new).await.expect("stored");
        }
        store.append_message(message(draft, teacher.id, "d", "gaya di draf")).await.expect("stored");
        store.set_visibility(draft, Visibility::Draft).await.expect("hidden");
        let people = vec![
            ("teacher", teacher),
            ("student", student),
            ("other", other),
            ("removed", removed),
            ("guest", guest),
            ("outsider", outsider),
            ("technician", technician),
        ];
        Self { fixture, course, meeting, draft, people }
    }

    fn person(&self, who: &str) -> &Person {
        &self.people.iter().find(|(known, _)| *known == who).expect("known").1
    }
}

async fn text(fixture: &Fixture, meeting: MeetingId, title: &str) {
    let matter = NewMatter::Text("Baca **bab 3**".into());
    let new = NewMaterial { title: Some(title.into()), matter };
    fixture.store.add_material(meeting, new, None).await.expect("added");
}

/// Everything that is about "gaya", and who finds it, by the first letters of those who are asked.
#[tokio::test]
async fn each_finds_what_they_may_see_and_nothing_else() {
    use HitKind::{Assignment, Course, Material, Meeting, Message, Notice, Person};
    let table: &[(HitKind, &str, &[&str])] = &[
        (Course, "Gaya 7A", &["teacher", "student", "other", "guest", "technician"]),
        (Meeting, "Gaya gesek", &["teacher", "student", "other", "guest", "technician"]),
        (Meeting, "Gaya rahasia", &["teacher", "technician"]),
        (Material, "Bacaan gaya", &["teacher", "student", "other", "guest", "technician"]),
        (Material, "Kunci gaya", &["teacher", "technician"]),
        (Assignment, "Soal gaya", &["teacher", "student", "other", "guest", "technician"]),
        (Assignment, "Draf gaya", &["teacher", "technician"]),
        (Assignment, "Ulangan gaya", &["teacher", "technician"]),
        (Notice, "Ulangan gaya", &["teacher", "student", "other", "guest", "technician"]),
        (Message, "apa itu gaya", &["teacher", "student", "other", "technician"]),
        (Message, "gaya saya buruk, bu", &["teacher", "student"]),
        (Message, "gaya kita berdua", &["student", "other"]),
        (Message, "gaya di draf", &["teacher", "technician"]),
        (Person, "Gayatri", &["teacher", "outsider", "technician"]),
        (Person, "Bu Gaya", &["technician"]),
    ];
    let school = School::new().await;
    for (who, person) in &school.people {
        let mut found = found(&school.fixture, person, "gaya").await;
        found.sort();
        let may = table.iter().filter(|(.., people)| people.contains(who));
        let mut expected: Vec<_> = may.map(|(kind, title, _)| (*kind, (*title).to_owned())).collect();
        expected.sort();
        assert_eq!(found, expected, "{who}");
    }
}

#[tokio::test]
async fn a_lobby_holds_back_what_is_said_in_its_room() {
    let school = School::new().await;
    let store = &school.fixture.store;
    let says = async |who: &str| {
        let found = found(&school.fixture, school.person(who), "apa itu").await;
        found.iter().any(|(kind, _)| *kind == HitKind::Message)
    };
    for (lobby, expected) in
        [(Lobby::Off, [true, true]), (Lobby::Guests, [false, true]), (Lobby::Everyone, [false, false])]
    {
        store.set_lobby(school.meeting, lobby).await.expect("set");
        assert_eq!([says("guest").await, says("student").await], expected, "{lobby:?}");
        assert!(says("teacher").await);
    }
}

#[tokio::test]
async fn the_index_follows_what_is_changed_deleted_and_put_away() {
    let school = School::new().await;
    let (store, fixture) = (&school.fixture.store, &school.fixture);
    let teacher = school.person("teacher");
    let titles = async |typed: &str| -> Vec<String> {
        found(fixture, teacher, typed).await.into_iter().map(|(_, title)| title).collect()
    };
    // What is renamed is found by its new name alone.
    store.set_course(school.course.id, "Energi 7A", Some("2026/2027 Ganjil")).await.expect("renamed");
    assert_eq!(titles("ganjil").await, ["Energi 7A"]);
    let materials = store.materials_of(school.meeting).await.expect("read");
    let changed = store.change_material(materials[0].id, MaterialKind::Text, None, Some("Usaha".into()));
    changed.await.expect("changed");
    assert!(!titles("bacaan").await.contains(&"Bacaan gaya".to_owned()));
    assert_eq!(titles("usaha").await, [""]);
    let notice = store.notices_of(school.course.id, teacher.id).await.expect("read")[0].id;
    let draft = NoticeDraft { title: "Libur".into(), text: Some("Sampai **Senin**".into()) };
    store.change_notice(notice, draft).await.expect("changed");
    assert_eq!(titles("sen").await, ["Libur"]);
    store.delete_notice(notice).await.expect("deleted");
    assert!(titles("sen").await.is_empty());
    // Files by their names, and gone with their material.
    let film = NewMaterial { title: None, matter: NewMatter::File(file(1, "Film jarum.mp4", teacher.id)) };
    let film = store.add_material(school.meeting, film, None).await.expect("added");
    assert_eq!(titles("jarum").await, ["Film jarum.mp4"]);
    store.delete_material(film.id).await.expect("deleted");
    assert!(titles("jarum").await.is_empty());
    // A message that a teacher deletes; a meeting with all that is in it.
    let history = store.messages_before(school.meeting, teacher.id, None, 9).await.expect("read");
    let said = history.messages.iter().find(|said| said.to.is_none()).expect("said").id;
    store.delete_message(school.meeting, said, teacher.id).await.expect("deleted");
    assert!(titles("apa itu").await.is_empty());
    let empty = store.copy_meeting(school.draft, "Salinan jarum").await.expect("copied").id;
    assert_eq!(titles("kunci").await.len(), 2, "a copy is found too");
    store.delete_meeting(empty).await.expect("deleted");
    assert_eq!((titles("jarum").await.len(), titles("kunci").await.len()), (0, 1));

    store.archive_course(school.course.id).await.expect("archived");
    store.archive_course(school.course.id).await.expect("harmless");
    assert_eq!(titles("gaya").await, ["Gayatri"], "people stay");
    store.restore_course(school.course.id).await.expect("restored");
    assert!(titles("rahasia").await.contains(&"Gaya rahasia".to_owned()));
    store.close().await.expect("closed");
    let connection = Connection::open(fixture.path()).expect("opened");
    let (indexed, things): (i64, i64) = connection
        .query_row("SELECT (SELECT count(*) FROM search), (SELECT count(*) FROM searchable)", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .expect("counted");
    assert_eq!(indexed, things, "nothing stands in the index twice, and nothing is missing");
    connection.execute_batch("INSERT INTO search (search) VALUES ('integrity-check')").expect("sound");
}

#[tokio::test]
async fn people_are_found_by_name_number_and_group_unless_they_are_away() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, _) = fixture.course().await;
    let details = |name: &str| crate::AccountDetails {
        name: name.into(),
        login: None,
        number: Some("0051234".into()),
        group: Some("7A".into()),
    };
    let budi = store.create_account(PersonKind::Student, details("Budi Santoso")).await.expect("made");
    for typed in ["budi", "sant bu", "0051", "7a", "budi 7a"] {
        let mut people = found(&fixture, &teacher, typed).await;
        people.retain(|(kind, _)| *kind == HitKind::Person);
        assert_eq!(people, [(HitKind::Person, "Budi Santoso".to_owned())], "{typed}");
    }
    assert_eq!(found(&fixture, &teacher, "udi").await, [], "not from the middle of a word");
    assert_eq!(found(&fixture, &teacher, "7").await, [], "a single digit stands for itself");
    store.set_account_details(budi, details("Budiman")).await.expect("renamed");
    assert_eq!(found(&fixture, &teacher, "santoso").await, []);
    store.deactivate(budi).await.expect("away");
    assert_eq!(found(&fixture, &teacher, "budiman").await, []);
    store.reactivate(budi).await.expect("back");
    assert_eq!(found(&fixture, &teacher, "budiman").await.len(), 1);
    store.delete_person(budi).await.expect("deleted");
    assert_eq!(found(&fixture, &teacher, "budiman").await, []);
}

#[tokio::test]
async fn whatever_is_typed_is_words_and_nothing_else() {
    let fixture = Fixture::new();
    let (teacher, course) = fixture.course().await;
    fixture.store.create_meeting(course.id, "Gunung Gedé AND naïve c1").await.expect("made");
    for typed in [
        "\"",
        "\"\"",
        "'",
        "gunung\"",
        "gunung*",
        "^gunung",
        "title:gunung",
        "{title} : gunung",
        "NEAR(gunung, 2)",
        "gunung + gede",
        "gunung -gede",
        "(gunung",
        "gunung)",
        "gede OR",
        "NOT gunung",
        "gunung\u{0}gede",
        "SELECT * FROM search",
        "'; DROP TABLE search; --",
        "gede\u{301}",
        "GUNUNG",
        "👩‍🏫 gunung",
        "ⅷ ² ½ ª",
        "ͅ",
        "َ",
        "ก็",
        "東京",
        "a\u{301}\u{301}",
        "\u{301}",
    ] {
        let Some(words) = SearchWords::read(typed).expect("short") else { continue };
        fixture.store.search(&teacher, &[], words).await.expect(typed);
    }
    for typed in ["gede", "GEDÉ", "gedé", "gun nai", "and", "gunung\"*"] {
        let titles = found(&fixture, &teacher, typed).await;
        assert_eq!(titles, [(HitKind::Meeting, "Gunung Gedé AND naïve c1".to_owned())], "{typed}");
    }
    let stranger = fixture.person(PersonKind::Student, "Ani").await;
    for typed in ["gunung", "place:c1", "c1", "c1 OR gunung"] {
        assert_eq!(found(&fixture, &stranger, typed).await, [], "{typed}");
    }
}

#[tokio::test]
async fn of_many_the_newest_are_shown_and_that_there_are_more_is_told() {
    let fixture = Fixture::new();
    let (teacher, meeting) = fixture.meeting().await;
    for number in 0..20 {
        let key = number.to_string();
        let new = message(meeting, teacher.id, &key, &format!("halo {number}"));
        fixture.store.append_message(new).await.expect("stored");
    }
    let words = SearchWords::read("halo").expect("short").expect("words");
    let found = fixture.store.search(&teacher, &[], words).await.expect("found");
    assert_eq!(found.len(), 1);
    let texts: Vec<_> = found[0].hits.iter().filter_map(|hit| hit.text.as_deref()).collect();
    assert_eq!(
        texts,
        ["halo 19", "halo 18", "halo 17", "halo 16", "halo 15", "halo 14", "halo 13", "halo 12"]
    );
    assert!(found[0].more);
    let nobody = Person { id: PersonId(99), ..teacher };
    let words = SearchWords::read("halo").expect("short").expect("words");
    assert_eq!(fixture.store.search(&nobody, &[], words).await.expect("found"), []);
}
