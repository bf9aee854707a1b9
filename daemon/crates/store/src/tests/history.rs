//! History holds against a simple model under random histories of writing and deleting.

use base::Code;
use base::id::{MeetingId, MessageId, PersonId};
use proptest::prelude::*;

use super::support::{Fixture, START, message};
use crate::{Message, PersonKind, Store};

const PEOPLE: usize = 3;

/// Something that happens in a meeting.
#[derive(Clone, Debug)]
enum Step {
    Append { author: usize, key: u8, text: u8, to: Option<usize> },
    Delete { message: usize },
    Page { viewer: usize, limit: usize },
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    let recipient = prop_oneof![3 => Just(None), 1 => (0..PEOPLE).prop_map(Some)];
    prop_oneof![
        12 => (0..PEOPLE, 0..30_u8, 0..3_u8, recipient)
            .prop_map(|(author, key, text, to)| Step::Append { author, key, text, to }),
        2 => (0..40_usize).prop_map(|message| Step::Delete { message }),
        4 => (0..PEOPLE, 1..6_usize).prop_map(|(viewer, limit)| Step::Page { viewer, limit }),
        1 => Just(Step::Restart),
    ]
}

/// What should be stored: each message with its key and the text that it had at first.
#[derive(Default)]
struct Model {
    messages: Vec<(Message, u8, String)>,
}

impl Model {
    fn visible(&self, viewer: PersonId) -> Vec<Message> {
        let may_see = |message: &Message| {
            message.to.is_none() || message.to == Some(viewer) || message.author == viewer
        };
        self.messages.iter().map(|(message, ..)| message.clone()).filter(may_see).collect()
    }
}

struct World {
    fixture: Fixture,
    meeting: MeetingId,
    people: Vec<PersonId>,
    model: Model,
}

impl World {
    async fn new() -> Self {
        let fixture = Fixture::new();
        let (_, meeting) = fixture.meeting().await;
        let mut people = Vec::new();
        for name in ["Ani", "Budi", "Cici"] {
            people.push(fixture.person(PersonKind::Student, name).await.id);
        }
        Self { fixture, meeting, people, model: Model::default() }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Append { author, key, text, to } => self.append(author, key, text, to).await,
            Step::Delete { message } => self.delete(message).await,
            Step::Page { viewer, limit } => self.page(self.people[viewer], limit).await,
            Step::Restart => {
                self.fixture.store.close().await.expect("closed");
                self.fixture.store =
                    Store::open(self.fixture.path(), self.fixture.clock.clone()).expect("opened again");
            }
        }
    }

    async fn append(&mut self, author: usize, key: u8, text: u8, to: Option<usize>) {
        self.fixture.clock.advance(1);
        let author = self.people[author];
        let mut new = message(self.meeting, author, &key.to_string(), &text.to_string());
        new.to = to.map(|to| self.people[to]);
        let result = self.fixture.store.append_message(new.clone()).await;
        let known = self.model.messages.iter().find(|(known, k, _)| known.author == author && *k == key);
        match known {
            None => {
                let stored = result.expect("a new key");
                assert!(!stored.duplicate);
                assert_eq!((stored.message.text.as_ref(), stored.message.to), (Some(&new.text), new.to));
                assert!(stored.message.at > START);
                let newest = self.model.messages.last().map(|(message, ..)| message.id);
                assert!(newest < Some(stored.message.id), "ids grow");
                self.model.messages.push((stored.message, key, new.text));
            }
            Some((known, _, first_text)) => {
                let deleted = known.text.is_none();
                if known.to == new.to && (deleted || *first_text == new.text) {
                    let stored = result.expect("sent again");
                    assert!(stored.duplicate);
                    assert_eq!(stored.message, *known);
                } else {
                    assert_eq!(result.expect_err("another message").code, Code::ChatKeyReused);
                }
            }
        }
    }

    async fn delete(&mut self, index: usize) {
        let id = self.model.messages.get(index).map_or(MessageId(9_999), |(message, ..)| message.id);
        let result = self.fixture.store.delete_message(self.meeting, id, self.people[0]).await;
        match self.model.messages.get_mut(index) {
            Some((message, ..)) => {
                assert_eq!(result.expect("deleted"), id);
                message.text = None;
            }
            None => assert_eq!(result.expect_err("no such message").code, Code::ChatMessageUnknown),
        }
    }

    /// Pages from the newest to the oldest must be what the model shows, without gap or double.
    async fn page(&self, viewer: PersonId, limit: usize) {
        let expected = self.model.visible(viewer);
        let mut seen: Vec<Message> = Vec::new();
        loop {
            let before = seen.first().map(|message| message.id);
            let page = self.fixture.store.messages_before(self.meeting, viewer, before, limit).await;
            let page = page.expect("a page");
            assert!(page.messages.len() <= limit);
            assert_eq!(page.more, seen.len() + page.messages.len() < expected.len());
            seen.splice(0..0, page.messages);
            if !page.more {
                break;
            }
        }
        assert_eq!(seen, expected);
        let all: Vec<_> = self.model.messages.iter().map(|(message, ..)| message.clone()).collect();
        let recent = self.fixture.store.recent_messages(self.meeting, limit).await.expect("recent");
        assert_eq!(recent, all[all.len().saturating_sub(limit)..]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn pages_of_history_hold_what_was_said_and_nothing_else(
        steps in proptest::collection::vec(step(), 1..80),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut world = World::new().await;
            for step in steps {
                world.step(step).await;
            }
            for viewer in world.people.clone() {
                world.page(viewer, 4).await;
            }
        });
    }
}
