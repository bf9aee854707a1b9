//! What looks at the cost of all the rest: the load log, measurement runs, and the bots in them.

use std::path::PathBuf;
use std::sync::Arc;

use base::clock::Clock;

use crate::bots::{self, Bots};
use crate::certificate::Certificates;
use crate::load::{self, Load};
use crate::measurement::{self, Measurement};
use crate::settings::Settings;
use crate::sockets::Bound;
use crate::tasks::Tasks;

/// What the box costs, and runs that look at it. `data` is where it keeps all that it writes.
pub(super) fn start(
    data: PathBuf,
    parts: load::Parts,
    clock: &Arc<dyn Clock>,
    tasks: &Tasks,
) -> (Load, Measurement) {
    let (store, rooms) = (parts.store.clone(), parts.rooms.clone());
    let load = Load::start(load::Places::of(data), Arc::clone(clock), parts, tasks);
    let measurement = Measurement::open(measurement::Parts {
        store,
        rooms,
        load: load.clone(),
        clock: Arc::clone(clock),
        tasks: tasks.clone(),
    });
    (load, measurement)
}

/// The crew that shows what the box carries.
pub(super) fn bots(settings: &Settings, bound: Bound, certificates: &Certificates, tasks: &Tasks) -> Bots {
    Bots::new(bots::Needs {
        https: bound.https,
        authority: certificates.authority().certificate_pem(),
        socket: settings.bots.clone(),
        tasks: tasks.clone(),
    })
}
