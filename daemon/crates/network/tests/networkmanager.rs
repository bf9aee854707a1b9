//! The network through the real NetworkManager, in namespaces: the wired half. It takes what we
//! write and gives it back, its checkpoint takes back what nobody confirms, it may be killed at any
//! moment, and what others have set up is left alone.

mod machine;

use std::net::Ipv4Addr;

use base::Code;
use machine::{LONG_TRIAL_S, Machine, SHORT_TRIAL_S, on_a_machine, run};
use network::model::*;
use network::{Applied, Network, Status};

fn name(raw: &str) -> DeviceName {
    DeviceName::parse(raw).expect("a device's name")
}

fn dynamic() -> Uplink {
    Uplink::Wired { device: name("eth0"), address: WiredAddress::Dynamic }
}

fn fixed(last: u8) -> Uplink {
    let subnet = Subnet::new(Ipv4Addr::new(192, 168, 7, last), 24).expect("usable");
    let resolvers = vec![Ipv4Addr::new(192, 168, 7, 1), Ipv4Addr::new(192, 168, 7, 2)];
    let address = WiredAddress::fixed(subnet, Ipv4Addr::new(192, 168, 7, 1), resolvers).expect("a neighbour");
    Uplink::Wired { device: name("eth0"), address }
}

fn only(uplink: Uplink) -> Wanted {
    Wanted { access_point: None, uplink: Some(uplink) }
}

/// Applies and confirms, and waits until it is in use.
async fn keep(machine: &Machine, uplink: Uplink) {
    let wanted = only(uplink.clone());
    assert_eq!(machine.network.apply(&wanted).await.expect("possible"), Applied::OnTrial);
    machine.network.confirm().await.expect("kept");
    machine.uplink(&uplink).await;
}

async fn is_unchanged(machine: &Machine, uplink: Uplink) {
    assert_eq!(machine.network.apply(&only(uplink)).await.expect("possible"), Applied::Unchanged);
}

/// Kills NetworkManager and starts it again, as its unit does.
async fn restart(machine: &mut Machine) {
    machine.kill_manager();
    machine.until_status("it went", |status| *status == Status::Away).await;
    machine.start_manager();
}

fn addresses() -> String {
    run("ip -4 -o addr show dev eth0")
}

#[test]
fn devices_and_their_cables_are_seen() {
    on_a_machine("devices_and_their_cables_are_seen", LONG_TRIAL_S, async |machine| {
        let observed = machine.here().await;
        let wired = |name: &str| observed.device(&DeviceName::parse(name).expect("a name")).cloned();
        for name in ["eth0", "eth1"] {
            let device = wired(name).expect("a wire");
            assert_eq!(device.kind, DeviceKind::Wired { carrier: true });
            let address = run(&format!("cat /sys/class/net/{name}/address"));
            assert_eq!(device.hardware_address, HardwareAddress::parse(address.trim()));
        }
        assert_eq!(observed.problems(), [Problem::RadioMissing]);
        run("ip -n school link set lan1 down");
        let unplugged = DeviceKind::Wired { carrier: false };
        machine
            .until("the cable is out", |observed| {
                observed.device(&name("eth1")).is_some_and(|device| device.kind == unplugged)
            })
            .await;
    });
}

#[test]
fn a_wire_gets_its_address_from_the_school_and_keeps_it_so() {
    on_a_machine(
        "a_wire_gets_its_address_from_the_school_and_keeps_it_so",
        LONG_TRIAL_S,
        async |mut machine| {
            machine.here().await;
            keep(&machine, dynamic()).await;
            assert!(
                addresses().contains("192.168.7.5") || addresses().contains("192.168.7.60"),
                "{}",
                addresses()
            );
            assert!(run("ip route show default").contains("via 192.168.7.1"));
            assert_eq!(machine.kept_files().len(), 1);
            is_unchanged(&machine, dynamic()).await;
            machine.kill_manager();
            machine.until_status("it went", |status| *status == Status::Away).await;
            assert_eq!(machine.network.observe().await.expect_err("away").code, Code::NetworkUnavailable);
            machine.start_manager();
            machine.uplink(&dynamic()).await;
            is_unchanged(&machine, dynamic()).await;
        },
    );
}

#[test]
fn a_fixed_address_is_taken_whole_and_known_again() {
    on_a_machine("a_fixed_address_is_taken_whole_and_known_again", LONG_TRIAL_S, async |mut machine| {
        machine.here().await;
        keep(&machine, fixed(20)).await;
        assert!(addresses().contains("192.168.7.20/24"), "{}", addresses());
        assert!(run("ip route show default").contains("via 192.168.7.1"));
        let resolvers = machine.nmcli("-g IP4.DNS device show eth0");
        assert_eq!(resolvers.trim(), "192.168.7.1 | 192.168.7.2");
        is_unchanged(&machine, fixed(20)).await;
        restart(&mut machine).await;
        machine.uplink(&fixed(20)).await;
        is_unchanged(&machine, fixed(20)).await;
    });
}

#[test]
fn what_nobody_confirms_is_taken_back_by_itself() {
    on_a_machine("what_nobody_confirms_is_taken_back_by_itself", SHORT_TRIAL_S, async |machine| {
        machine.here().await;
        // Something new goes again.
        machine.network.apply(&only(fixed(30))).await.expect("possible");
        machine.uplink(&fixed(30)).await;
        machine.until("it is gone again", |observed| observed.ours(Role::Uplink).is_none()).await;
        assert_eq!(machine.network.confirm().await.expect_err("too late").code, Code::NetworkTrialOver);
        // Something changed is as it was, in use and on the card.
        keep(&machine, fixed(20)).await;
        let files = machine.kept_files();
        machine.network.apply(&only(fixed(30))).await.expect("possible");
        machine.uplink(&fixed(30)).await;
        machine.uplink(&fixed(20)).await;
        assert!(addresses().contains("192.168.7.20/24"), "{}", addresses());
        assert_eq!(machine.network.confirm().await.expect_err("too late").code, Code::NetworkTrialOver);
        is_unchanged(&machine, fixed(20)).await;
        assert_eq!(machine.kept_files(), files);
        // Something taken out of use comes up again.
        machine.network.apply(&Wanted::default()).await.expect("possible");
        let idle = |observed: &Observed| {
            observed.ours(Role::Uplink).is_some_and(|profile| profile.activity == Activity::Idle)
        };
        machine.until("it is out of use", idle).await;
        machine.uplink(&fixed(20)).await;
        is_unchanged(&machine, fixed(20)).await;
    });
}

#[test]
fn a_change_is_taken_back_at_once_when_told() {
    on_a_machine("a_change_is_taken_back_at_once_when_told", LONG_TRIAL_S, async |machine| {
        machine.here().await;
        machine.network.apply(&only(dynamic())).await.expect("possible");
        let refused = machine.network.apply(&only(fixed(20))).await.expect_err("one at a time");
        assert_eq!(refused.code, Code::NetworkTrialOpen);
        machine.network.roll_back().await.expect("taken back");
        machine.until("it is gone again", |observed| observed.ours(Role::Uplink).is_none()).await;
        keep(&machine, fixed(20)).await;
        machine.network.apply(&only(dynamic())).await.expect("possible");
        machine.network.roll_back().await.expect("taken back");
        machine.uplink(&fixed(20)).await;
        is_unchanged(&machine, fixed(20)).await;
        assert_eq!(machine.network.roll_back().await.expect_err("done").code, Code::NetworkTrialOver);
    });
}

#[test]
fn a_daemon_that_begins_anew_goes_on_with_the_trial_of_the_one_before() {
    let this = "a_daemon_that_begins_anew_goes_on_with_the_trial_of_the_one_before";
    on_a_machine(this, LONG_TRIAL_S, async |machine| {
        machine.here().await;
        keep(&machine, fixed(20)).await;
        let files = machine.kept_files();
        machine.network.apply(&only(fixed(30))).await.expect("possible");
        machine.uplink(&fixed(30)).await;
        let again = machine.begun_anew().await;
        let left = again.take_up(&only(fixed(30))).await.expect("it answers").expect("on trial");
        assert!((LONG_TRIAL_S - 60..=LONG_TRIAL_S).contains(&left), "{left}");
        again.confirm().await.expect("kept");
        is_unchanged(&machine, fixed(30)).await;
        assert_eq!(machine.kept_files(), files, "over the one before");
        // Begun by one, meant otherwise by the next: it is taken back, and nothing is in the way.
        machine.network.apply(&only(fixed(31))).await.expect("possible");
        machine.uplink(&fixed(31)).await;
        assert_eq!(again.take_up(&only(fixed(32))).await.expect("it answers"), None);
        machine.uplink(&fixed(30)).await;
        assert_eq!(again.take_up(&only(fixed(30))).await.expect("it answers"), None, "none is on trial");
        machine.network.apply(&only(fixed(32))).await.expect("nothing is in the way");
    });
}

#[test]
fn what_is_wanted_no_more_is_forgotten_when_it_is_confirmed() {
    on_a_machine("what_is_wanted_no_more_is_forgotten_when_it_is_confirmed", LONG_TRIAL_S, async |machine| {
        machine.here().await;
        keep(&machine, fixed(20)).await;
        machine.network.apply(&Wanted::default()).await.expect("possible");
        machine.network.confirm().await.expect("kept");
        machine
            .until("it is gone", |observed| {
                observed.profiles.is_empty() || observed.ours(Role::Uplink).is_none()
            })
            .await;
        assert_eq!(machine.kept_files(), Vec::<String>::new());
        assert_eq!(addresses(), "");
    });
}

#[test]
fn what_others_set_up_is_left_alone_also_when_a_change_is_taken_back() {
    let this = "what_others_set_up_is_left_alone_also_when_a_change_is_taken_back";
    on_a_machine(this, LONG_TRIAL_S, async |machine| {
        machine.here().await;
        machine.nmcli("connection add type ethernet ifname eth1 con-name before ip4 172.20.0.2/24");
        let told = machine.nmcli("connection show before");
        machine.network.apply(&only(fixed(20))).await.expect("possible");
        machine.nmcli("connection add type ethernet ifname eth1 con-name meanwhile ip4 172.20.1.2/24");
        machine.network.roll_back().await.expect("taken back");
        machine.until("ours is gone", |observed| observed.ours(Role::Uplink).is_none()).await;
        let names = machine.nmcli("-g NAME connection show");
        for name in ["before", "meanwhile"] {
            assert!(names.lines().any(|line| line == name), "{name} in:\n{names}");
        }
        let same =
            |told: &str| told.lines().find(|line| line.starts_with("ipv4.addresses")).map(str::to_owned);
        assert_eq!(same(&machine.nmcli("connection show before")), same(&told));
        assert!(run("ip -4 -o addr show dev eth1").contains("172.20."), "theirs is in use");
    });
}

#[test]
fn a_crash_of_networkmanager_during_a_trial_brings_back_what_was() {
    let this = "a_crash_of_networkmanager_during_a_trial_brings_back_what_was";
    on_a_machine(this, LONG_TRIAL_S, async |mut machine| {
        machine.here().await;
        keep(&machine, fixed(20)).await;
        machine.network.apply(&only(fixed(30))).await.expect("possible");
        machine.uplink(&fixed(30)).await;
        restart(&mut machine).await;
        machine.uplink(&fixed(20)).await;
        assert!(addresses().contains("192.168.7.20/24"), "{}", addresses());
        assert_eq!(machine.network.confirm().await.expect_err("it is lost").code, Code::NetworkTrialOver);
        // The technician's next step. Until then the wire has the lost address beside its own,
        // because NetworkManager takes over wires as it finds them.
        keep(&machine, fixed(31)).await;
        let lines: Vec<String> = addresses().lines().map(str::to_owned).collect();
        assert!(lines.len() == 1 && lines[0].contains("192.168.7.31/24"), "{lines:?}");
    });
}

#[test]
fn a_first_change_is_gone_after_a_crash() {
    on_a_machine("a_first_change_is_gone_after_a_crash", LONG_TRIAL_S, async |mut machine| {
        machine.here().await;
        machine.network.apply(&only(dynamic())).await.expect("possible");
        machine.uplink(&dynamic()).await;
        restart(&mut machine).await;
        let observed = machine.here().await;
        assert_eq!(observed.ours(Role::Uplink), None);
        keep(&machine, dynamic()).await;
    });
}

#[test]
fn a_cable_that_is_plugged_in_later_is_used_by_itself() {
    on_a_machine("a_cable_that_is_plugged_in_later_is_used_by_itself", LONG_TRIAL_S, async |machine| {
        run("ip -n school link set lan0 down");
        let unplugged = |observed: &Observed| {
            let device = observed.device(&name("eth0"));
            device.is_some_and(|device| device.kind == DeviceKind::Wired { carrier: false })
        };
        machine.until("the cable is out", unplugged).await;
        let wanted = only(dynamic());
        assert_eq!(machine.network.apply(&wanted).await.expect("possible"), Applied::OnTrial);
        machine.network.confirm().await.expect("kept");
        run("ip -n school link set lan0 up");
        machine.uplink(&dynamic()).await;
    });
}

#[test]
fn the_daemon_outlives_the_bus() {
    on_a_machine("the_daemon_outlives_the_bus", LONG_TRIAL_S, async |mut machine| {
        machine.here().await;
        keep(&machine, fixed(20)).await;
        machine.kill_manager();
        machine.kill_bus();
        machine.until_status("it went", |status| *status == Status::Away).await;
        assert_eq!(machine.network.observe().await.expect_err("away").code, Code::NetworkUnavailable);
        let refused = machine.network.apply(&only(dynamic())).await.expect_err("away");
        assert_eq!(refused.code, Code::NetworkUnavailable);
        machine.start_bus();
        machine.start_manager();
        machine.uplink(&fixed(20)).await;
        keep(&machine, dynamic()).await;
    });
}
