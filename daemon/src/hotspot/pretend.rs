//! A network that is only pretended, to try the pages on a machine whose network is not the
//! box's: one radio and one wired device, and nothing of it happens.
//!
//! May use: `network`, `settings`, `tasks`. Used by: `hotspot`.

use std::sync::Arc;
use std::time::Duration;

use base::Code;
use base::limits::NETWORK_TRIAL_S;
use network::fake::FakeNetwork;
use network::model::{
    Band, Device, DeviceKind, DeviceName, HardwareAddress, Observed, Radio, Switch, Wanted,
};
use network::{Answer, Applied, Network, Status};
use tokio::sync::watch;

use crate::settings::Pretence;
use crate::tasks::Tasks;

/// What a Raspberry Pi 4 has.
const SEATS: u16 = 19;
/// How long a hasty network waits to be confirmed.
const HASTY_S: u32 = 5;

/// The network, with the clock that the fake lacks: what is not confirmed in time is taken back.
pub(super) struct Pretend {
    fake: Arc<FakeNetwork>,
    trial: Duration,
    tasks: Tasks,
}

impl Pretend {
    pub(super) fn new(pretence: Pretence, tasks: &Tasks) -> Self {
        let fake = FakeNetwork::new(observed(pretence));
        if pretence == Pretence::Busy {
            fake.fail_always(Code::NetworkNotUp);
        }
        let seconds = if pretence == Pretence::Hasty { HASTY_S } else { NETWORK_TRIAL_S };
        let trial = Duration::from_secs(seconds.into());
        Self { fake: Arc::new(fake), trial, tasks: tasks.clone() }
    }

    fn wind_up(&self) {
        let (fake, trial, stopping) = (Arc::clone(&self.fake), self.trial, self.tasks.stopping());
        let mark = fake.trials();
        self.tasks.spawn("pretended trial", async move {
            tokio::select! {
                () = tokio::time::sleep(trial) => fake.run_out_of_time(mark),
                () = stopping.cancelled() => {}
            }
        });
    }
}

impl Network for Pretend {
    fn observe(&self) -> Answer<'_, Observed> {
        self.fake.observe()
    }

    fn apply<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Applied> {
        Box::pin(async {
            let applied = self.fake.apply(wanted).await?;
            if applied == Applied::OnTrial {
                self.wind_up();
            }
            Ok(applied)
        })
    }

    fn take_up<'a>(&'a self, wanted: &'a Wanted) -> Answer<'a, Option<u32>> {
        self.fake.take_up(wanted)
    }

    fn confirm(&self) -> Answer<'_, ()> {
        self.fake.confirm()
    }

    fn roll_back(&self) -> Answer<'_, ()> {
        self.fake.roll_back()
    }

    fn watch(&self) -> watch::Receiver<Status> {
        self.fake.watch()
    }
}

fn observed(pretence: Pretence) -> Observed {
    let radio = Radio { access_point: true, bands: vec![Band::Ghz2, Band::Ghz5], seats: Some(SEATS) };
    let mut devices = vec![device("eth0", DeviceKind::Wired { carrier: true }, 0x01)];
    if pretence != Pretence::NoRadio {
        devices.push(device("wlan0", DeviceKind::Wireless(radio), 0x02));
    }
    let radios = if pretence == Pretence::Blocked { Switch::Blocked } else { Switch::On };
    Observed { radios, devices, profiles: Vec::new() }
}

fn device(name: &str, kind: DeviceKind, last: u8) -> Device {
    let name = DeviceName::parse(name).expect("letters and a digit are a name");
    // Locally administered, so nobody's.
    Device { name, kind, hardware_address: Some(HardwareAddress([0x02, 0, 0, 0, 0x4b, last])) }
}
