//! Notices of a course: written, changed, read, deleted.

use base::Code;
use base::id::{CourseId, NoticeId, PersonId};
use base::limits::NOTICES_PER_COURSE;

use super::support::{Fixture, session};
use crate::NoticeDraft;

fn draft(title: &str) -> NoticeDraft {
    NoticeDraft { title: title.into(), text: None }
}

#[tokio::test]
async fn each_member_reads_as_far_as_they_have_come() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, course) = fixture.course().await;
    let budi = store.join_course(course.id, "Budi", session("budi")).await.expect("joined").person;
    let first = store.create_notice(course.id, teacher.id, draft("Ulangan")).await.expect("made");
    fixture.pass(5);
    let text = NoticeDraft { text: Some("Bawa **buku**".into()), ..draft("Libur") };
    let second = store.create_notice(course.id, teacher.id, text.clone()).await.expect("made");
    let seen = async |person: PersonId| {
        let notices = store.notices_of(course.id, person).await.expect("read").into_iter();
        notices.map(|notice| (notice.draft.title, notice.is_unread)).collect::<Vec<_>>()
    };
    let both = |second, first| [("Libur".to_owned(), second), ("Ulangan".to_owned(), first)];
    assert_eq!(seen(budi.id).await, both(true, true));
    store.read_notices(course.id, budi.id, first).await.expect("noted");
    assert_eq!(seen(budi.id).await, both(true, false));
    store.read_notices(course.id, budi.id, second).await.expect("noted");
    store.read_notices(course.id, budi.id, first).await.expect("an older page that was loaded later");
    assert_eq!(seen(budi.id).await, both(false, false));
    assert_eq!(seen(teacher.id).await, both(false, false), "one's own are no news");
    let cici = store.join_course(course.id, "Cici", session("cici")).await.expect("joined").person;
    assert_eq!(seen(cici.id).await, both(true, true), "others have read nothing");
    store.read_notices(course.id, PersonId(99), second).await.expect("nobody: harmless");

    fixture.pass(10);
    let new = async |person: PersonId, within| {
        store.new_notices(course.id, person, within).await.expect("read").len()
    };
    assert_eq!((new(budi.id, 10).await, new(budi.id, 11).await, new(budi.id, 99).await), (0, 1, 2));
    assert_eq!(new(cici.id, 1).await, 2, "unread is new");

    let notice = store.notice(second).await.expect("read").expect("there");
    assert_eq!((notice.author.as_deref(), notice.changed_at), (Some("Bu Sari"), None));
    store.change_notice(second, text).await.expect("the same");
    assert_eq!(store.notice(second).await.expect("read").expect("there").changed_at, None);
    store.change_notice(second, draft("Libur dua hari")).await.expect("changed");
    let notice = store.notice(second).await.expect("read").expect("there");
    assert_eq!((notice.draft, notice.changed_at), (draft("Libur dua hari"), Some(store.now())));
    store.delete_notice(second).await.expect("deleted");
    store.delete_notice(second).await.expect("harmless");
    assert_eq!(store.notice(second).await.expect("read"), None);
    let third = store.create_notice(course.id, teacher.id, draft("Baru")).await.expect("made");
    assert!(third > second, "no number is used twice, so what is new is unread");
    assert_eq!(seen(budi.id).await[0], ("Baru".to_owned(), true));
    assert_eq!(store.notice(NoticeId(99)).await.expect("read"), None);
}

#[tokio::test]
async fn notices_are_bounded_and_belong_to_a_course() {
    let fixture = Fixture::new();
    let store = &fixture.store;
    let (teacher, course) = fixture.course().await;
    for _ in 0..NOTICES_PER_COURSE {
        store.create_notice(course.id, teacher.id, draft("Lagi")).await.expect("made");
    }
    let refused = store.create_notice(course.id, teacher.id, draft("Lebih")).await.expect_err("too many");
    assert_eq!(refused.code, Code::NoticesTooMany);
    let refused = store.create_notice(CourseId(99), teacher.id, draft("Lebih")).await.expect_err("no course");
    assert_eq!(refused.code, Code::NotFound);
}
