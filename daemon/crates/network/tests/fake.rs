//! The fake keeps the port's promises, so that those who are tested with it learn nothing wrong.

use std::sync::Arc;

use base::Code;
use network::fake::FakeNetwork;
use network::model::*;
use network::{Applied, Network, Status};

fn board() -> Observed {
    let name = DeviceName::parse("eth0").expect("a name");
    let device = Device { name, kind: DeviceKind::Wired { carrier: true }, hardware_address: None };
    Observed { devices: vec![device], ..Observed::default() }
}

fn wanted() -> Wanted {
    let device = DeviceName::parse("eth0").expect("a name");
    Wanted { access_point: None, uplink: Some(Uplink::Wired { device, address: WiredAddress::Dynamic }) }
}

#[tokio::test]
async fn a_change_is_on_trial_until_it_is_confirmed() {
    let network: Arc<dyn Network> = Arc::new(FakeNetwork::new(board()));
    assert_eq!(network.confirm().await.expect_err("nothing on trial").code, Code::NetworkTrialOver);
    assert_eq!(network.apply(&wanted()).await.expect("possible"), Applied::OnTrial);
    assert_eq!(network.apply(&wanted()).await.expect_err("one at a time").code, Code::NetworkTrialOpen);
    network.confirm().await.expect("kept");
    assert_eq!(network.apply(&wanted()).await.expect("possible"), Applied::Unchanged);
}

#[tokio::test]
async fn what_is_not_confirmed_is_taken_back() {
    let network = FakeNetwork::new(board());
    let ends: [fn(&FakeNetwork); 2] = [
        |network| network.run_out_of_time(network.trials()),
        |network| {
            network.leave();
            network.come_back();
        },
    ];
    for end in ends {
        network.apply(&wanted()).await.expect("possible");
        assert_ne!(network.observe().await.expect("here"), board());
        end(&network);
        assert_eq!(network.observe().await.expect("here"), board());
        assert_eq!(network.confirm().await.expect_err("too late").code, Code::NetworkTrialOver);
    }
    network.apply(&wanted()).await.expect("possible");
    network.roll_back().await.expect("taken back");
    assert_eq!(network.observe().await.expect("here"), board());
}

#[tokio::test]
async fn a_failure_leaves_nothing_behind() {
    let network = FakeNetwork::new(board());
    network.fail_next(Code::NetworkNotUp);
    assert_eq!(network.apply(&wanted()).await.expect_err("told to fail").code, Code::NetworkNotUp);
    assert_eq!(network.observe().await.expect("here"), board());
    assert_eq!(network.apply(&wanted()).await.expect("possible"), Applied::OnTrial);
}

#[tokio::test]
async fn followers_see_what_changes() {
    let network = FakeNetwork::new(board());
    let mut follower = network.watch();
    network.change(|observed| observed.devices.clear());
    follower.changed().await.expect("the network is there");
    assert_eq!(*follower.borrow_and_update(), Status::Here(Arc::new(Observed::default())));
    network.leave();
    assert_eq!(follower.borrow_and_update().problems(), [Problem::Away]);
    assert_eq!(network.observe().await.expect_err("away").code, Code::NetworkUnavailable);
}
