//! The store's words in the words of the live protocol, and back.

use std::sync::Arc;

use room::message::shared::{Author, ChatMessage, Course, Lobby, Meeting};

pub(super) fn chat(message: store::Message) -> ChatMessage {
    ChatMessage {
        id: message.id,
        from: Author { person: message.author, name: message.author_name.into() },
        text: message.text.map(Arc::from),
        at: message.at,
        to: message.to,
    }
}

pub(super) fn meeting(meeting: store::Meeting) -> Meeting {
    Meeting {
        id: meeting.id,
        title: meeting.title.into(),
        course: Course { id: meeting.course.id, title: meeting.course.title.into() },
        lobby: lobby(meeting.lobby),
    }
}

fn lobby(lobby: store::Lobby) -> Lobby {
    match lobby {
        store::Lobby::Off => Lobby::Off,
        store::Lobby::Guests => Lobby::Guests,
        store::Lobby::Everyone => Lobby::Everyone,
    }
}

pub(super) fn stored_lobby(lobby: Lobby) -> store::Lobby {
    match lobby {
        Lobby::Off => store::Lobby::Off,
        Lobby::Guests => store::Lobby::Guests,
        Lobby::Everyone => store::Lobby::Everyone,
    }
}
