//! From nothing to serving, in the order in which one thing needs the other.

use std::fs::DirBuilder;
use std::io;
use std::net::IpAddr;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use base::Code;
use base::clock::{Clock, SystemClock};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use store::{OpenError, Store};
use tokio::net::TcpListener;

use crate::announcement::Announcement;
use crate::auth::Auth;
use crate::certificate::Certificates;
use crate::demo::{self, Demo};
use crate::exit::Exit;
use crate::health::{self, Health};
use crate::http::admission::Admission;
use crate::http::counters::Counters;
use crate::http::finish;
use crate::http::listener::{self, Server};
use crate::http::origin::{self, OwnNames};
use crate::http::peer::Transport;
use crate::live;
use crate::metrics::{self, Metrics};
use crate::settings::Settings;
use crate::site::{self, Reach, Site};
use crate::sockets::{self, Sockets, SocketsError};
use crate::stun_task::{self, StunCounters};
use crate::tasks::Tasks;
use crate::{addresses, trust_files, watchdog};

/// File descriptors beside connections: database, listeners, journal, timers.
const OTHER_FILES: u64 = 256;

/// A daemon that serves.
pub(crate) struct Running {
    pub(crate) tasks: Tasks,
    pub(crate) store: Store,
    pub(crate) certificates: Arc<Certificates>,
    pub(crate) announcement: Announcement,
}

/// Why the daemon does not start, in one line for a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    /// The data folder cannot be made.
    #[error("the data folder {} cannot be made: {cause}", path.display())]
    Folder { path: PathBuf, cause: io::Error },
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
            Self::Folder { .. } | Self::Store(_) => Exit::Storage,
            Self::Part(error) if matches!(error.code, Code::Internal) => Exit::Fault,
            Self::Part(_) => Exit::Storage,
            Self::Sockets(error) => error.exit(),
        }
    }
}

/// Starts everything. Nothing listens before all that it needs is there.
pub(crate) async fn everything(settings: &Settings) -> Result<Running, StartError> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let tasks = Tasks::default();
    make_folder(settings)?;
    let store = Store::open(settings.data.join("kelas.sqlite"), Arc::clone(&clock))?;
    let certificates = Arc::new(Certificates::open(settings, Arc::clone(&clock))?);
    let tls = certificates.tls()?;
    let folder = |cause| StartError::Folder { path: settings.data.clone(), cause };
    let authority = certificates.write_authority(settings).map_err(folder)?;
    let sockets = sockets::open(settings).await?;
    let demo = if settings.demo { Some(demo::open(&store, clock.as_ref()).await?) } else { None };

    let admission = Admission::new(connections(settings), settings.limits.connections_per_address);
    let counters = Arc::new(Counters::default());
    let stun = Arc::new(StunCounters::default());
    let metrics = Metrics {
        admission: admission.clone(),
        counters: Arc::clone(&counters),
        stun: Arc::clone(&stun),
        store: store.clone(),
    };
    let rooms = live::Handle::start(store.clone(), Arc::clone(&clock), &tasks);
    let health = Health::new(store.clone(), rooms.clone());
    let classroom = classroom(settings, &sockets, &store, rooms, &clock, &tasks, &certificates)?;
    let dialect = live::peerjs::router(&settings.peerjs, &tasks, Arc::clone(&clock));
    let router = compose(metrics, health.clone(), Arc::clone(&certificates)).merge(classroom).merge(dialect);
    let server = Server {
        router: finish::wrap(router, Arc::clone(&counters)),
        tls,
        admission,
        counters,
        tasks: tasks.clone(),
    };
    let announcement = announce(settings, &sockets, authority, demo);
    listen(&server, sockets, settings, &stun, &clock);
    tasks.spawn("certificate", Arc::clone(&certificates).watch(tasks.stopping()));
    if let Some(interval) = sd_notify::watchdog_enabled() {
        tasks.spawn("watchdog", watchdog::ping(health, interval, tasks.stopping()));
    }
    Ok(Running { tasks, store, certificates, announcement })
}

/// What answers without knowing anybody.
fn compose(metrics: Metrics, health: Health, certificates: Arc<Certificates>) -> Router {
    Router::new()
        .merge(health::router(health))
        .merge(metrics::router(metrics))
        .merge(trust_files::router(certificates))
}

/// What people use: the pages and the live rooms.
fn classroom(
    settings: &Settings,
    sockets: &Sockets,
    store: &Store,
    rooms: live::Handle,
    clock: &Arc<dyn Clock>,
    tasks: &Tasks,
    certificates: &Certificates,
) -> base::Result<Router> {
    let (of_session, of_member) = (rooms.clone(), rooms.clone());
    let session_ended = Arc::new(move |session| of_session.signed_out(session));
    let auth = Auth::new(store.clone(), Arc::clone(clock), session_ended)?;
    let site = Site::new(site::Parts {
        store: store.clone(),
        auth: auth.clone(),
        reach: Reach {
            http_port: port(&sockets.http),
            https_port: port(&sockets.https),
            addresses: addresses(settings),
        },
        fingerprint: certificates.authority().fingerprint(),
        membership_changed: Arc::new(move |course, person| of_member.membership_changed(course, person)),
    });
    let names = OwnNames::new(&settings.names);
    let live = live::router(live::Needs {
        handle: rooms,
        store: store.clone(),
        auth,
        clock: Arc::clone(clock),
        tasks: tasks.clone(),
        names: names.clone(),
        stun_port: sockets.stun_port(),
    });
    Ok(site::router(site).layer(from_fn_with_state(names, origin::guard)).merge(live))
}

fn port(listeners: &[TcpListener]) -> u16 {
    let address = listeners.first().and_then(|listener| listener.local_addr().ok());
    address.map_or(0, |address| address.port())
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
        tasks.spawn("http listener", listener::accept(server.clone(), socket, Transport::Plain));
    }
    for socket in sockets.https {
        tasks.spawn("https listener", listener::accept(server.clone(), socket, Transport::Tls));
    }
    let per_second = settings.limits.stun_per_second;
    for socket in sockets.stun {
        let (counters, clock) = (Arc::clone(stun), Arc::clone(clock));
        tasks.spawn("stun", stun_task::serve(socket, per_second, counters, clock, tasks.stopping()));
    }
}

fn announce(settings: &Settings, sockets: &Sockets, authority: PathBuf, demo: Option<Demo>) -> Announcement {
    let (https, http, stun) = Announcement::bound(sockets);
    let (names, addresses) = (settings.names.clone(), addresses(settings));
    Announcement { https, http, stun, names, addresses, authority, demo }
}

/// Where other devices reach the box.
fn addresses(settings: &Settings) -> Vec<IpAddr> {
    if settings.addresses.is_empty() { addresses::private() } else { settings.addresses.clone() }
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
