//! The bus lets root and the daemon reach NetworkManager, and nobody else.

use std::fs;

use units::{Card, Root};

/// A bus for everybody, with NetworkManager's own policy that lets everybody send to it; ours is
/// read after that. For lack of a NetworkManager the bus itself bears its name: then whoever may
/// not send to it cannot even say hello.
const BUS: &str = r#"<busconfig>
  <listen>unix:path=/run/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/>
  </policy>
  <includedir>/etc/dbus-1/system.d</includedir>
</busconfig>
"#;

const ASK: &str = "PATH=$PATH:/host/usr/bin
    dbus-daemon --config-file=/bus.conf --fork --print-pid >/run/pid
    dbus-send --bus=unix:path=/run/bus --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.GetId || true
    kill $(cat /run/pid)";

/// Whether a user may reach it. The bus runs as the same user, which changes nothing.
fn reaches(card: &Card, user: u32) -> bool {
    let output = card.run_as(user, ASK);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).expect("text");
    let denied = said.contains("org.freedesktop.DBus.Error.AccessDenied");
    assert_ne!(denied, said.contains("method return"), "{said}");
    !denied
}

#[test]
fn root_and_the_daemon_reach_network_manager_and_nobody_else_does() {
    let card = Card::new();
    card.add_users();
    card.succeeds(
        "for user in root:x:0:0 other:x:1234:1234; do echo \"$user::/:/bin/false\" >>/etc/passwd; done
        printf 'passwd: files\ngroup: files\n' >/etc/nsswitch.conf",
    );
    fs::write(card.path("bus.conf"), BUS).expect("an own root");
    assert!(reaches(&card, 1234), "while it bears another name");
    let policy = card.path("etc/dbus-1/system.d/kelas.conf");
    let text = fs::read_to_string(&policy).expect("installed");
    assert_eq!(text.matches("\"org.freedesktop.NetworkManager\"").count(), 3);
    fs::write(policy, text.replace("org.freedesktop.NetworkManager", "org.freedesktop.DBus"))
        .expect("writable");
    assert!(reaches(&card, 0));
    assert!(reaches(&card, 440));
    assert!(!reaches(&card, 1234));
}

#[test]
fn others_may_not_read_the_profiles_of_the_image() {
    use std::os::unix::fs::PermissionsExt as _;
    let root = Root::new();
    let profiles = root.path().join("usr/lib/NetworkManager/system-connections");
    for profile in fs::read_dir(profiles).expect("installed") {
        let metadata = profile.expect("readable").metadata().expect("readable");
        assert_eq!(metadata.permissions().mode() & 0o7777, 0o600);
    }
}
