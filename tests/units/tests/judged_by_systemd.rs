//! systemd's own programs find nothing wrong with the units, and do with them what is meant.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::Command;

use nix::unistd::{getegid, geteuid};
use units::{Root, Unit, services, units};

/// Tenths of the exposure that a service of ours may have at most.
const EXPOSURE: u32 = 15;

/// Those that mount for all to see, for which a sandbox of their own would be in the way; and what
/// root alone can do: erase, write to the first partition, command clock, name, radio and firewall.
const MORE_EXPOSED: [(&str, u32); 5] = [
    ("kelas-data-fallback.service", 34),
    ("kelas-firewall.service", 17),
    ("kelas-firstboot.service", 35),
    ("kelas-forget.service", 19),
    ("kelas-host@.service", 23),
];

/// What `systemd-analyze verify` finds.
fn findings(root: &Root, names: &[&str]) -> String {
    let output = root.run("systemd-analyze", &[&["verify", "--man=no"], names].concat());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if text.is_empty() && !output.status.success() { output.status.to_string() } else { text }
}

fn exposure(root: &Root, name: &str) -> std::process::Output {
    let most = MORE_EXPOSED.iter().find(|(known, _)| *known == name).map_or(EXPOSURE, |(_, most)| *most);
    let threshold = format!("--threshold={most}");
    root.run("systemd-analyze", &["security", "--offline=true", &threshold, name])
}

#[test]
fn verify_finds_nothing() {
    let units = units();
    let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
    assert_eq!(findings(&Root::new(), &names), "");
}

#[test]
fn verify_would_find_a_misspelt_setting() {
    let root = Root::new();
    root.add("misspelt.service", "[Service]\nExecStart=/usr/bin/kelasd\nWatchdogSecs=30\n");
    assert!(findings(&root, &["misspelt.service"]).contains("WatchdogSecs"));
}

#[test]
fn no_service_waits_for_what_waits_for_it() {
    // PrivateTmp= starts a service after the temporary files (systemd.exec(5), "implicit
    // dependencies"); those that put the data partition in order start before them, and systemd
    // would leave out one of the two.
    for service in services().into_iter().filter(|service| !service.values("DefaultDependencies").is_empty())
    {
        assert!(service.values("PrivateTmp").is_empty(), "{}", service.name);
    }
}

#[test]
fn no_service_is_exposed_beyond_the_limit() {
    let root = Root::new();
    for service in services() {
        let output = exposure(&root, &service.name);
        let table = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{}: too exposed\n{table}", service.name);
    }
}

#[test]
fn a_service_without_a_sandbox_would_be_found() {
    let root = Root::new();
    root.add("bare.service", "[Service]\nExecStart=/usr/bin/kelasd\n");
    assert!(!exposure(&root, "bare.service").status.success());
}

#[test]
fn the_daemons_user_owns_the_one_folder_that_the_daemon_may_write() {
    let root = Root::new();
    root.succeeds("systemd-sysusers", &[]);
    let service = Unit::read("kelasd.service");
    let users = fs::read_to_string(root.path().join("etc/passwd")).expect("made");
    let start = format!("{}:x:", service.value("User"));
    let entry = users.lines().find_map(|line| line.strip_prefix(&start)).expect("the service's user");
    let mut numbers = entry.split(':');
    let (user, group) = (numbers.next().expect("a user"), numbers.next().expect("a group"));
    assert!(entry.ends_with("/usr/sbin/nologin"), "{entry}");

    let mut command = Command::new("unshare");
    let own = (geteuid().as_raw(), getegid().as_raw());
    let expected = if geteuid().is_root() {
        (user.parse().expect("a number"), group.parse().expect("a number"))
    } else {
        // Who is not root may only give files to itself, so it takes the user's number meanwhile.
        command.args(["--user", "--map-user", user, "--map-group", group]);
        own
    };
    let made = command.arg("systemd-tmpfiles").arg("--create").arg("kelas.conf");
    let made = made.arg(format!("--root={}", root.path().display())).output().expect("util-linux is there");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    let folder = service.value("ReadWritePaths").strip_prefix('/').expect("an absolute path");
    let folder = fs::metadata(root.path().join(folder)).expect("made");
    assert_eq!((folder.uid(), folder.gid()), expected);
    assert_eq!(folder.permissions().mode() & 0o7777, 0o700);
}

#[test]
fn the_preset_enables_everything_that_can_be() {
    let root = Root::new();
    for unit in units().into_iter().filter(|unit| !unit.values("WantedBy").is_empty()) {
        root.succeeds("systemctl", &["preset", &unit.name]);
        assert_eq!(root.succeeds("systemctl", &["is-enabled", &unit.name]), "enabled\n", "{}", unit.name);
    }
}
