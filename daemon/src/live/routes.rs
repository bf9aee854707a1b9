//! The addresses of the live rooms, and what their handlers share.

use std::sync::Arc;

use axum::Router;
use axum::extract::{FromRef, FromRequestParts, Path};
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use base::clock::Clock;
use base::id::MeetingId;
use base::{Code, Result};
use http::request::Parts;
use room::message::shared::Role;
use room::{Identity, Shut};
use store::{CourseRole, MemberState, Store};

use super::events::Streams;
use super::handle::{Connection, Handle};
use super::hub_task::Opening;
use super::outgoing::Receiver;
use super::{bots, entrance, events, history, ice, socket};
use crate::auth::{Auth, SignedIn};
use crate::bots::Bots;
use crate::http::origin;
use crate::http::peer::Peer;
use crate::http::problem::Problem;
use crate::http::routes::routes;
use crate::names::Names;
use crate::tasks::Tasks;

/// What the routes are made from.
pub(crate) struct Needs {
    /// The hub.
    pub(crate) handle: Handle,
    /// Who is who, what was said.
    pub(crate) store: Store,
    /// Whose session it is.
    pub(crate) auth: Auth,
    /// For the silence of fallback clients.
    pub(crate) clock: Arc<dyn Clock>,
    /// Runs the upgraded connections.
    pub(crate) tasks: Tasks,
    /// What the box is called, to refuse other sites' pages.
    pub(crate) names: Names,
    /// Where STUN is answered, if it is.
    pub(crate) stun_port: Option<u16>,
    /// Who lets bots in.
    pub(crate) bots: Bots,
}

/// What the handlers share.
#[derive(Clone)]
pub(super) struct Live {
    pub(super) handle: Handle,
    pub(super) store: Store,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) tasks: Tasks,
    pub(super) streams: Streams,
    pub(super) bots: Bots,
    pub(super) stun_port: Option<u16>,
    auth: Auth,
}

/// All addresses under `/api/rooms/`.
pub(crate) fn router(needs: Needs) -> Router {
    let Needs { handle, store, auth, clock, tasks, names, stun_port, bots } = needs;
    let live = Live { handle, store, clock, tasks, streams: Streams::default(), bots, stun_port, auth };
    routes().layer(from_fn_with_state(names, origin::guard)).with_state(live)
}

routes!(Live {
    "/api/rooms/{meeting}/live" => get(socket::open),
    "/api/rooms/{meeting}/events" => get(events::open),
    "/api/rooms/{meeting}/events/{connection}" => post(events::post),
    "/api/rooms/{meeting}/messages" => get(history::page),
    "/api/rooms/{meeting}/bots" => get(bots::show).post(bots::start).delete(bots::stop),
    "/api/rooms/{meeting}/bots/{number}" => get(bots::open),
});

impl Live {
    /// Who wants to go where, if they may.
    pub(super) async fn opening(
        &self,
        meeting: MeetingId,
        signed_in: &SignedIn,
        peer: &Peer,
    ) -> Result<Opening> {
        let entrance = entrance::of(&self.store, meeting, signed_in).await?.open()?;
        let identity = Identity {
            person: signed_in.person.id,
            name: signed_in.person.name.as_str().into(),
            role: entrance.role,
            session: signed_in.session,
        };
        Ok(Opening { meeting, identity, ice_servers: ice::servers(peer.local.ip(), self.stun_port) })
    }
}

impl Live {
    /// Opens a connection to the hub, and looks once more whether its person may enter: whoever
    /// was removed or signed out since the first look would stay, because the hub heard of it
    /// before it knew the connection.
    pub(super) async fn open(&self, opening: Opening) -> (Connection, Receiver) {
        let (meeting, identity) = (opening.meeting, opening.identity.clone());
        let opened = self.handle.open(opening).await;
        if let Err(error) = self.look_again(meeting, &identity).await {
            // They might enter a moment ago; a store that does not answer changes nothing.
            tracing::warn!(code = error.code.name(), "not looked at twice: {error}");
        }
        opened
    }

    async fn look_again(&self, meeting: MeetingId, identity: &Identity) -> Result<()> {
        let Identity { person, session, .. } = *identity;
        let sessions = self.store.sessions_of(person).await?;
        if !sessions.iter().any(|known| known.id == session) {
            self.handle.signed_out(session);
        }
        let Some(about) = self.store.meeting(meeting).await? else { return Ok(()) };
        if about.course.archived_at.is_some() {
            self.handle.rooms_shut(vec![meeting], Shut::Everybody);
        } else if about.published_at.is_none() {
            self.handle.rooms_shut(vec![meeting], Shut::Students);
        }
        let Some(membership) = self.store.membership(about.course.id, person).await? else { return Ok(()) };
        let was_admitted = identity.role == Role::Guest && membership.role == CourseRole::Student;
        if membership.state == MemberState::Removed || was_admitted {
            self.handle.follow_membership(about.course.id, person).await?;
        }
        Ok(())
    }
}

impl FromRef<Live> for Auth {
    fn from_ref(live: &Live) -> Self {
        live.auth.clone()
    }
}

/// The meeting in a path; what is no number is no meeting: `not_found`.
pub(super) struct Room(pub(super) MeetingId);

impl<S: Send + Sync> FromRequestParts<S> for Room {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<MeetingId>::from_request_parts(parts, state).await;
        path.map(|Path(meeting)| Self(meeting)).map_err(|_| Code::NotFound.into())
    }
}

/// The meeting and the fallback connection in a path.
pub(super) struct RoomConnection(pub(super) MeetingId, pub(super) String);

impl<S: Send + Sync> FromRequestParts<S> for RoomConnection {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = Path::<(MeetingId, String)>::from_request_parts(parts, state).await;
        path.map(|Path((meeting, id))| Self(meeting, id)).map_err(|_| Code::NotFound.into())
    }
}

#[cfg(test)]
mod tests {
    use base::clock::{TestClock, Timestamp};
    use base::random::SeededRandom;
    use base::secret::TokenHash;
    use store::{NewPerson, NewSession, PersonKind, Transport};
    use tempfile::TempDir;

    use super::*;
    use crate::live::outgoing::Next;

    /// A meeting, its teacher, and a student who is about to enter.
    struct Class {
        live: Live,
        course: base::id::CourseId,
        meeting: MeetingId,
        teacher: base::id::PersonId,
        siti: SignedIn,
        _folder: TempDir,
    }

    impl Class {
        async fn begins() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let clock = Arc::new(TestClock::at(Timestamp(1_795_485_900_000)));
            let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a store");
            let tasks = Tasks::default();
            let handle = Handle::start(store.clone(), clock.clone(), &tasks);
            let auth = Auth::new(store.clone(), clock.clone(), Arc::new(|_| ())).expect("hashing works");
            let guru =
                NewPerson { kind: PersonKind::Teacher, name: "Bu Sari".into(), login: None, password: None };
            let teacher = store.create_person(guru).await.expect("a person").id;
            let course =
                store.create_course("Fisika", teacher, &mut SeededRandom(1)).await.expect("a course").id;
            let meeting = store.create_meeting(course, "Gerak").await.expect("a meeting").id;
            let session = NewSession {
                token_hash: TokenHash::of("token"),
                transport: Transport::Secure,
                user_agent: String::new(),
            };
            let joined = store.join_course(course, "Siti", session).await.expect("joined");
            let siti =
                SignedIn { session: joined.session.id, person: joined.person, form_token: String::new() };
            let streams = Streams::default();
            let bots = Bots::new(crate::bots::Needs {
                https: None,
                authority: String::new(),
                socket: std::path::PathBuf::new(),
                tasks: tasks.clone(),
            });
            let live = Live { handle, store, clock, tasks, streams, bots, stun_port: None, auth };
            Self { live, course, meeting, teacher, siti, _folder: folder }
        }

        async fn opening(&self) -> Opening {
            let peer = Peer {
                remote: ([10, 42, 0, 7], 50_000).into(),
                local: ([10, 42, 0, 1], 443).into(),
                transport: crate::http::peer::Transport::Tls,
            };
            self.live.opening(self.meeting, &self.siti, &peer).await.expect("Siti may enter")
        }
    }

    async fn last_words(outgoing: &mut Receiver) -> String {
        match outgoing.next().await {
            Next::Frames(frames) => frames.iter().map(room::Frame::text).collect(),
            Next::Ended(_) => String::new(),
        }
    }

    #[tokio::test]
    async fn who_is_removed_while_they_come_in_does_not_stay() {
        let class = Class::begins().await;
        let opening = class.opening().await;
        let siti = class.siti.person.id;
        class.live.store.remove_member(class.course, siti, class.teacher).await.expect("removed");
        class.live.handle.follow_membership(class.course, siti).await.expect("told");
        let (_connection, mut outgoing) = class.live.open(opening).await;
        assert_eq!(last_words(&mut outgoing).await, r#"{"type":"closing","reason":"removed"}"#);
    }

    #[tokio::test]
    async fn who_is_signed_out_while_they_come_in_does_not_stay() {
        let class = Class::begins().await;
        let opening = class.opening().await;
        class.live.store.end_session(class.siti.session).await.expect("ended");
        class.live.handle.signed_out(class.siti.session);
        let (_connection, mut outgoing) = class.live.open(opening).await;
        assert_eq!(last_words(&mut outgoing).await, r#"{"type":"closing","reason":"signed_out"}"#);
    }
}
