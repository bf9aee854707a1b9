//! What is there, as pages, the console and programs are told it.
//!
//! May use: `network`. Used by: `hotspot`, and whoever asks it.

use std::sync::Arc;

use network::Status as Seen;
use network::model::{
    AccessPoint, Activity, Connection, Device, DeviceKind, DeviceName, Observed, Ours, Problem, Profile,
    Role, Station, Uplink,
};

/// Who runs the network of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Manager {
    /// Nobody whom the daemon may command.
    None,
    /// A real one.
    Real,
    /// Nobody; it only looks so, and the pages say it.
    Pretended,
}

/// The network as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    /// Who runs it.
    pub(crate) manager: Manager,
    /// What is there; none while nobody tells.
    pub(crate) observed: Option<Arc<Observed>>,
    /// What keeps a Wi-Fi from being opened. Empty where nobody is to open one.
    pub(crate) problems: Vec<Problem>,
    /// Who has joined our Wi-Fi; none while it is not open, and where nobody can tell.
    pub(crate) stations: Option<Vec<Station>>,
}

impl Status {
    /// Before anything was seen.
    pub(super) fn unknown(manager: Manager) -> Self {
        Self::new(manager, &Seen::Away)
    }

    pub(super) fn new(manager: Manager, seen: &Seen) -> Self {
        let observed = match seen {
            Seen::Away => None,
            Seen::Here(observed) => Some(Arc::clone(observed)),
        };
        let problems = if manager == Manager::None { Vec::new() } else { seen.problems() };
        Self { manager, observed, problems, stations: None }
    }

    /// The radios, with what each can do.
    pub(crate) fn radios(&self) -> impl Iterator<Item = &Device> {
        self.devices().filter(|device| device.kind.radio().is_some())
    }

    /// The wired devices.
    pub(crate) fn wired(&self) -> impl Iterator<Item = &Device> {
        self.devices().filter(|device| matches!(device.kind, DeviceKind::Wired { .. }))
    }

    /// The Wi-Fi that is ours, and whether it is open.
    pub(crate) fn access_point(&self) -> Option<(&AccessPoint, Activity)> {
        match self.ours(Role::AccessPoint)? {
            (Connection::AccessPoint(access_point), activity) => Some((access_point, activity)),
            (Connection::Uplink(_), _) => None,
        }
    }

    /// The radio of our Wi-Fi, while it is open.
    pub(crate) fn open_radio(&self) -> Option<&DeviceName> {
        let (access_point, activity) = self.access_point()?;
        (activity == Activity::Active).then_some(&access_point.device)
    }

    /// How many stations our Wi-Fi takes at once: those of its radio, or else of the first that
    /// could open one. None if nobody has counted that.
    pub(crate) fn seats(&self) -> Option<u16> {
        let open = self.access_point().map(|(access_point, _)| &access_point.device);
        let ours = self.radios().find(|device| Some(&device.name) == open);
        let able = |device: &&Device| device.kind.radio().is_some_and(|radio| radio.access_point);
        ours.or_else(|| self.radios().find(able))?.kind.radio()?.seats
    }

    /// The way out that is ours, and whether it is in use.
    pub(crate) fn uplink(&self) -> Option<(&Uplink, Activity)> {
        match self.ours(Role::Uplink)? {
            (Connection::Uplink(uplink), activity) => Some((uplink, activity)),
            (Connection::AccessPoint(_), _) => None,
        }
    }

    fn ours(&self, role: Role) -> Option<(&Connection, Activity)> {
        let Profile { ours, activity, .. } = self.observed.as_deref()?.ours(role)?;
        let Ours { connection, .. } = ours.as_ref()?;
        Some((connection.as_ref()?, *activity))
    }

    fn devices(&self) -> impl Iterator<Item = &Device> {
        self.observed.iter().flat_map(|observed| &observed.devices)
    }
}
