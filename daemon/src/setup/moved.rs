//! What of the wizard's answers comes along when a box runs by the data of another, or of an earlier
//! day.
//!
//! May use: `kept`, `store`. Used by: `backup`.

use base::Result;
use store::Store;

use super::kept::{KEY, Kept};

/// Where data is brought to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The box that it is of: its network is as it was set up.
    SameBox,
    /// Another, whose network nobody has set up.
    OtherBox,
}

/// The school's name, if somebody has said it.
pub(crate) async fn school(store: &Store) -> Result<Option<String>> {
    let kept = Kept::read(store.setting(KEY).await?.as_deref());
    let school = kept.in_force.and_then(|draft| draft.school).or(kept.draft.school);
    Ok(school.map(|school| school.name))
}

/// No change of the network is on its way in what is brought to `goal`. On another box the answers wait
/// for a technician to apply them, as radios and cables may differ, and its clock is looked at anew.
pub(crate) async fn arrive(store: &Store, goal: Goal) -> Result<()> {
    if store.setting(KEY).await?.is_none() {
        return Ok(());
    }
    let change = move |text: Option<String>| {
        let mut kept = Kept::read(text.as_deref());
        kept.begun = None;
        if goal == Goal::OtherBox {
            kept.in_force = None;
            kept.draft.time = None;
        }
        kept.write()
    };
    store.change_setting(KEY, change).await.map(drop)
}
