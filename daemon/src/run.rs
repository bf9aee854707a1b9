//! The daemon's life as a story. The only place that knows every part.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use base::clock::{Clock, SystemClock};
use base::limits;
use tokio::net::{TcpListener, UdpSocket};

use crate::announcement::{Announcement, reachable};
use crate::args::{Announce, Options};
use crate::exit::Exit;
use crate::health::{self, Health};
use crate::http::admission::Admission;
use crate::http::counters::Counters;
use crate::http::listener::{self, Server};
use crate::http::peer::Transport;
use crate::http::tls::{self, CertificateSlot};
use crate::http::{finish, problem};
use crate::logging::{self, Logging};
use crate::metrics::{self, Metrics};
use crate::settings::{self, Settings};
use crate::signals::{Asked, Signals};
use crate::sockets::{self, Sockets};
use crate::stun_task::{self, StunCounters};
use crate::tasks::Tasks;
use crate::{check, notifications};

/// Runs the daemon until it is told to stop.
pub(crate) fn serve(options: &Options) -> ExitCode {
    let effective = match settings::read(options, settings::environment()) {
        Ok(effective) => effective,
        Err(problems) => return check::complain(&problems).into(),
    };
    let logging = logging::start(&effective.settings.log);
    let exit = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(live(options, &effective.settings, &logging)),
        Err(error) => fail(Exit::Fault, &error),
    };
    exit.into()
}

/// From nothing to ready, until a signal, and back.
async fn live(options: &Options, settings: &Settings, logging: &Logging) -> Exit {
    let tasks = Tasks::default();
    let mut signals = match Signals::new() {
        Ok(signals) => signals,
        Err(error) => return fail(Exit::Fault, &error),
    };
    let sockets = match sockets::open(settings).await {
        Ok(sockets) => sockets,
        Err(error) => return fail(error.exit(), &error),
    };
    let slot = Arc::new(CertificateSlot::default());
    let counters = Arc::new(Counters::default());
    let tls = match tls::config(Arc::clone(&slot)) {
        Ok(tls) => tls,
        Err(error) => return fail(Exit::Fault, &error),
    };
    let admission = Admission::new(settings.limits.connections, settings.limits.connections_per_address);
    let stun = Arc::new(StunCounters::default());
    let metrics =
        Metrics { admission: admission.clone(), counters: Arc::clone(&counters), stun: Arc::clone(&stun) };
    let router = finish::wrap(compose(metrics), Arc::clone(&counters));
    let server = Server { router, tls, admission, counters, tasks: tasks.clone() };
    let announcement = announce(settings, &sockets);
    spawn(&server, sockets, settings, &stun);
    notifications::ready();
    if let Err(error) = print(settings.announce, &announcement) {
        tracing::warn!(%error, "the announcement could not be printed");
    }
    wait(&mut signals, options, logging).await;
    stop(&tasks, &mut signals).await
}

/// Every address that is answered.
fn compose(metrics: Metrics) -> Router {
    Router::new()
        .merge(health::router(Health::new()))
        .merge(metrics::router(metrics))
        .fallback(async || problem::Problem::from(base::Code::NotFound))
}

fn spawn(server: &Server, sockets: Sockets, settings: &Settings, stun: &Arc<StunCounters>) {
    for socket in sockets.http {
        server.tasks.spawn("http listener", listener::accept(server.clone(), socket, Transport::Plain));
    }
    for socket in sockets.https {
        server.tasks.spawn("https listener", listener::accept(server.clone(), socket, Transport::Tls));
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    for socket in sockets.stun {
        let (counters, clock, stopping) = (Arc::clone(stun), Arc::clone(&clock), server.tasks.stopping());
        let serving = stun_task::serve(socket, settings.limits.stun_per_second, counters, clock, stopping);
        server.tasks.spawn("stun", serving);
    }
}

fn announce(settings: &Settings, sockets: &Sockets) -> Announcement {
    let tcp = |listeners: &[TcpListener]| -> Option<SocketAddr> {
        listeners.first().and_then(|listener| listener.local_addr().ok()).map(reachable)
    };
    let udp =
        |sockets: &[UdpSocket]| sockets.first().and_then(|socket| socket.local_addr().ok()).map(reachable);
    Announcement {
        https: tcp(&sockets.https).map(|address| format!("https://{address}")),
        http: tcp(&sockets.http).map(|address| format!("http://{address}")),
        stun: udp(&sockets.stun).map(|address| address.to_string()),
        ca: settings.data.join("trust").join("ca.crt"),
        pid: std::process::id(),
    }
}

fn print(form: Announce, announcement: &Announcement) -> std::io::Result<()> {
    match form {
        Announce::Json => announcement.print_json(&mut std::io::stdout().lock()),
        Announce::Text | Announce::None => Ok(()),
    }
}

/// Serves until a signal asks to stop.
async fn wait(signals: &mut Signals, options: &Options, logging: &Logging) {
    while signals.next().await == Asked::Reload {
        notifications::reloading();
        match settings::read(options, settings::environment()) {
            Ok(effective) => logging.set(&effective.settings.log),
            Err(problems) => {
                for problem in problems {
                    tracing::error!("not reloaded: {problem}");
                }
            }
        }
        notifications::ready();
    }
}

/// Tells everybody, waits for all, and gives up on who is late. A second signal ends it now.
async fn stop(tasks: &Tasks, signals: &mut Signals) -> Exit {
    tracing::info!("stopping");
    notifications::stopping();
    let late = tokio::select! {
        late = tasks.stop(Duration::from_millis(limits::STOP_MS)) => late,
        () = signals.stop() => {
            tracing::warn!("told twice to stop; ending now");
            return Exit::Interrupted;
        }
    };
    if late.is_empty() {
        tracing::info!("stopped");
        return Exit::Stopped;
    }
    tracing::error!(?late, "some tasks did not end in time");
    Exit::Fault
}

/// Says why the daemon does not start, once.
fn fail(exit: Exit, cause: &dyn std::fmt::Display) -> Exit {
    tracing::error!("{cause}");
    exit
}
