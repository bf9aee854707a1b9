//! A daemon that is to open a Wi-Fi: it serves without a bus, says what is missing, and opens the
//! setup hotspot of a box that nobody has claimed.

use std::time::Duration;

use blackbox::Kelasd;
use tokio::net::UnixListener;
use tokio::time::{Instant, sleep, timeout};

/// The log, once `part` stands in it.
async fn log_with(daemon: &Kelasd, part: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        let log = daemon.log();
        if log.contains(part) {
            return log;
        }
        assert!(Instant::now() < deadline, "{part} never came:\n{log}");
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn without_a_bus_the_class_meets_all_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let socket = folder.path().join("bus");
    let nowhere = format!("unix:path={}", socket.display());
    let daemon = Kelasd::configure()
        .variable("KELASD_NETWORK", "networkmanager")
        .variable("DBUS_SYSTEM_BUS_ADDRESS", &nowhere)
        .start()
        .await;
    assert_eq!(daemon.client().get("/api/health").await.status, 200);
    // It is tried again and again, and told once.
    let told = "there is no bus to NetworkManager";
    log_with(&daemon, told).await;
    let bus = UnixListener::bind(&socket).expect("a free path");
    for _ in 0..2 {
        let (call, _) =
            timeout(Duration::from_secs(20), bus.accept()).await.expect("it calls").expect("open");
        drop(call);
    }
    assert_eq!(daemon.log().matches(told).count(), 1, "{}", daemon.log());
}

#[tokio::test]
async fn a_box_that_nobody_has_claimed_opens_its_setup_hotspot() {
    let daemon = Kelasd::configure().variable("KELASD_NETWORK", "pretend").start().await;
    let log = log_with(&daemon, "the changed network is kept").await;
    let change = log.lines().find(|line| line.contains("on trial")).expect("told before it is kept");
    for part in ["who=\"kelasd\"", "access point wlan0 \"Kelas-4B02\" open channel 6 10.42.0.1/24"] {
        assert!(change.replace("\\\"", "\"").contains(part), "{part} is not in {change}");
    }
    assert!(log.contains("the network is only pretended"), "{log}");
}

#[tokio::test]
async fn what_is_in_the_way_of_a_wifi_is_told() {
    for (network, part) in [
        ("pretend-no-radio", "code=\"radio_missing\""),
        ("pretend-blocked", "code=\"radio_blocked\""),
        ("pretend-busy", "error=network_not_up"),
    ] {
        let daemon = Kelasd::configure().variable("KELASD_NETWORK", network).start().await;
        let log = log_with(&daemon, part).await;
        assert!(!log.contains("the changed network is kept"), "{log}");
        assert_eq!(daemon.client().get("/api/health").await.status, 200);
    }
}
