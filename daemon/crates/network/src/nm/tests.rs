//! What is said on the bus, to something that behaves like NetworkManager.

mod following;
mod service;
mod writing;

use std::net::Ipv4Addr;

use base::Code;
use zbus::OwnedVariant;

use super::proxies::Settings;
use super::settings;
use super::{Follower, NetworkManager, Place};
use crate::model::*;
use crate::port::{Applied, Network as _};
use service::{Service, path};

fn name(raw: &str) -> DeviceName {
    DeviceName::parse(raw).expect("a device's name")
}

fn access_point() -> AccessPoint {
    AccessPoint {
        device: name("wlan0"),
        ssid: Ssid::parse("Kelas 7B").expect("a name"),
        protection: Protection::Wpa2(Passphrase::parse("rahasia sekali").expect("a passphrase")),
        channel: Channel::usual(),
        subnet: Subnet::new(Ipv4Addr::new(10, 42, 0, 1), 24).expect("usable"),
    }
}

fn class() -> Wanted {
    Wanted { access_point: Some(access_point()), uplink: None }
}

fn foreign() -> Settings {
    let text = |raw: &str| OwnedVariant::try_from(zbus::Variant::from(raw.to_owned())).expect("text");
    let head = [("uuid", text("not-ours")), ("type", text("802-11-wireless"))];
    let head = head.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let security = [("psk".to_owned(), text("somebody's secret"))].into_iter().collect();
    Settings::from([("connection".into(), head), (settings::SECURITY.into(), security)])
}

async fn start() -> (Service, NetworkManager, Follower, zbus::Connection) {
    let (service, near, far) = Service::start().await;
    let (network, follower) = NetworkManager::new(Place::default());
    follower.connected(near);
    (service, network, follower, far)
}

/// The calls that change something.
fn changes(service: &Service) -> Vec<String> {
    service.calls().into_iter().filter(|call| !call.starts_with("GetSecrets")).collect()
}

fn ours(role: Role) -> String {
    settings::uuid(role).to_owned()
}

#[tokio::test]
async fn devices_and_connections_are_read() {
    let (service, network, _follower, far) = start().await;
    service.add_profile(&far, foreign()).await;
    let observed = network.observe().await.expect("it answers");
    let names: Vec<&str> = observed.devices.iter().map(|device| device.name.as_str()).collect();
    assert_eq!(names, ["eth0", "wlan0"], "what is neither is left out, and what has gone");
    assert_eq!(observed.devices[0].kind, DeviceKind::Wired { carrier: true });
    let radio = Radio { access_point: true, bands: vec![Band::Ghz2, Band::Ghz5], seats: None };
    assert_eq!(observed.devices[1].kind, DeviceKind::Wireless(radio));
    let profile = Profile { uuid: "not-ours".into(), ours: None, kept: true, activity: Activity::Idle };
    assert_eq!(observed.profiles, [profile]);
    assert_eq!(service.calls(), Vec::<String>::new(), "nobody else's secrets are asked for");
}

#[tokio::test]
async fn a_change_is_made_under_a_checkpoint_and_kept_when_confirmed() {
    let (service, network, _follower, far) = start().await;
    service.add_profile(&far, foreign()).await;
    service.with(|world| world.radio_on = false);
    assert_eq!(network.apply(&class()).await.expect("possible"), Applied::OnTrial);
    let uuid = ours(Role::AccessPoint);
    let expected = [
        format!("CheckpointCreate {} 120 0x0", path("Devices", 2)),
        "WirelessEnabled true".to_owned(),
        format!("AddConnection2 {uuid} 0x2"),
        format!("ActivateConnection {}", path("Settings", 3)),
    ];
    assert_eq!(changes(&service), expected);
    assert_eq!(network.apply(&class()).await.expect_err("one at a time").code, Code::NetworkTrialOpen);
    network.confirm().await.expect("kept");
    let expected = [format!("CheckpointDestroy {}", path("Checkpoint", 2)), format!("Update2 {uuid} 0x1")];
    assert_eq!(changes(&service), expected);
    assert_eq!(network.apply(&class()).await.expect("possible"), Applied::Unchanged);
    assert_eq!(network.confirm().await.expect_err("nothing on trial").code, Code::NetworkTrialOver);
    assert_eq!(changes(&service), Vec::<String>::new());
}

#[tokio::test]
async fn another_change_is_written_over_ours_and_nothing_else() {
    let (service, network, _follower, far) = start().await;
    let stranger = service.add_profile(&far, foreign()).await;
    network.apply(&class()).await.expect("possible");
    network.confirm().await.expect("kept");
    changes(&service);
    let open = AccessPoint { protection: Protection::Open, ..access_point() };
    let open = Wanted { access_point: Some(open), uplink: None };
    network.apply(&open).await.expect("possible");
    network.confirm().await.expect("kept");
    network.apply(&Wanted::default()).await.expect("possible");
    network.confirm().await.expect("kept");
    let calls = changes(&service);
    let names: Vec<&str> = calls.iter().filter_map(|call| call.split(' ').next()).collect();
    let expected = [
        "CheckpointCreate",
        "Update2",
        "ActivateConnection",
        "CheckpointDestroy",
        "Update2",
        "CheckpointCreate",
        "DeactivateConnection",
        "CheckpointDestroy",
        "Delete",
    ];
    assert_eq!(names, expected, "{calls:?}");
    assert_eq!(service.with(|world| world.profiles.clone()).into_keys().collect::<Vec<_>>(), [stranger]);
}

#[tokio::test]
async fn an_access_point_that_does_not_come_up_is_taken_back() {
    let (service, network, _follower, _far) = start().await;
    service.with(|world| world.reaches = 4);
    assert_eq!(network.apply(&class()).await.expect_err("it went down").code, Code::NetworkNotUp);
    let last = format!("CheckpointRollback {}", path("Checkpoint", 1));
    assert_eq!(changes(&service).last(), Some(&last));
    assert_eq!(network.confirm().await.expect_err("nothing on trial").code, Code::NetworkTrialOver);
}

#[tokio::test]
async fn what_is_refused_half_way_is_taken_back() {
    for refused in ["AddConnection2", "ActivateConnection"] {
        let (service, network, _follower, _far) = start().await;
        service.with(|world| world.refuses = Some(refused));
        let error = network.apply(&class()).await.expect_err("refused");
        assert_eq!(error.code, Code::NetworkRefused);
        assert!(!error.to_string().contains("rahasia"), "{error}");
        assert!(service.with(|world| world.checkpoints.is_empty()));
        assert_eq!(network.observe().await.expect("it answers").profiles, []);
        service.with(|world| world.refuses = None);
        assert_eq!(network.apply(&class()).await.expect("possible now"), Applied::OnTrial);
    }
}

#[tokio::test]
async fn when_the_time_is_over_nothing_is_confirmed() {
    let (service, network, _follower, _far) = start().await;
    network.apply(&class()).await.expect("possible");
    service.with(|world| world.checkpoints.clear());
    changes(&service);
    assert_eq!(network.confirm().await.expect_err("too late").code, Code::NetworkTrialOver);
    assert_eq!(network.roll_back().await.expect_err("too late").code, Code::NetworkTrialOver);
    assert_eq!(changes(&service), Vec::<String>::new());
}

/// What a daemon is that begins anew on the same bus.
fn begun_anew(network: &NetworkManager) -> NetworkManager {
    let (again, follower) = NetworkManager::new(Place::default());
    follower.connected(network.bus().expect("connected"));
    again
}

#[tokio::test]
async fn a_trial_is_taken_up_by_a_daemon_that_begins_anew() {
    let (service, network, _follower, _far) = start().await;
    assert_eq!(network.take_up(&class()).await.expect("it answers"), None, "nothing is on trial");
    network.apply(&class()).await.expect("possible");
    let again = begun_anew(&network);
    let left = again.take_up(&class()).await.expect("it answers").expect("on trial");
    assert!((100..=120).contains(&left), "{left}");
    changes(&service);
    again.confirm().await.expect("kept");
    let checkpoint = format!("CheckpointDestroy {}", path("Checkpoint", 1));
    let expected = [checkpoint, format!("Update2 {} 0x1", ours(Role::AccessPoint))];
    assert_eq!(changes(&service), expected);
    assert_eq!(again.apply(&class()).await.expect("possible"), Applied::Unchanged);
}

#[tokio::test]
async fn an_uplink_that_waits_for_its_address_is_no_reason_to_take_a_trial_back() {
    let (service, network, _follower, _far) = start().await;
    let address = WiredAddress::Dynamic;
    let wanted = Wanted { access_point: None, uplink: Some(Uplink::Wired { device: name("eth0"), address }) };
    service.with(|world| world.radio_ready = true);
    network.apply(&wanted).await.expect("possible");
    let waits = |world: &mut service::World| world.active.values_mut().for_each(|(_, state)| *state = 1);
    service.with(|world| world.reaches = 1);
    service.with(waits);
    let again = begun_anew(&network);
    assert!(again.take_up(&wanted).await.expect("it answers").is_some());
    again.roll_back().await.expect("taken back");
}

#[tokio::test]
async fn what_was_cut_off_before_its_end_is_taken_back_at_once() {
    let (service, network, _follower, _far) = start().await;
    network.apply(&class()).await.expect("possible");
    service.with(|world| world.active.clear());
    let again = begun_anew(&network);
    assert_eq!(again.take_up(&class()).await.expect("it answers"), None);
    let last = format!("CheckpointRollback {}", path("Checkpoint", 1));
    assert_eq!(changes(&service).last(), Some(&last));
    assert_eq!(again.apply(&class()).await.expect("nothing is in the way"), Applied::OnTrial);
}

#[tokio::test]
async fn a_confirmed_change_that_could_not_be_saved_is_saved_the_next_time() {
    let (service, network, _follower, _far) = start().await;
    network.apply(&class()).await.expect("possible");
    service.with(|world| world.refuses = Some("Update2"));
    assert_eq!(network.confirm().await.expect_err("not saved").code, Code::NetworkRefused);
    service.with(|world| world.refuses = None);
    network.confirm().await.expect("saved");
    assert_eq!(network.apply(&class()).await.expect("possible"), Applied::Unchanged);
}

#[tokio::test]
async fn a_change_can_be_taken_back_at_once() {
    let (service, network, _follower, _far) = start().await;
    network.apply(&class()).await.expect("possible");
    network.roll_back().await.expect("taken back");
    assert_eq!(network.observe().await.expect("it answers").profiles, []);
    changes(&service);
    // What remains of it is written over.
    network.apply(&class()).await.expect("possible");
    network.confirm().await.expect("kept");
    let written = format!("Update2 {} 0x2", ours(Role::AccessPoint));
    assert_eq!(changes(&service)[1], written);
    assert_eq!(network.apply(&class()).await.expect("possible"), Applied::Unchanged);
}

#[tokio::test]
async fn without_a_bus_it_is_said_so() {
    let (_service, network, follower, far) = start().await;
    let near = network.bus().expect("connected");
    far.close().await.expect("closed");
    assert_eq!(network.observe().await.expect_err("nobody answers").code, Code::NetworkUnavailable);
    assert_eq!(follower.follow(&near).await.expect_err("no bus").code, Code::NetworkUnavailable);
}
