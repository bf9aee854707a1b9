//! From nothing to serving, in the order in which one thing needs the other.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use base::Code;
use base::clock::{Clock, SystemClock};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use store::{OpenError, Store};

use crate::addresses::{self, Addresses};
use crate::advance::Advance;
use crate::announcement::Announcement;
use crate::auth::Auth;
use crate::certificate::{Certificates, Trusted};
use crate::console::Console;
use crate::demo;
use crate::exit::Exit;
use crate::files::Files;
use crate::health::Health;
use crate::hotspot::{self, Hotspot};
use crate::http::admission::Admission;
use crate::http::counters::Counters;
use crate::http::listener::{self, Server};
use crate::http::peer::Transport;
use crate::live;
use crate::load;
use crate::names::Names;
use crate::portal::Portal;
use crate::problems::CardProblems;
use crate::settings::Settings;
use crate::setup::{self, Setup};
use crate::sockets::{self, Bound, Sockets, SocketsError};
use crate::stun_task::{self, StunCounters};
use crate::tasks::Tasks;
use crate::{host, quiz_clock, space};

use super::compose::{self, Parts};
use super::keep;
use super::measure;

/// File descriptors beside connections: database, listeners, journal, timers.
const OTHER_FILES: u64 = 256;

/// A daemon that serves.
pub(crate) struct Running {
    pub(crate) tasks: Tasks,
    pub(crate) store: Store,
    pub(crate) certificates: Arc<Certificates>,
    pub(crate) announcement: Announcement,
}

/// What the card's first partition says, beside its settings.
pub(crate) struct FirstPartition {
    /// What is wrong with the files on it, in lines.
    pub(crate) left_out: Vec<String>,
    /// Where `kelas-errors.txt` lies on it.
    pub(crate) errors: PathBuf,
}

/// Why the daemon does not start, in one line for a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The data folder cannot be made.
    #[error("the data folder {} cannot be made: {cause}", path.display())]
    Folder { path: PathBuf, cause: io::Error },
    /// A backup cannot take its place.
    #[error("what lies in {} cannot take its place: {cause}", path.display())]
    Restore { path: PathBuf, cause: io::Error },
    /// The database cannot be used.
    #[error("{0}")]
    Store(#[from] OpenError),
    /// The certificate authority, the certificate or the demo.
    #[error("{0}")]
    Part(#[from] base::Error),
    /// An address to listen on.
    #[error("{0}")]
    Sockets(#[from] SocketsError),
}

impl StartError {
    /// How the process ends because of it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Part(error) if error.code == Code::Internal => Exit::Fault,
            Self::Folder { .. } | Self::Restore { .. } | Self::Store(_) | Self::Part(_) => Exit::Storage,
            Self::Sockets(error) => error.exit(),
        }
    }
}

/// Starts everything. Nothing listens before all that it needs is there.
pub(crate) async fn everything(
    settings: &Settings,
    problems: CardProblems,
    card: FirstPartition,
) -> Result<Running, StartError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let tasks = Tasks::default();
    make_folder(settings)?;
    let swapped = keep::restored(settings)?;
    space::look(&settings.data, &problems);
    let store = Store::open(settings.data.join("kelas.sqlite"), Arc::clone(&clock))?;
    let (addresses, follower) = addresses::follow(&settings.addresses);
    let names = setup::names(&settings.names, &store).await?;
    let certificates = certificates(settings, &names, &store, &addresses, &clock, &problems).await?;
    let tls = certificates.tls()?;
    let authority = certificates.write_authority(settings);
    let sockets = sockets::open(settings).await?;
    let host = host::open(settings);

    let bound = Bound::of(&sockets);
    let admission = Admission::new(connections(settings), settings.limits.connections_per_address);
    let (counters, stun) = (Arc::<Counters>::default(), Arc::<StunCounters>::default());
    let files = files(settings, &store, &clock, &tasks).await;
    let rooms = live::Handle::start(store.clone(), Arc::clone(&clock), &tasks);
    let auth = auth(&store, &clock, &rooms)?;
    let demo = if settings.demo { Some(demo::open(&store, &auth).await?) } else { None };
    let hotspot = Hotspot::start(settings.network, &store, &tasks);
    let setup = Setup::new(setup::Parts {
        store: store.clone(),
        auth: auth.clone(),
        clock: Arc::clone(&clock),
        host: Arc::clone(&host),
        hotspot: hotspot.clone(),
        names: names.clone(),
        tasks: tasks.clone(),
        claim_code: Some(settings.claim_code.clone()).filter(|code| !code.is_empty()),
    });
    setup.resume().await?;
    let health = Health::new(store.clone(), rooms.clone(), problems.clone());
    let load = load::Parts {
        rooms: rooms.clone(),
        admission: admission.clone(),
        counters: Arc::clone(&counters),
        store: store.clone(),
        hotspot: hotspot.clone(),
        files: files.clone(),
    };
    let (load, measurement) = measure::start(settings.data.clone(), load, &clock, &tasks);
    let portal = portal(&names, &store, &clock, &addresses).await?;
    let backup = keep::start(settings, &store, &files, &clock, &tasks, swapped);
    let bots = measure::bots(settings, bound, &certificates, &tasks);
    let router = compose::router(&Parts {
        settings,
        names: &names,
        clock: &clock,
        tasks: &tasks,
        store: &store,
        rooms: &rooms,
        auth: &auth,
        health: &health,
        certificates: &certificates,
        files: &files,
        backup: &backup,
        admission: &admission,
        counters: &counters,
        stun: &stun,
        problems: &problems,
        load: &load,
        measurement: &measurement,
        hotspot: &hotspot,
        portal: &portal,
        bound,
        addresses: &addresses,
        host: &host,
        setup: &setup,
        bots: &bots,
    });
    let server = Server { router, tls, admission, counters, tasks: tasks.clone() };
    let fingerprint = certificates.authority().fingerprint();
    if !settings.console.as_os_str().is_empty() {
        let console = console(settings, bound, &fingerprint, &addresses, problems.clone(), &hotspot);
        tasks.spawn("console", console.keep(tasks.stopping()));
    }
    let (names, addresses) = (settings.names.clone(), addresses.now());
    let announcement = Announcement { bound, names, addresses, authority, fingerprint, demo };
    listen(&server, sockets, settings, &stun, &clock);
    keep::look_after(settings, files, &problems, &tasks);
    tasks.spawn("quiz clock", quiz_clock::keep(store.clone(), tasks.stopping()));
    tasks.spawn("addresses", follower.run(tasks.stopping()));
    tasks.spawn("certificate", Arc::clone(&certificates).watch(tasks.stopping()));
    let advance = Advance {
        setup,
        auth,
        store: store.clone(),
        portal,
        problems,
        answers: settings.answers.clone(),
        left_out: card.left_out,
        errors: card.errors,
    };
    tasks.spawn("answers in advance", advance.run(tasks.stopping()));
    keep::ping(health, &tasks);
    Ok(Running { tasks, store, certificates, announcement })
}

async fn certificates(
    settings: &Settings,
    names: &Names,
    store: &Store,
    addresses: &Addresses,
    clock: &Arc<dyn Clock>,
    problems: &CardProblems,
) -> base::Result<Arc<Certificates>> {
    let trusted = if store.knows_anybody().await? { Trusted::BySomebody } else { Trusted::ByNobody };
    let (addresses, clock, problems) = (addresses.clone(), Arc::clone(clock), problems.clone());
    Ok(Arc::new(Certificates::open(settings, names, trusted, addresses, clock, problems)?))
}

/// What a screen at the box shows.
fn console(
    settings: &Settings,
    bound: Bound,
    fingerprint: &str,
    addresses: &Addresses,
    problems: CardProblems,
    hotspot: &Hotspot,
) -> Console {
    Console {
        path: settings.console.clone(),
        names: settings.names.clone(),
        bound,
        fingerprint: fingerprint.to_owned(),
        addresses: addresses.clone(),
        problems,
        network: hotspot.status(),
    }
}

async fn portal(
    names: &Names,
    store: &Store,
    clock: &Arc<dyn Clock>,
    addresses: &Addresses,
) -> base::Result<Portal> {
    let hardware = Arc::new(|address| hotspot::hardware_address(address).map(|found| found.0));
    Portal::open(store.clone(), Arc::clone(clock), names.clone(), addresses.clone(), hardware).await
}

async fn files(settings: &Settings, store: &Store, clock: &Arc<dyn Clock>, tasks: &Tasks) -> Files {
    let most_gb = settings.limits.files_gb;
    Files::open(&settings.data, most_gb, store.clone(), Arc::clone(clock), tasks.clone()).await
}

/// A session that ends takes its live connections along.
fn auth(store: &Store, clock: &Arc<dyn Clock>, rooms: &live::Handle) -> base::Result<Auth> {
    let rooms = rooms.clone();
    let session_ended = Arc::new(move |session| rooms.signed_out(session));
    Auth::new(store.clone(), Arc::clone(clock), session_ended)
}

fn listen(
    server: &Server,
    sockets: Sockets,
    settings: &Settings,
    stun: &Arc<StunCounters>,
    clock: &Arc<dyn Clock>,
) {
    let tasks = &server.tasks;
    for socket in sockets.http {
        tasks.spawn_critical("http listener", listener::accept(server.clone(), socket, Transport::Plain));
    }
    for socket in sockets.https {
        tasks.spawn_critical("https listener", listener::accept(server.clone(), socket, Transport::Tls));
    }
    let per_second = settings.limits.stun_per_second;
    for socket in sockets.stun {
        let (counters, clock) = (Arc::clone(stun), Arc::clone(clock));
        tasks.spawn("stun", stun_task::serve(socket, per_second, counters, clock, tasks.stopping()));
    }
}

/// The data folder, for the daemon's own user alone.
fn make_folder(settings: &Settings) -> Result<(), StartError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(&settings.data);
    made.map_err(|cause| StartError::Folder { path: settings.data.clone(), cause })
}

/// Connections that file descriptors allow, after asking for as many as the hard limit has: the
/// usual soft limit of 1,024 is for programs that use select(2).
fn connections(settings: &Settings) -> usize {
    let wanted = settings.limits.connections;
    let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE) else { return wanted };
    let needed = wanted as u64 + OTHER_FILES;
    let raised = needed.min(hard).max(soft);
    let got = if setrlimit(Resource::RLIMIT_NOFILE, raised, hard).is_ok() { raised } else { soft };
    if got >= needed {
        return wanted;
    }
    let most = usize::try_from(got.saturating_sub(OTHER_FILES).max(16)).unwrap_or(wanted);
    tracing::warn!(wanted, most, "fewer connections than set: the limit of open files is {got}");
    most
}
