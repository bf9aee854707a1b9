//! The pages as a browser meets them: the whole router over a real store, on a test clock.

mod account;
mod attendance;
mod course;
mod join;
mod load;
mod load_rights;
mod notice;
mod page;
mod people;
mod portal;
mod problems;
mod protection;
mod search;
mod setup;
mod sign_in;
mod trust;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use base::clock::{TestClock, Timestamp};
use base::id::{CourseId, MeetingId, PersonId, SessionId};
use base::random::SeededRandom;
use http::{HeaderMap, Method, Request, StatusCode, header};
use store::{Course, NewPerson, PasswordHash, Person, PersonKind, Store};
use tempfile::TempDir;
use tower::ServiceExt as _;

use super::ShutTo;
use super::{Parts, Reach, Site, router};
use crate::addresses::Addresses;
use crate::args::Options;
use crate::auth::{Auth, Offer};
use crate::backup::{self, Backup, Swapped};
use crate::bots::Bots;
use crate::certificate::{Certificates, Trusted};
use crate::files::Files;
use crate::host::Pretend;
use crate::hotspot::Hotspot;
use crate::http::peer::{Peer, Transport};
use crate::load::Load;
use crate::measurement::Measurement;
use crate::names::Names;
use crate::portal::{Mode, Portal};
use crate::problems::CardProblems;
use crate::settings;
use crate::settings::{Networking, Pretence};
use crate::setup::Setup;
use crate::tasks::Tasks;

/// 2026-11-24, a Tuesday in class.
const TODAY: Timestamp = Timestamp(1_795_485_900_000);

/// A school with a site.
struct School {
    router: Router,
    store: Store,
    auth: Auth,
    clock: Arc<TestClock>,
    ended: Arc<Mutex<Vec<SessionId>>>,
    changed: Arc<Mutex<Vec<(CourseId, PersonId)>>>,
    /// Who is in which room.
    crowds: Arc<Mutex<Vec<(MeetingId, usize)>>>,
    shut: Arc<Mutex<Vec<(MeetingId, ShutTo)>>>,
    problems: CardProblems,
    certificates: Arc<Certificates>,
    portal: Portal,
    setup: Setup,
    hotspot: Hotspot,
    load: Load,
    host: Arc<Pretend>,
    /// Added before the first request, if nobody else was: a box that knows nobody has a wizard only.
    first_person: Option<&'static str>,
    _folder: TempDir,
}

/// What a box is like.
struct Look {
    networking: Networking,
    claim_code: Option<&'static str>,
}

impl Default for Look {
    fn default() -> Self {
        Self { networking: Networking::None, claim_code: None }
    }
}

/// Backups of a box that is not started again by them.
fn backups(folder: &Path, store: &Store, files: &Files, clock: Arc<TestClock>, tasks: &Tasks) -> Backup {
    let parts = backup::Parts {
        data: folder.to_owned(),
        store: store.clone(),
        files: files.clone(),
        clock,
        tasks: tasks.clone(),
        start_again: Arc::new(|| ()),
    };
    Backup::new(parts, Swapped::Nothing)
}

/// Nobody answers HTTPS here, so that none can come.
fn no_bots(tasks: &Tasks) -> Bots {
    Bots::new(crate::bots::Needs {
        https: None,
        authority: String::new(),
        socket: std::path::PathBuf::new(),
        tasks: tasks.clone(),
    })
}

impl School {
    /// One that is somebody's.
    fn open() -> Self {
        Self { first_person: Some("Pak Teknisi"), ..Self::new(&Look::default()) }
    }

    fn new(look: &Look) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(TestClock::at(TODAY));
        let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a new store");
        let (ended, changed) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<Vec<_>>>::default());
        let (crowds, shut) = (Arc::<Mutex<Vec<_>>>::default(), Arc::<Mutex<Vec<_>>>::default());
        let (inside, to_shut) = (Arc::clone(&crowds), Arc::clone(&shut));
        let (to_ended, to_changed) = (Arc::clone(&ended), Arc::clone(&changed));
        let session_ended = Arc::new(move |session| to_ended.lock().expect("whole").push(session));
        let auth = Auth::new(store.clone(), clock.clone(), session_ended).expect("hashing works");
        let problems = CardProblems::new(Vec::new());
        let names = Names::new(&["kelas.internal".to_owned(), "kelas.sman1.sch.id".to_owned()]);
        let unknown = Arc::new(|_| None);
        let addresses = Addresses::fixed(Vec::new());
        let portal =
            Portal::new(store.clone(), clock.clone(), names.clone(), addresses.clone(), unknown, Mode::Ask);
        let certificates = certificates(folder.path(), &names, clock.clone(), &problems);
        let tasks = Tasks::default();
        let hotspot = Hotspot::start(look.networking, &store, &tasks);
        let host = Arc::new(Pretend::default());
        let setup = Setup::new(crate::setup::Parts {
            store: store.clone(),
            auth: auth.clone(),
            clock: clock.clone(),
            host: host.clone(),
            hotspot: hotspot.clone(),
            names: names.clone(),
            tasks: tasks.clone(),
            claim_code: look.claim_code.map(str::to_owned),
        });
        let rooms = crate::live::Handle::start(store.clone(), clock.clone(), &tasks);
        let files = Files::new(folder.path(), 0, store.clone(), clock.clone(), tasks.clone());
        let load = Load::start(
            crate::load::Places::of(folder.path().to_owned()),
            clock.clone(),
            crate::load::Parts {
                rooms: rooms.clone(),
                admission: crate::http::admission::Admission::new(8, 8),
                counters: Arc::default(),
                store: store.clone(),
                hotspot: hotspot.clone(),
                files: files.clone(),
            },
            &tasks,
        );
        let measurement = Measurement::open(crate::measurement::Parts {
            store: store.clone(),
            rooms,
            load: load.clone(),
            clock: clock.clone(),
            tasks: tasks.clone(),
        });
        let site = Site::new(Parts {
            bots: no_bots(&tasks),
            backup: backups(folder.path(), &store, &files, clock.clone(), &tasks),
            tasks: tasks.clone(),
            hotspot: hotspot.clone(),
            load: load.clone(),
            measurement,
            setup: setup.clone(),
            files,
            store: store.clone(),
            auth: auth.clone(),
            reach: Reach { http_port: 8080, https_port: 8443, addresses: Addresses::fixed(Vec::new()) },
            certificates: Arc::clone(&certificates),
            problems: problems.clone(),
            portal: portal.clone(),
            membership_changed: Arc::new(move |course, person| {
                to_changed.lock().expect("whole").push((course, person));
            }),
            crowds: Arc::new(move || {
                let crowds = inside.lock().expect("whole").clone();
                Box::pin(async move { Ok(crowds) })
            }),
            rooms_shut: Arc::new(move |meetings, to| {
                to_shut.lock().expect("whole").extend(meetings.into_iter().map(|meeting| (meeting, to)));
            }),
        });
        Self {
            router: router(site, names),
            store,
            auth,
            clock,
            ended,
            changed,
            crowds,
            shut,
            problems,
            certificates,
            portal,
            setup,
            hotspot,
            load,
            host,
            first_person: None,
            _folder: folder,
        }
    }

    async fn meet(&self) {
        if let Some(name) = self.first_person
            && self.setup.is_claimed().await.is_ok_and(|claimed| !claimed)
        {
            self.person(PersonKind::Technician, name).await;
        }
    }

    async fn person(&self, kind: PersonKind, name: &str) -> Person {
        let new = NewPerson { kind, name: name.to_owned(), login: None, password: None };
        self.store.create_person(new).await.expect("a person")
    }

    /// A teacher who signs in as `guru` with the password `rahasia kelas`.
    async fn teacher(&self) -> Person {
        let hash = self.auth.hash_password("rahasia kelas").await.expect("a good password");
        let new = NewPerson {
            kind: PersonKind::Teacher,
            name: "Bu Sari".to_owned(),
            login: Some("guru".to_owned()),
            password: Some(PasswordHash(hash)),
        };
        self.store.create_person(new).await.expect("a person")
    }

    async fn course(&self, teacher: &Person, title: &str) -> Course {
        self.store.create_course(title, teacher.id, &mut SeededRandom(1)).await.expect("a course")
    }

    /// A browser in which `person` is signed in over HTTPS.
    async fn signed_in(&self, person: &Person) -> Browser<'_> {
        let mut browser = self.browser(Transport::Tls);
        let token = self.auth.offer_link(person.id, Offer::Invitation).await.expect("a link");
        let answer = browser.post(&format!("/link/{token}"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    fn browser(&self, transport: Transport) -> Browser<'_> {
        Browser {
            school: self,
            transport,
            address: [10, 42, 0, 7].into(),
            language: "id",
            host: "10.42.0.1:8443",
            agent: "",
            origin: None,
            cookies: BTreeMap::new(),
            form_token: String::new(),
        }
    }
}

/// The box's certificates; it is called `kelas.internal` and `kelas.sman1.sch.id`.
fn certificates(
    folder: &Path,
    names: &Names,
    clock: Arc<TestClock>,
    problems: &CardProblems,
) -> Arc<Certificates> {
    let data = Some(folder.to_str().expect("text").to_owned());
    let options = Options { data, ..Options::default() };
    let configured = [("KELASD_NAMES".to_owned(), "kelas.internal,kelas.sman1.sch.id".to_owned())];
    let settings = settings::read(&options, configured).expect("sound").settings;
    let opened = Certificates::open(
        &settings,
        names,
        Trusted::BySomebody,
        Addresses::fixed(Vec::new()),
        clock,
        problems.clone(),
    );
    Arc::new(opened.expect("certificates"))
}

/// A browser with its cookies.
struct Browser<'a> {
    school: &'a School,
    transport: Transport,
    address: IpAddr,
    language: &'static str,
    /// By which name or address it came.
    host: &'static str,
    /// How it calls itself.
    agent: &'static str,
    /// Whose page sends the forms, if not the site's own.
    origin: Option<&'static str>,
    cookies: BTreeMap<String, String>,
    /// Of the last page that had one.
    form_token: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().expect("plain characters"))
    }

    #[track_caller]
    fn shows(&self, text: &str) {
        assert!(self.body.contains(text), "no {text:?} in\n{}", self.body);
    }

    #[track_caller]
    fn hides(&self, text: &str) {
        assert!(!self.body.contains(text), "{text:?} in\n{}", self.body);
    }
}

impl Browser<'_> {
    async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, "text/html", Body::empty()).await
    }

    /// Sends a form with the token of the last page.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = format!("form_token={}", self.form_token);
        for (name, value) in fields {
            write!(body, "&{name}=").expect("a String takes all");
            for byte in value.bytes() {
                write!(body, "%{byte:02x}").expect("a String takes all");
            }
        }
        self.send(Method::POST, path, "text/html", Body::from(body)).await
    }

    async fn send(&mut self, method: Method, path: &str, accept: &str, body: Body) -> Answer {
        self.school.meet().await;
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.host)
            .header(header::ACCEPT, accept)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header(header::USER_AGENT, self.agent)
            .header(header::COOKIE, cookies.join("; "))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .extension(Peer {
                remote: (self.address, 50_000).into(),
                local: ([10, 42, 0, 1], 8443).into(),
                transport: self.transport,
            })
            .body(body)
            .expect("a request");
        if *request.method() != Method::GET {
            let scheme = if self.transport == Transport::Tls { "https" } else { "http" };
            let own = format!("{scheme}://{}", self.host);
            let origin = self.origin.unwrap_or(&own);
            request.headers_mut().insert(header::ORIGIN, origin.parse().expect("an origin"));
        }
        let response = self.school.router.clone().oneshot(request).await.expect("infallible");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 1 << 20).await.expect("a body");
        let body = String::from_utf8(body.to_vec()).expect("text");
        self.remember(&parts.headers);
        // The last form is the page's own; a stranger's language switch carries nothing.
        if let Some((_, rest)) = body.rsplit_once("name=\"form_token\" value=\"") {
            self.form_token = rest.split('"').next().unwrap_or_default().to_owned();
        }
        Answer { status: parts.status, headers: parts.headers, body }
    }

    fn remember(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().expect("plain characters");
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if cookie.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}
