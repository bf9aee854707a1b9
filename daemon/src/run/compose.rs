//! Every address that is answered, put together from the parts.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use base::clock::Clock;
use store::Store;

use crate::addresses::Addresses;
use crate::auth::Auth;
use crate::backup::Backup;
use crate::bots::Bots;
use crate::certificate::Certificates;
use crate::files::Files;
use crate::health::{self, Health};
use crate::host::Host;
use crate::hotspot::Hotspot;
use crate::http::admission::Admission;
use crate::http::counters::Counters;
use crate::http::finish;
use crate::load::Load;
use crate::measurement::Measurement;
use crate::metrics::{self, Metrics};
use crate::names::Names;
use crate::portal::{self, Portal};
use crate::problems::CardProblems;
use crate::settings::Settings;
use crate::setup::Setup;
use crate::site::{self, Reach, Site};
use crate::sockets::Bound;
use crate::stun_task::StunCounters;
use crate::tasks::Tasks;
use crate::{live, trust_files};

/// What the routers are made from.
pub(super) struct Parts<'a> {
    pub(super) settings: &'a Settings,
    pub(super) names: &'a Names,
    pub(super) clock: &'a Arc<dyn Clock>,
    pub(super) tasks: &'a Tasks,
    pub(super) store: &'a Store,
    pub(super) rooms: &'a live::Handle,
    pub(super) auth: &'a Auth,
    pub(super) health: &'a Health,
    pub(super) certificates: &'a Arc<Certificates>,
    pub(super) files: &'a Files,
    /// Everything as one file, and back.
    pub(super) backup: &'a Backup,
    pub(super) admission: &'a Admission,
    pub(super) counters: &'a Arc<Counters>,
    pub(super) stun: &'a Arc<StunCounters>,
    pub(super) problems: &'a CardProblems,
    /// What the box costs.
    pub(super) load: &'a Load,
    /// Measurement runs.
    pub(super) measurement: &'a Measurement,
    /// The box's own Wi-Fi.
    pub(super) hotspot: &'a Hotspot,
    pub(super) portal: &'a Portal,
    /// Where the sockets really are.
    pub(super) bound: Bound,
    /// By which addresses other devices reach the box.
    pub(super) addresses: &'a Addresses,
    /// The machine, as far as it is ours to command.
    #[allow(dead_code, reason = "the wizard is handed it")]
    pub(super) host: &'a Arc<dyn Host>,
    /// Setting the box up.
    pub(super) setup: &'a Setup,
    /// Shows what the box carries.
    pub(super) bots: &'a Bots,
}

/// Every address of [`router`], one a line.
pub(crate) fn paths() -> String {
    let others = [live::PATHS, live::peerjs::PATHS, health::PATHS, metrics::PATHS, trust_files::PATHS];
    let all = site::ALL_PATHS.iter().chain(&others).copied().flatten();
    all.flat_map(|path| [*path, "\n"]).collect()
}

/// The whole router.
pub(super) fn router(parts: &Parts<'_>) -> Router {
    let auth = parts.auth.clone();
    let names = parts.names.clone();
    let pages = site::router(site(parts, auth.clone()), names.clone());
    // Open to every page of every origin, so nothing guards it.
    let dialect = live::peerjs::router(&parts.settings.peerjs, parts.tasks, Arc::clone(parts.clock));
    let router = pages
        .merge(live::router(rooms(parts, auth.clone(), names)))
        .merge(dialect)
        .merge(health::router(parts.health.clone()))
        .merge(metrics::router(metrics(parts, auth)))
        .merge(trust_files::router(Arc::clone(parts.certificates)))
        .layer(from_fn_with_state(parts.portal.clone(), portal::answer));
    finish::wrap(router, Arc::clone(parts.counters))
}

fn site(parts: &Parts<'_>, auth: Auth) -> Site {
    let (rooms, asked, shut) = (parts.rooms.clone(), parts.rooms.clone(), parts.rooms.clone());
    let port = |bound: Option<SocketAddr>| bound.map_or(0, |address| address.port());
    Site::new(site::Parts {
        store: parts.store.clone(),
        auth,
        reach: Reach {
            http_port: port(parts.bound.http),
            https_port: port(parts.bound.https),
            addresses: parts.addresses.clone(),
        },
        certificates: Arc::clone(parts.certificates),
        files: parts.files.clone(),
        backup: parts.backup.clone(),
        tasks: parts.tasks.clone(),
        setup: parts.setup.clone(),
        problems: parts.problems.clone(),
        portal: parts.portal.clone(),
        bots: parts.bots.clone(),
        hotspot: parts.hotspot.clone(),
        load: parts.load.clone(),
        measurement: parts.measurement.clone(),
        membership_changed: Arc::new(move |course, person| rooms.membership_changed(course, person)),
        crowds: Arc::new(move || {
            let rooms = asked.clone();
            Box::pin(async move {
                let crowds = rooms.crowds().await?.into_iter();
                Ok(crowds
                    .filter(|crowd| crowd.participants > 0)
                    .map(|crowd| (crowd.meeting, crowd.participants))
                    .collect())
            })
        }),
        rooms_shut: Arc::new(move |meetings, to| {
            shut.rooms_shut(
                meetings,
                match to {
                    site::ShutTo::Students => room::Shut::Students,
                    site::ShutTo::Everybody => room::Shut::Everybody,
                },
            );
        }),
    })
}

fn rooms(parts: &Parts<'_>, auth: Auth, names: Names) -> live::Needs {
    live::Needs {
        handle: parts.rooms.clone(),
        store: parts.store.clone(),
        auth,
        clock: Arc::clone(parts.clock),
        tasks: parts.tasks.clone(),
        names,
        stun_port: parts.bound.stun.map(|address| address.port()),
        bots: parts.bots.clone(),
    }
}

fn metrics(parts: &Parts<'_>, auth: Auth) -> Metrics {
    Metrics {
        auth,
        admission: parts.admission.clone(),
        counters: Arc::clone(parts.counters),
        stun: Arc::clone(parts.stun),
        problems: parts.problems.clone(),
        store: parts.store.clone(),
        rooms: parts.rooms.clone(),
        load: parts.load.clone(),
    }
}
