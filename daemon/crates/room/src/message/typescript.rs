//! Writes the message types as TypeScript and compares them with the committed file.

use std::path::Path;

use ts_rs::{Config, TS};

use super::{client, server, shared, signal};

const HEAD: &str = "\
// The messages of the live protocol (docs/PROTOCOL.md).
// Generated from daemon/crates/room/src/message; `KELAS_UPDATE=1 cargo test -p room --lib` writes it.
";

/// What the parts are put together to: numbered messages belong to the room's story.
const TAIL: &str = "
/**
 * Whatever the server can say. What belongs to the room's story carries its number.
 */
export type ServerMessage = (RoomMessage & { seq: number }) | ConnectionMessage;
";

macro_rules! declarations {
    ($($type:ty),* $(,)?) => {{
        let config = Config::new().with_large_int("number");
        let mut text = String::from(HEAD);
        $(
            text.push('\n');
            if let Some(docs) = <$type as TS>::docs() {
                text.push_str(&docs);
            }
            text.push_str("export ");
            text.push_str(&<$type as TS>::decl(&config));
            text.push('\n');
        )*
        text.push_str(TAIL);
        one_line_docs(&text)
    }};
}

/// Field and type docs are one sentence each; three lines for one would drown the types.
fn one_line_docs(text: &str) -> String {
    text.replace("/**\n * ", "/** ").replace("\n */\n", " */\n").replace(", };", ",\n};")
}

fn generated() -> String {
    declarations![
        client::ClientMessage<'_>,
        client::Join<'_>,
        client::Resume<'_>,
        signal::Signal<'_>,
        signal::Description<'_>,
        signal::DescriptionKind,
        signal::Candidate<'_>,
        client::Chat<'_>,
        client::State,
        client::Moderation,
        client::Ping,
        server::RoomMessage<'_>,
        server::RelayedSignal<'_>,
        server::DeliveredChat<'_>,
        server::ParticipantChange<'_>,
        server::Change,
        server::LeftReason,
        server::Moderated<'_>,
        server::Action,
        server::ConnectionMessage<'_>,
        server::Joined<'_>,
        server::Refusal<'_>,
        server::Closing,
        server::ClosingReason,
        shared::Media,
        shared::Role,
        shared::Lobby,
        shared::Participant,
        shared::Meeting,
        shared::Course,
        shared::IceServer,
        shared::Author,
        shared::ChatMessage,
    ]
}

#[test]
fn the_typescript_types_are_those_of_the_messages() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../web/src/protocol/messages.ts");
    let generated = generated();
    if std::env::var_os("KELAS_UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder can be made");
        std::fs::write(&path, &generated).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == generated, "web/src/protocol/messages.ts is old: run with KELAS_UPDATE=1");
}
