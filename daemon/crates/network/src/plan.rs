//! From what there is to what is wanted: which steps, in which order, or why not.
//!
//! May use: the model. Used by: `nm` and `fake`.
//!
//! Architecture invariant: a step can name only a connection of ours, by its role. What others
//! have set up cannot even be said here.

use base::{Code, Error, Result};

use crate::model::{
    AccessPoint, Activity, Connection, DeviceKind, DeviceName, Observed, Profile, Role, Subnet, Switch,
    Uplink, Wanted, WiredAddress,
};

/// What to do at once, and what only when the change is confirmed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// In this order.
    pub steps: Vec<Step>,
    /// After the confirmation, in this order.
    pub settling: Vec<Settling>,
}

impl Plan {
    /// Whether everything is as wanted already.
    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.settling.is_empty()
    }

    /// Whether all steps have been made: what is left of them is to wait for what comes up by
    /// itself, as an uplink does whose network takes its time to give out an address.
    pub fn is_carried_out(&self, observed: &Observed) -> bool {
        let comes_up = |step: &Step| match step {
            Step::Activate(role) => {
                observed.ours(*role).is_some_and(|profile| profile.activity == Activity::Changing)
            }
            _ => false,
        };
        self.steps.iter().all(comes_up)
    }
}

/// Something that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Let radios send.
    SwitchOn,
    /// Take our connection out of use.
    Deactivate(Role),
    /// Make our connection say this, in memory only: if the power fails during the trial, the
    /// card still has the old one.
    Write(Connection),
    /// Bring our connection up.
    Activate(Role),
}

/// Something for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settling {
    /// Write our connection to the card.
    Keep(Role),
    /// Forget our connection.
    Remove(Role),
}

/// The plan from `observed` to `wanted`. When it has been carried out, the plan is empty.
///
/// # Errors
/// `network_device_shared` if one device should be access point and uplink;
/// `network_address_shared` if both would have the same addresses; `network_device_unknown` for a
/// device that is missing or of another kind; `radio_missing`, `radio_blocked`,
/// `radio_without_access_point`, `radio_without_band`.
pub fn plan(observed: &Observed, wanted: &Wanted) -> Result<Plan> {
    check_together(wanted)?;
    if let Some(access_point) = &wanted.access_point {
        check_access_point(observed, access_point)?;
    }
    if let Some(uplink) = &wanted.uplink {
        check_uplink(observed, uplink)?;
    }
    let mut plan = Plan::default();
    if observed.radios == Switch::Off && needs_radio(wanted) {
        plan.steps.push(Step::SwitchOn);
    }
    // What goes makes room first: a radio that was the uplink's may become the access point's.
    for role in Role::ALL {
        if let Some(profile) = observed.ours(role)
            && wanted.connection(role).is_none()
        {
            if profile.activity != Activity::Idle {
                plan.steps.push(Step::Deactivate(role));
            }
            plan.settling.push(Settling::Remove(role));
        }
    }
    for connection in Role::ALL.into_iter().filter_map(|role| wanted.connection(role)) {
        plan_connection(&mut plan, observed, connection);
    }
    Ok(plan)
}

fn plan_connection(plan: &mut Plan, observed: &Observed, connection: Connection) {
    let role = connection.role();
    let profile = observed.ours(role);
    let same = profile.is_some_and(|profile| says(profile, &connection));
    let active = profile.is_some_and(|profile| profile.activity == Activity::Active);
    // Without a cable it cannot come up now; it does by itself when one is plugged in.
    let possible = !lacks_carrier(observed, connection.device());
    if !same || profile.is_none_or(|profile| !profile.kept) {
        plan.settling.push(Settling::Keep(role));
    }
    if !same {
        plan.steps.push(Step::Write(connection));
    }
    if possible && !(same && active) {
        plan.steps.push(Step::Activate(role));
    }
}

fn says(profile: &Profile, connection: &Connection) -> bool {
    profile.ours.as_ref().and_then(|ours| ours.connection.as_ref()) == Some(connection)
}

fn lacks_carrier(observed: &Observed, device: &DeviceName) -> bool {
    let kind = observed.device(device).map(|device| &device.kind);
    matches!(kind, Some(DeviceKind::Wired { carrier: false }))
}

fn needs_radio(wanted: &Wanted) -> bool {
    wanted.access_point.is_some() || matches!(wanted.uplink, Some(Uplink::Wifi { .. }))
}

fn check_together(wanted: &Wanted) -> Result<()> {
    let (Some(access_point), Some(uplink)) = (&wanted.access_point, &wanted.uplink) else {
        return Ok(());
    };
    if access_point.device == *uplink.device() {
        return Err(Error::new(Code::NetworkDeviceShared));
    }
    match fixed_subnet(uplink) {
        Some(subnet) if subnet.overlaps(access_point.subnet) => Err(Error::new(Code::NetworkAddressShared)),
        _ => Ok(()),
    }
}

const fn fixed_subnet(uplink: &Uplink) -> Option<Subnet> {
    match uplink {
        Uplink::Wired { address: WiredAddress::Fixed { subnet, .. }, .. } => Some(*subnet),
        _ => None,
    }
}

fn check_access_point(observed: &Observed, access_point: &AccessPoint) -> Result<()> {
    let radio = usable_radio(observed, &access_point.device)?;
    if !radio.access_point {
        return Err(Error::new(Code::RadioWithoutAccessPoint));
    }
    if !radio.bands.contains(&access_point.channel.band()) {
        return Err(Error::new(Code::RadioWithoutBand));
    }
    Ok(())
}

fn check_uplink(observed: &Observed, uplink: &Uplink) -> Result<()> {
    match uplink {
        Uplink::Wifi { device, .. } => usable_radio(observed, device).map(|_| ()),
        Uplink::Wired { device, .. } => match observed.device(device).map(|device| &device.kind) {
            Some(DeviceKind::Wired { .. }) => Ok(()),
            _ => Err(Error::new(Code::NetworkDeviceUnknown)),
        },
    }
}

fn usable_radio<'a>(observed: &'a Observed, name: &DeviceName) -> Result<&'a crate::model::Radio> {
    if !observed.devices.iter().any(|device| device.kind.radio().is_some()) {
        return Err(Error::new(Code::RadioMissing));
    }
    let radio = observed.device(name).and_then(|device| device.kind.radio());
    let radio = radio.ok_or_else(|| Error::new(Code::NetworkDeviceUnknown))?;
    if observed.radios == Switch::Blocked {
        return Err(Error::new(Code::RadioBlocked));
    }
    Ok(radio)
}
