//! What the units say and what the daemon says about itself is the same.

use std::fs;
use std::process::Command;

use units::{Unit, overlay, sockets};

/// The daemon's files beside connections, as `daemon/src/run/start.rs` counts them.
const OTHER_FILES: usize = 256;

/// The settings that the daemon has built in.
fn built_in(key: &str) -> String {
    let output = Command::new(blackbox::binary())
        .args(["check", "--boot-config", "/nonexistent"])
        .output()
        .expect("kelasd can be executed");
    let text = String::from_utf8(output.stdout).expect("text");
    let line = text.lines().find(|line| line.split_whitespace().next() == Some(key));
    let value = line.and_then(|line| line.split_once("= ")).expect("a line for each setting").1;
    value.split("  ").next().expect("a value").to_owned()
}

/// Those that the daemon answers on. The others start a program for each connection.
fn daemons_sockets() -> Vec<Unit> {
    sockets().into_iter().filter(|socket| socket.values("Accept").is_empty()).collect()
}

#[test]
fn every_socket_is_handed_to_the_daemon_and_starts_it() {
    let service = Unit::read("kelasd.service");
    let names: Vec<String> = daemons_sockets().into_iter().map(|unit| unit.name).collect();
    assert_eq!(service.value("Sockets").split_whitespace().collect::<Vec<_>>(), names);
    for socket in daemons_sockets() {
        assert_eq!(socket.value("Service"), service.name, "{}", socket.name);
        assert_eq!(socket.value("BindIPv6Only"), "both", "{}", socket.name);
    }
}

#[test]
fn the_sockets_have_the_ports_that_the_daemon_would_listen_on() {
    for socket in daemons_sockets() {
        let setting = format!("listen.{}", socket.value("FileDescriptorName"));
        let kind = if setting == "listen.stun" { "ListenDatagram" } else { "ListenStream" };
        assert_eq!(format!("[::]:{}", socket.value(kind)), built_in(&setting), "{}", socket.name);
    }
}

#[test]
fn the_helper_listens_where_the_daemon_asks_and_for_the_daemon_alone() {
    let settings = fs::read_to_string(overlay().join("usr/share/kelas/kelasd.toml")).expect("installed");
    let socket = Unit::read("kelas-host.socket");
    assert!(settings.contains(&format!("\nhost = \"{}\"\n", socket.value("ListenStream"))), "{settings}");
    assert_eq!(socket.value("SocketUser"), Unit::read("kelasd.service").value("User"));
    assert_eq!((socket.value("SocketMode"), socket.value("Accept")), ("0600", "yes"));
}

#[test]
fn bots_are_started_where_the_daemon_asks_and_for_the_daemon_alone() {
    let settings = fs::read_to_string(overlay().join("usr/share/kelas/kelasd.toml")).expect("installed");
    let socket = Unit::read("kelas-bots.socket");
    assert!(settings.contains(&format!("\nbots = \"{}\"\n", socket.value("ListenStream"))), "{settings}");
    assert_eq!(socket.value("SocketUser"), Unit::read("kelasd.service").value("User"));
    assert_eq!((socket.value("SocketMode"), socket.value("Accept")), ("0600", "yes"));
}

#[test]
fn bots_have_what_a_whole_crew_needs_and_reach_this_box_alone() {
    let service = Unit::read("kelas-bots@.service");
    let minutes = service.value("RuntimeMaxSec").strip_suffix("min").expect("minutes");
    let minutes: u64 = minutes.parse().expect("a number");
    assert!(minutes * 60 > base::limits::BOTS_STAY_S, "they leave by themselves before that");
    let files: usize = service.value("LimitNOFILE").parse().expect("a number");
    assert!(files > base::limits::BOTS + 16, "a socket for each, and what a program opens");
    assert_eq!(service.value("IPAddressDeny"), "any");
    assert_eq!(service.value("IPAddressAllow"), "localhost");
}

#[test]
fn the_daemon_may_write_where_it_keeps_its_data() {
    assert_eq!(Unit::read("kelasd.service").value("ReadWritePaths"), built_in("data"));
}

#[test]
fn all_connections_have_a_file_descriptor() {
    let limit: usize = Unit::read("kelasd.service").value("LimitNOFILE").parse().expect("a number");
    assert_eq!(limit, base::limits::CONNECTIONS + OTHER_FILES);
}

#[test]
fn the_settings_of_the_image_are_ones_that_the_daemon_has() {
    let file = overlay().join("usr/share/kelas/kelasd.toml");
    let output = Command::new(blackbox::binary())
        .args(["check", "--boot-config", "/nonexistent", "--config"])
        .arg(&file)
        .output()
        .expect("kelasd can be executed");
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(
        told.lines().any(|line| line.starts_with("network ") && line.contains("networkmanager")),
        "{told}"
    );
}
