//! What followers learn, and what they are spared.

use std::sync::Arc;

use super::service::path;
use super::{class, foreign, start};
use crate::port::{Network as _, Status};

/// The bus says that the service has a new owner, or none.
async fn owner_changes(far: &zbus::Connection, owner: &str) {
    let signal = zbus::Message::signal("/org/freedesktop/DBus", "org.freedesktop.DBus", "NameOwnerChanged")
        .sender("org.freedesktop.DBus")
        .build(&("org.freedesktop.NetworkManager", ":1.1", owner))
        .expect("three texts");
    far.send(&signal).await.expect("the bus is there");
}

/// The service says that there is a new profile.
async fn follower_is_told(far: &zbus::Connection) {
    far.emit_signal(
        None::<&str>,
        "/org/freedesktop/NetworkManager/Settings",
        "org.freedesktop.NetworkManager.Settings",
        "NewConnection",
        &path("Settings", 1),
    )
    .await
    .expect("the bus is there");
}

#[tokio::test]
async fn followers_learn_of_changes_and_that_the_service_went_and_came() {
    let (service, network, follower, far) = start().await;
    let mut seen = network.watch();
    assert_eq!(*seen.borrow(), Status::Away);
    let following = async {
        let here = |status: &Status| matches!(status, Status::Here(_));
        seen.wait_for(here).await.expect("followed");
        service.add_profile(&far, foreign()).await;
        follower_is_told(&far).await;
        let one = |status: &Status| matches!(status, Status::Here(observed) if observed.profiles.len() == 1);
        seen.wait_for(one).await.expect("followed");
        owner_changes(&far, "").await;
        seen.wait_for(|status| *status == Status::Away).await.expect("followed");
        owner_changes(&far, ":1.2").await;
        seen.wait_for(one).await.expect("followed");
        let now = network.observe().await.expect("it answers");
        assert_eq!(*seen.borrow(), Status::Here(Arc::new(now)));
    };
    let near = network.bus().expect("connected");
    tokio::select! {
        ended = follower.follow(&near) => panic!("following ended: {ended:?}"),
        () = following => {}
    }
}

#[tokio::test]
async fn a_reading_that_fails_in_the_middle_of_a_change_is_not_believed() {
    let (service, network, follower, far) = start().await;
    network.apply(&class()).await.expect("possible");
    network.confirm().await.expect("kept");
    let mut seen = network.watch();
    let mut away = network.watch();
    let changing = async {
        seen.wait_for(|status| matches!(status, Status::Here(_))).await.expect("followed");
        service.calls();
        service.with(|world| world.refuses = Some("GetSecrets"));
        follower_is_told(&far).await;
        let asked = || service.with(|world| world.calls.iter().any(|call| call.starts_with("GetSecrets")));
        while !asked() {
            tokio::task::yield_now().await;
        }
        service.with(|world| world.refuses = None);
        service.add_profile(&far, foreign()).await;
        let both = |status: &Status| matches!(status, Status::Here(observed) if observed.profiles.len() == 2);
        tokio::select! {
            found = seen.wait_for(both) => drop(found.expect("followed")),
            gone = away.wait_for(|status| *status == Status::Away) => panic!("{:?}", gone.is_ok()),
        }
        // Where it stays so, it is told.
        service.with(|world| world.refuses = Some("GetSecrets"));
        follower_is_told(&far).await;
        seen.wait_for(|status| *status == Status::Away).await.expect("followed");
    };
    let near = network.bus().expect("connected");
    tokio::select! {
        ended = follower.follow(&near) => panic!("following ended: {ended:?}"),
        () = changing => {}
    }
}
