//! Something that behaves like NetworkManager for the calls we make, on the far end of a real
//! D-Bus connection between two sockets.

#![allow(clippy::needless_pass_by_value, clippy::unused_self, reason = "the macro asks for this form")]

use std::collections::{BTreeMap, HashMap};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex};

use zbus::object_server::SignalEmitter;
use zbus::{Connection as Bus, Guid, ObjectServer, OwnedObjectPath, connection, fdo, interface};

use super::super::proxies::{Extra, Settings};
use super::super::settings::SECURITY;
use super::super::takeover::since_boot_ms;

pub(super) const ROOT: &str = "/org/freedesktop/NetworkManager";

/// What the service knows, and what it was asked to do, in order.
#[derive(Debug)]
pub(super) struct World {
    pub(super) calls: Vec<String>,
    pub(super) profiles: HashMap<OwnedObjectPath, (Settings, bool)>,
    pub(super) active: HashMap<OwnedObjectPath, (String, u32)>,
    pub(super) checkpoints: Vec<OwnedObjectPath>,
    pub(super) radio_on: bool,
    /// Whether the radio's supplicant answers; until then nothing can be activated on it.
    pub(super) radio_ready: bool,
    /// The state that an activated connection reaches after a signal.
    pub(super) reaches: u32,
    /// Calls of this name are refused.
    pub(super) refuses: Option<&'static str>,
    before: HashMap<OwnedObjectPath, (Settings, bool)>,
    made: usize,
}

/// Shared between the objects and the test.
#[derive(Clone, Debug)]
pub(super) struct Service {
    world: Arc<Mutex<World>>,
}

impl Service {
    /// A service with a wired device and a radio for both bands, and the two ends of its bus:
    /// ours, and the service's own.
    pub(super) async fn start() -> (Self, Bus, Bus) {
        let world = World {
            calls: Vec::new(),
            profiles: HashMap::new(),
            active: HashMap::new(),
            checkpoints: Vec::new(),
            radio_on: true,
            radio_ready: false,
            reaches: 2,
            refuses: None,
            before: HashMap::new(),
            made: 0,
        };
        let service = Self { world: Arc::new(Mutex::new(world)) };
        let (near, far) = UnixStream::pair().expect("two sockets");
        let server = connection::Builder::unix_stream(far)
            .server(Guid::generate())
            .p2p()
            .serve_at(ROOT, Manager(service.clone()))
            .serve_at(format!("{ROOT}/Settings"), Profiles(service.clone()))
            .serve_at(path("Devices", 1), Device { name: "eth0", kind: 1, service: service.clone() })
            .serve_at(path("Devices", 1), Wired)
            .serve_at(path("Devices", 2), Device { name: "wlan0", kind: 2, service: service.clone() })
            .serve_at(path("Devices", 2), Wireless)
            .serve_at(path("Devices", 3), Device { name: "lo", kind: 32, service: service.clone() })
            .build();
        let client = connection::Builder::unix_stream(near).p2p().build();
        let (server, client) = tokio::join!(server, client);
        (service, client.expect("our end"), server.expect("the service's end"))
    }

    pub(super) fn with<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.world.lock().expect("no test panicked with it"))
    }

    /// Takes what was asked so far.
    pub(super) fn calls(&self) -> Vec<String> {
        self.with(|world| std::mem::take(&mut world.calls))
    }

    /// A connection that is in use and that somebody else made.
    pub(super) async fn add_profile(&self, bus: &Bus, settings: Settings) -> OwnedObjectPath {
        self.add(bus.object_server(), settings, false).await
    }

    async fn add(&self, server: &ObjectServer, settings: Settings, unsaved: bool) -> OwnedObjectPath {
        let at = self.with(|world| {
            world.made += 1;
            let at = path("Settings", world.made);
            world.profiles.insert(at.clone(), (settings, unsaved));
            at
        });
        server.at(at.clone(), Profile(self.clone(), at.clone())).await.expect("a new path");
        at
    }

    fn asked(&self, call: &str, details: &str) -> fdo::Result<()> {
        let refused = self.with(|world| {
            world.calls.push(format!("{call}{details}"));
            world.refuses == Some(call)
        });
        if refused { Err(fdo::Error::InvalidArgs(format!("{call} is refused"))) } else { Ok(()) }
    }
}

pub(super) fn path(kind: &str, number: usize) -> OwnedObjectPath {
    format!("{ROOT}/{kind}/{number}").try_into().expect("a path")
}

fn uuid(settings: &Settings) -> String {
    settings["connection"]["uuid"].downcast_ref().expect("text")
}

struct Manager(Service);

#[interface(name = "org.freedesktop.NetworkManager")]
impl Manager {
    async fn activate_connection(
        &self,
        connection: OwnedObjectPath,
        device: OwnedObjectPath,
        specific_object: OwnedObjectPath,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> fdo::Result<OwnedObjectPath> {
        assert_eq!((device.as_str(), specific_object.as_str()), ("/", "/"));
        self.0.asked("ActivateConnection", &format!(" {connection}"))?;
        if !self.0.with(|world| world.radio_ready) {
            return Err(fdo::Error::Failed("No suitable device found".into()));
        }
        let at = self.0.with(|world| {
            world.made += 1;
            let at = path("ActiveConnection", world.made);
            let uuid = uuid(&world.profiles[&connection].0);
            world.active.retain(|_, (known, _)| *known != uuid);
            world.active.insert(at.clone(), (uuid, 1));
            at
        });
        server.at(at.clone(), Active(self.0.clone(), at.clone())).await?;
        Ok(at)
    }

    fn deactivate_connection(&self, active: OwnedObjectPath) -> fdo::Result<()> {
        self.0.asked("DeactivateConnection", &format!(" {active}"))?;
        self.0.with(|world| world.active.remove(&active));
        Ok(())
    }

    async fn checkpoint_create(
        &self,
        devices: Vec<OwnedObjectPath>,
        rollback_timeout: u32,
        flags: u32,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> fdo::Result<OwnedObjectPath> {
        let devices: Vec<&str> = devices.iter().map(|device| device.as_str()).collect();
        self.0.asked("CheckpointCreate", &format!(" {} {rollback_timeout} {flags:#x}", devices.join(" ")))?;
        let at = self.0.with(|world| {
            world.made += 1;
            let at = path("Checkpoint", world.made);
            world.checkpoints.push(at.clone());
            world.before = world.profiles.clone();
            at
        });
        let created = since_boot_ms().expect("a Linux");
        server.at(at.clone(), Checkpoint(created, rollback_timeout)).await?;
        Ok(at)
    }

    fn checkpoint_destroy(&self, checkpoint: OwnedObjectPath) -> fdo::Result<()> {
        self.0.asked("CheckpointDestroy", &format!(" {checkpoint}"))?;
        self.0.with(|world| world.checkpoints.retain(|known| *known != checkpoint));
        Ok(())
    }

    fn checkpoint_rollback(&self, checkpoint: OwnedObjectPath) -> fdo::Result<BTreeMap<String, u32>> {
        self.0.asked("CheckpointRollback", &format!(" {checkpoint}"))?;
        self.0.with(|world| {
            world.checkpoints.retain(|known| *known != checkpoint);
            // What was made meanwhile stays, and is not in use.
            let before = world.before.clone();
            let known: Vec<String> = before.values().map(|(settings, _)| uuid(settings)).collect();
            world.active.retain(|_, (active, _)| known.contains(active));
            world.profiles.extend(before);
        });
        Ok(BTreeMap::new())
    }

    #[zbus(property)]
    fn checkpoints(&self) -> Vec<OwnedObjectPath> {
        self.0.with(|world| world.checkpoints.clone())
    }

    #[zbus(property)]
    fn devices(&self) -> Vec<OwnedObjectPath> {
        // The last is announced and already gone when it is looked at.
        [1, 2, 3, 9].map(|number| path("Devices", number)).to_vec()
    }

    #[zbus(property)]
    fn active_connections(&self) -> Vec<OwnedObjectPath> {
        self.0.with(|world| world.active.keys().cloned().collect())
    }

    #[zbus(property)]
    fn wireless_enabled(&self) -> bool {
        self.0.with(|world| world.radio_on)
    }

    #[zbus(property)]
    fn set_wireless_enabled(&self, enabled: bool) -> fdo::Result<()> {
        self.0.asked("WirelessEnabled", &format!(" {enabled}"))?;
        self.0.with(|world| world.radio_on = enabled);
        Ok(())
    }

    #[zbus(property)]
    fn wireless_hardware_enabled(&self) -> bool {
        true
    }
}

struct Checkpoint(i64, u32);

#[interface(name = "org.freedesktop.NetworkManager.Checkpoint")]
impl Checkpoint {
    #[zbus(property)]
    fn created(&self) -> i64 {
        self.0
    }

    #[zbus(property)]
    fn rollback_timeout(&self) -> u32 {
        self.1
    }
}

struct Profiles(Service);

#[interface(name = "org.freedesktop.NetworkManager.Settings")]
impl Profiles {
    fn list_connections(&self) -> Vec<OwnedObjectPath> {
        self.0.with(|world| world.profiles.keys().cloned().collect())
    }

    async fn add_connection2(
        &self,
        settings: Settings,
        flags: u32,
        args: Extra,
        #[zbus(object_server)] server: &ObjectServer,
    ) -> fdo::Result<(OwnedObjectPath, Extra)> {
        assert!(args.is_empty());
        self.0.asked("AddConnection2", &format!(" {} {flags:#x}", uuid(&settings)))?;
        Ok((self.0.add(server, settings, true).await, Extra::new()))
    }
}

struct Profile(Service, OwnedObjectPath);

impl Profile {
    fn settings(&self) -> fdo::Result<Settings> {
        let found = self.0.with(|world| world.profiles.get(&self.1).map(|(settings, _)| settings.clone()));
        found.ok_or_else(|| fdo::Error::UnknownObject("it is gone".into()))
    }
}

#[interface(name = "org.freedesktop.NetworkManager.Settings.Connection")]
impl Profile {
    /// Without secrets and without what is the default, as the real one tells it.
    fn get_settings(&self) -> fdo::Result<Settings> {
        let mut settings = self.settings()?;
        for (group, name) in [("802-11-wireless", "hidden"), (SECURITY, "psk")] {
            settings.get_mut(group).map(|group| group.remove(name));
        }
        if let Some(head) = settings.get_mut("connection") {
            head.retain(|name, value| name != "autoconnect" || value.downcast_ref() == Ok(false));
        }
        Ok(settings)
    }

    fn get_secrets(&self, group: String) -> fdo::Result<Settings> {
        self.0.asked("GetSecrets", &format!(" {} {group}", uuid(&self.settings()?)))?;
        let psk = self.settings()?[&group]["psk"].clone();
        Ok(Settings::from([(group, BTreeMap::from([("psk".to_owned(), psk)]))]))
    }

    fn update2(&self, settings: Settings, flags: u32, args: Extra) -> fdo::Result<Extra> {
        assert!(args.is_empty());
        self.0.asked("Update2", &format!(" {} {flags:#x}", uuid(&settings)))?;
        self.0.with(|world| world.profiles.insert(self.1.clone(), (settings, flags & 1 == 0)));
        Ok(Extra::new())
    }

    fn delete(&self) -> fdo::Result<()> {
        self.0.asked("Delete", &format!(" {}", self.1))?;
        self.0.with(|world| world.profiles.remove(&self.1));
        Ok(())
    }

    #[zbus(property)]
    fn unsaved(&self) -> bool {
        self.0.with(|world| world.profiles.get(&self.1).is_some_and(|(_, unsaved)| *unsaved))
    }
}

struct Device {
    name: &'static str,
    kind: u32,
    service: Service,
}

#[interface(name = "org.freedesktop.NetworkManager.Device")]
impl Device {
    #[zbus(property)]
    fn interface(&self) -> String {
        self.name.to_owned()
    }

    #[zbus(property)]
    fn device_type(&self) -> u32 {
        self.kind
    }

    #[zbus(property)]
    fn managed(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn hw_address(&self) -> String {
        "02:00:00:00:00:01".to_owned()
    }

    /// A radio is not ready when it is asked for the first time, and says when it is.
    #[zbus(property)]
    async fn state(&self, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) -> u32 {
        if self.service.with(|world| std::mem::replace(&mut world.radio_ready, true)) {
            return 30;
        }
        Self::state_changed_to(&emitter, 30, 20, 0).await.expect("the bus is there");
        20
    }

    #[zbus(signal, name = "StateChanged")]
    async fn state_changed_to(
        emitter: &SignalEmitter<'_>,
        new: u32,
        old: u32,
        reason: u32,
    ) -> zbus::Result<()>;
}

struct Wired;

#[interface(name = "org.freedesktop.NetworkManager.Device.Wired")]
impl Wired {
    #[zbus(property)]
    fn carrier(&self) -> bool {
        true
    }
}

struct Wireless;

#[interface(name = "org.freedesktop.NetworkManager.Device.Wireless")]
impl Wireless {
    /// What a Pi's radio tells: ciphers, WPA, RSN, access point, both bands.
    #[zbus(property)]
    fn wireless_capabilities(&self) -> u32 {
        0x7ff
    }
}

struct Active(Service, OwnedObjectPath);

#[interface(name = "org.freedesktop.NetworkManager.Connection.Active")]
impl Active {
    #[zbus(property)]
    fn uuid(&self) -> String {
        self.0.with(|world| world.active.get(&self.1).map(|(uuid, _)| uuid.clone())).unwrap_or_default()
    }

    /// Asked for the first time it is on its way; then it gets where it is going, and says so.
    #[zbus(property)]
    async fn state(&self, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>) -> u32 {
        let (now, reaches) = self.0.with(|world| {
            let reaches = world.reaches;
            let state = world.active.get_mut(&self.1).map(|(_, state)| std::mem::replace(state, reaches));
            (state.unwrap_or(4), reaches)
        });
        if now == 1 {
            Self::state_changed_to(&emitter, reaches, 0).await.expect("the bus is there");
        }
        now
    }

    #[zbus(signal, name = "StateChanged")]
    async fn state_changed_to(emitter: &SignalEmitter<'_>, state: u32, reason: u32) -> zbus::Result<()>;
}
