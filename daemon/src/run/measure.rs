//! What looks at the cost of all the rest: the load log, and measurement runs.

use std::sync::Arc;

use base::clock::Clock;
use store::Store;

use crate::live;
use crate::load::{self, Load};
use crate::measurement::{self, Measurement};
use crate::tasks::Tasks;

/// What the box costs, and runs that look at it.
pub(super) fn start(
    store: &Store,
    rooms: &live::Handle,
    clock: &Arc<dyn Clock>,
    tasks: &Tasks,
) -> (Load, Measurement) {
    let parts =
        load::Parts { places: load::Places::default(), clock: Arc::clone(clock), rooms: rooms.clone() };
    let load = Load::start(parts, tasks);
    let measurement = Measurement::open(measurement::Parts {
        store: store.clone(),
        rooms: rooms.clone(),
        load: load.clone(),
        clock: Arc::clone(clock),
        tasks: tasks.clone(),
    });
    (load, measurement)
}
