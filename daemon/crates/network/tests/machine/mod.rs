//! A machine of a test's own: its network, its bus and its NetworkManager, with a school's
//! network at the other end of a wire. All of it ends with the test.
//!
//! Each test runs itself again in namespaces made by unshare(1), also without root where user
//! namespaces are allowed. There is no radio: that needs `mac80211_hwsim`, which the booted card has.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use network::model::{Activity, Connection, Observed, Profile, Role};
use network::nm::{NetworkManager, Place};
use network::{Network, Status};
use tokio::time::timeout;

/// Set for the test that runs itself again.
const INSIDE: &str = "KELAS_NETWORK_TEST_INSIDE";
/// NetworkManager answers within a second, on a busy machine within ten.
const PATIENCE: Duration = Duration::from_secs(30);
/// Seconds of a trial that a test waits for the end of.
pub(crate) const SHORT_TRIAL_S: u32 = 3;
/// Seconds of a trial that must not end during a test.
pub(crate) const LONG_TRIAL_S: u32 = 600;

/// The machine.
pub(crate) struct Machine {
    folder: PathBuf,
    /// What gives out the school's addresses.
    _school: Child,
    bus: Option<Child>,
    manager: Option<Child>,
    /// What the machine's network is for the daemon.
    pub(crate) network: Arc<NetworkManager>,
}

/// Runs `test` on a machine of its own. `name` is that of the test.
pub(crate) fn on_a_machine<F: Future<Output = ()>>(
    name: &str,
    trial_s: u32,
    test: impl FnOnce(Machine) -> F,
) {
    if std::env::var_os(INSIDE).is_none() {
        return run_inside(name);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        test(Machine::start(folder.path(), trial_s)).await;
    });
}

fn run_inside(name: &str) {
    let mut command = Command::new("unshare");
    if !is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    // With its process all others of its namespace end.
    command.args(["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]);
    command.arg(std::env::current_exe().expect("this test")).args(["--exact", name, "--nocapture"]);
    let output = command.env(INSIDE, "1").output().expect("unshare of util-linux can be executed");
    let (told, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{name} in namespaces of its own:\n{told}\n{complained}");
    assert!(told.contains("1 passed"), "{name} is the name of a test:\n{told}");
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").expect("readable");
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

impl Machine {
    fn start(folder: &Path, trial_s: u32) -> Self {
        run("mount -t tmpfs tmpfs /run");
        // Read-only, which also tells NetworkManager that there is no udev to wait for.
        run("mount -t sysfs -o ro sysfs /sys");
        for name in ["/run/netns", "/run/NetworkManager", "/run/state"] {
            fs::create_dir(name).expect("made");
        }
        run("mount --bind /run/state /var/lib/NetworkManager");
        fs::create_dir(folder.join("profiles")).expect("made");
        fs::create_dir(folder.join("none")).expect("made");
        let school = make_wires();
        let place = Place { bus: Some(address(folder)), trial_s };
        let (network, follower) = NetworkManager::new(place);
        tokio::spawn(follower.run());
        let mut machine = Self {
            folder: folder.to_owned(),
            _school: school,
            bus: None,
            manager: None,
            network: Arc::new(network),
        };
        machine.start_bus();
        machine.start_manager();
        machine
    }

    /// What the network is for a daemon that begins anew.
    pub(crate) async fn begun_anew(&self) -> NetworkManager {
        let place = Place { bus: Some(address(&self.folder)), trial_s: LONG_TRIAL_S };
        let (network, follower) = NetworkManager::new(place);
        tokio::spawn(follower.run());
        let here = |status: &Status| matches!(status, Status::Here(_));
        timeout(PATIENCE, network.watch().wait_for(here)).await.expect("in time").expect("followed");
        network
    }

    /// Starts the bus.
    pub(crate) fn start_bus(&mut self) {
        let (config, socket) = (self.folder.join("bus.conf"), self.folder.join("bus"));
        fs::write(&config, BUS.replace("ADDRESS", &address(&self.folder))).expect("written");
        let _ = fs::remove_file(&socket);
        let mut command = Command::new("dbus-daemon");
        command.arg(format!("--config-file={}", config.display())).args(["--nofork", "--nopidfile"]);
        // Its complaints about limits that only root raises.
        command.stderr(Stdio::null());
        self.bus = Some(command.spawn().expect("dbus-daemon can be executed"));
    }

    /// Starts NetworkManager as soon as there is a bus for it.
    pub(crate) fn start_manager(&mut self) {
        let config = self.folder.join("NetworkManager.conf");
        let profiles = self.folder.join("profiles");
        fs::write(&config, MANAGER.replace("PROFILES", &profiles.display().to_string())).expect("written");
        let log =
            fs::File::options().create(true).append(true).open(self.folder.join("log")).expect("opened");
        for line in UNIT.lines().filter_map(|line| line.strip_prefix("ExecStartPre=")) {
            run(line);
        }
        let bus = self.folder.join("bus");
        let mut command = Command::new("sh");
        command.args(["-c", "while [ ! -S \"$1\" ]; do sleep 0.02; done; shift; exec \"$@\"", "sh"]).arg(bus);
        command.args(["NetworkManager", "--no-daemon", "--log-level=INFO"]);
        command.arg(format!("--config={}", config.display()));
        for option in ["--config-dir", "--system-config-dir"] {
            command.arg(format!("{option}={}", self.folder.join("none").display()));
        }
        command.env("DBUS_SYSTEM_BUS_ADDRESS", address(&self.folder));
        command.stdout(Stdio::null()).stderr(log);
        self.manager = Some(command.spawn().expect("NetworkManager can be executed"));
    }

    /// Kills NetworkManager, as a crash does.
    pub(crate) fn kill_manager(&mut self) {
        end(self.manager.take());
    }

    /// Kills the bus.
    pub(crate) fn kill_bus(&mut self) {
        end(self.bus.take());
    }

    /// What NetworkManager's own program says.
    pub(crate) fn nmcli(&self, arguments: &str) -> String {
        let mut command = Command::new("nmcli");
        command.args(arguments.split(' ')).env("DBUS_SYSTEM_BUS_ADDRESS", address(&self.folder));
        output(&mut command, arguments)
    }

    /// The names of the files of profiles on the card.
    pub(crate) fn kept_files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder.join("profiles")).expect("readable");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("readable").file_name();
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Waits until what is there is as `right` says.
    pub(crate) async fn until(&self, what: &str, right: impl Fn(&Observed) -> bool) -> Arc<Observed> {
        self.until_status(what, |status| matches!(status, Status::Here(observed) if right(observed))).await;
        match &*self.network.watch().borrow() {
            Status::Here(observed) => Arc::clone(observed),
            Status::Away => panic!("{what}, and then it went away"),
        }
    }

    /// Waits until the status is as `right` says.
    pub(crate) async fn until_status(&self, what: &str, right: impl Fn(&Status) -> bool) {
        let mut seen = self.network.watch();
        if timeout(PATIENCE, seen.wait_for(|status| right(status))).await.is_err() {
            let log = fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            panic!("never: {what}\nlast seen: {:#?}\n{log}", *seen.borrow());
        }
    }

    /// Waits until NetworkManager answers.
    pub(crate) async fn here(&self) -> Arc<Observed> {
        self.until("NetworkManager answers", |observed| !observed.devices.is_empty()).await
    }

    /// Waits until our uplink is in use and says `expected`.
    pub(crate) async fn uplink(&self, expected: &network::model::Uplink) -> Arc<Observed> {
        let expected = Connection::Uplink(expected.clone());
        let right = |profile: &Profile| {
            profile.activity == Activity::Active
                && profile.ours.as_ref().is_some_and(|ours| ours.connection.as_ref() == Some(&expected))
        };
        let what = format!("the uplink is {expected:?}");
        self.until(&what, |observed| observed.ours(Role::Uplink).is_some_and(right)).await
    }
}

/// Two wires: `eth0` to the school, which gives out addresses, and `eth1` to nobody.
fn make_wires() -> Child {
    run("ip link set lo up");
    run("ip netns add school");
    for (near, far) in [("eth0", "lan0"), ("eth1", "lan1")] {
        run(&format!("ip link add {near} type veth peer name {far} netns school"));
        run(&format!("ip -n school link set {far} up"));
    }
    run("ip -n school addr add 192.168.7.1/24 dev lan0");
    run("ip -n school link set lo up");
    let mut dhcp = Command::new("ip");
    dhcp.args(["netns", "exec", "school", "dnsmasq", "--conf-file=/dev/null", "--no-daemon", "--port=0"]);
    dhcp.args(["--interface=lan0", "--bind-interfaces", "--leasefile-ro", "--user=root", "--pid-file="]);
    dhcp.arg("--dhcp-range=192.168.7.50,192.168.7.60,1h").stderr(Stdio::null());
    dhcp.spawn().expect("dnsmasq can be executed")
}

/// Runs a command that must succeed.
pub(crate) fn run(line: &str) -> String {
    let mut words = line.split(' ');
    output(Command::new(words.next().expect("a program")).args(words), line)
}

fn output(command: &mut Command, line: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{line}: {error}"));
    let complained = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {complained}");
    String::from_utf8(output.stdout).expect("text")
}

fn end(child: Option<Child>) {
    let mut child = child.expect("it was started");
    child.kill().expect("it is ours");
    child.wait().expect("it is ours");
}

fn address(folder: &Path) -> String {
    format!("unix:path={}", folder.join("bus").display())
}

const BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>ADDRESS</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow own="*"/>
    <allow send_type="method_call"/>
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
  </policy>
</busconfig>
"#;

/// What the card adds to NetworkManager's unit.
const UNIT: &str = include_str!(
    "../../../../../buildroot-overlay/usr/lib/systemd/system/NetworkManager.service.d/50-kelas.conf"
);

/// As on the card, but for where profiles lie and that no resolv.conf is touched.
const MANAGER: &str = "[main]
plugins=keyfile
auth-polkit=false
no-auto-default=*
dhcp=internal
rc-manager=unmanaged
systemd-resolved=false
hostname-mode=none
[keyfile]
path=PROFILES
[connectivity]
enabled=false
";
