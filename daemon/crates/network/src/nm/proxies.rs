//! The few methods, properties and signals of NetworkManager that we use, as its D-Bus reference
//! has them (NetworkManager 1.52 to 1.56).
//!
//! May use: zbus. Used by: the rest of `nm`.

use std::collections::BTreeMap;

use zbus::{OwnedObjectPath, OwnedVariant, proxy};

/// A connection's settings, by the name of the group and of the property: `a{sa{sv}}`.
pub(super) type Settings = BTreeMap<String, BTreeMap<String, OwnedVariant>>;

/// Arguments or results by name: `a{sv}`. We give none and read none.
pub(super) type Extra = BTreeMap<String, OwnedVariant>;

#[proxy(
    interface = "org.freedesktop.NetworkManager",
    default_service = "org.freedesktop.NetworkManager",
    default_path = "/org/freedesktop/NetworkManager"
)]
pub(super) trait Manager {
    fn activate_connection(
        &self,
        connection: &OwnedObjectPath,
        device: &OwnedObjectPath,
        specific_object: &OwnedObjectPath,
    ) -> zbus::Result<OwnedObjectPath>;
    fn deactivate_connection(&self, active: &OwnedObjectPath) -> zbus::Result<()>;
    fn checkpoint_create(
        &self,
        devices: &[OwnedObjectPath],
        rollback_timeout: u32,
        flags: u32,
    ) -> zbus::Result<OwnedObjectPath>;
    fn checkpoint_destroy(&self, checkpoint: &OwnedObjectPath) -> zbus::Result<()>;
    fn checkpoint_rollback(&self, checkpoint: &OwnedObjectPath) -> zbus::Result<BTreeMap<String, u32>>;
    #[zbus(property)]
    fn checkpoints(&self) -> zbus::Result<Vec<OwnedObjectPath>>;
    #[zbus(property)]
    fn devices(&self) -> zbus::Result<Vec<OwnedObjectPath>>;
    #[zbus(property)]
    fn active_connections(&self) -> zbus::Result<Vec<OwnedObjectPath>>;
    #[zbus(property)]
    fn wireless_enabled(&self) -> zbus::Result<bool>;
    #[zbus(property)]
    fn set_wireless_enabled(&self, enabled: bool) -> zbus::Result<()>;
    #[zbus(property)]
    fn wireless_hardware_enabled(&self) -> zbus::Result<bool>;
}

#[proxy(
    interface = "org.freedesktop.NetworkManager.Checkpoint",
    default_service = "org.freedesktop.NetworkManager"
)]
pub(super) trait Checkpoint {
    /// Milliseconds since the boot.
    #[zbus(property)]
    fn created(&self) -> zbus::Result<i64>;
    /// In seconds.
    #[zbus(property)]
    fn rollback_timeout(&self) -> zbus::Result<u32>;
}

#[proxy(
    interface = "org.freedesktop.NetworkManager.Settings",
    default_service = "org.freedesktop.NetworkManager",
    default_path = "/org/freedesktop/NetworkManager/Settings"
)]
pub(super) trait Profiles {
    fn list_connections(&self) -> zbus::Result<Vec<OwnedObjectPath>>;
    fn add_connection2(
        &self,
        settings: &Settings,
        flags: u32,
        args: &Extra,
    ) -> zbus::Result<(OwnedObjectPath, Extra)>;
}

#[proxy(
    interface = "org.freedesktop.NetworkManager.Settings.Connection",
    default_service = "org.freedesktop.NetworkManager"
)]
pub(super) trait Profile {
    fn get_settings(&self) -> zbus::Result<Settings>;
    fn get_secrets(&self, group: &str) -> zbus::Result<Settings>;
    fn update2(&self, settings: &Settings, flags: u32, args: &Extra) -> zbus::Result<Extra>;
    fn delete(&self) -> zbus::Result<()>;
    #[zbus(property)]
    fn unsaved(&self) -> zbus::Result<bool>;
}

#[proxy(
    interface = "org.freedesktop.NetworkManager.Device",
    default_service = "org.freedesktop.NetworkManager"
)]
pub(super) trait Device {
    #[zbus(property)]
    fn interface(&self) -> zbus::Result<String>;
    #[zbus(property)]
    fn device_type(&self) -> zbus::Result<u32>;
    #[zbus(property)]
    fn managed(&self) -> zbus::Result<bool>;
    #[zbus(property)]
    fn hw_address(&self) -> zbus::Result<String>;
}

#[proxy(
    interface = "org.freedesktop.NetworkManager.Device.Wired",
    default_service = "org.freedesktop.NetworkManager"
)]
pub(super) trait Wired {
    #[zbus(property)]
    fn carrier(&self) -> zbus::Result<bool>;
}

#[proxy(
    interface = "org.freedesktop.NetworkManager.Device.Wireless",
    default_service = "org.freedesktop.NetworkManager"
)]
pub(super) trait Wireless {
    #[zbus(property)]
    fn wireless_capabilities(&self) -> zbus::Result<u32>;
}

#[proxy(
    interface = "org.freedesktop.NetworkManager.Connection.Active",
    default_service = "org.freedesktop.NetworkManager"
)]
pub(super) trait Active {
    #[zbus(property)]
    fn uuid(&self) -> zbus::Result<String>;
    #[zbus(property)]
    fn state(&self) -> zbus::Result<u32>;
    #[zbus(signal, name = "StateChanged")]
    fn state_moved(&self, state: u32, reason: u32) -> zbus::Result<()>;
}

/// Apart, because the types of its signal have the names of those of [`Active`].
pub(super) mod readiness {
    #[zbus::proxy(
        interface = "org.freedesktop.NetworkManager.Device",
        default_service = "org.freedesktop.NetworkManager"
    )]
    pub(crate) trait Readiness {
        #[zbus(property)]
        fn state(&self) -> zbus::Result<u32>;
        #[zbus(signal, name = "StateChanged")]
        fn state_moved(&self, new: u32, old: u32, reason: u32) -> zbus::Result<()>;
    }
}
