//! The names that the box answers to: those of the settings, and those that follow from what the
//! school calls it, which changes while the daemon runs.
//!
//! May use: tokio. Used by: `http`, `certificate`, `portal`, `setup`, `run`.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::watch;

/// What a box's name ends in. Nobody on the internet can own a name below either: `.internal` is
/// for private use (ICANN, 2024), `.local` for the network at hand (RFC 6762).
const ENDS: [&str; 2] = ["internal", "local"];

/// The names as they are now, in lower case. Clones are the same.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    configured: Arc<[String]>,
    settled: Arc<watch::Sender<Arc<[String]>>>,
    /// Those of a change that is on trial.
    tried: Arc<RwLock<Vec<String>>>,
}

impl Names {
    /// Those of the settings alone.
    pub(crate) fn new(configured: &[String]) -> Self {
        let configured: Arc<[String]> = configured.iter().map(|name| name.to_ascii_lowercase()).collect();
        let settled = Arc::new(watch::Sender::new(Arc::clone(&configured)));
        Self { configured, settled, tried: Arc::default() }
    }

    /// The school calls the box so from now on, or has given it no name.
    pub(crate) fn call(&self, label: Option<&str>) {
        self.set_tried(Vec::new());
        let mut all = self.configured.to_vec();
        let own = label.into_iter().flat_map(below).filter(|name| !self.configured.contains(name));
        all.extend(own);
        self.settled.send_if_modified(|known| {
            let changed = **known != *all;
            if changed {
                tracing::info!(names = ?all, "the box answers to other names");
                *known = all.into();
            }
            changed
        });
    }

    /// The box answers to this too until it is called anew. No certificate is made for it: every
    /// new one brings back the warning that somebody has clicked away.
    pub(crate) fn try_out(&self, label: &str) {
        self.set_tried(below(label).into());
    }

    fn set_tried(&self, names: Vec<String>) {
        *self.tried.write().unwrap_or_else(PoisonError::into_inner) = names;
    }

    /// What the certificate is for; names of the settings come first.
    pub(crate) fn now(&self) -> Arc<[String]> {
        Arc::clone(&self.settled.borrow())
    }

    /// Follows that.
    pub(crate) fn follow(&self) -> watch::Receiver<Arc<[String]>> {
        self.settled.subscribe()
    }

    /// The name by which people are told to come, if there is one.
    pub(crate) fn first(&self) -> Option<&str> {
        self.configured.first().map(String::as_str)
    }

    /// Whether the box answers to `host`, without its port, with a session: to its names, to
    /// `localhost`, and to any IP address.
    pub(crate) fn has(&self, host: &str) -> bool {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        bare.parse::<IpAddr>().is_ok()
            || host == "localhost"
            || self.settled.borrow().contains(&host)
            || self.tried.read().unwrap_or_else(PoisonError::into_inner).contains(&host)
    }
}

fn below(label: &str) -> [String; 2] {
    ENDS.map(|end| format!("{}.{end}", label.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        Names::new(&["Kelas.Internal".to_owned(), "kelas.local".to_owned()])
    }

    #[test]
    fn what_the_school_calls_the_box_comes_beside_the_settings_and_goes_again() {
        let names = names();
        let mut follow = names.follow();
        names.call(Some("kelas"));
        assert!(!follow.has_changed().expect("there"), "the settings have these");
        names.call(Some("smpn3"));
        let all = ["kelas.internal", "kelas.local", "smpn3.internal", "smpn3.local"];
        assert_eq!(**follow.borrow_and_update(), all);
        for host in ["SMPN3.local", "smpn3.internal.", "kelas.local", "10.42.0.1", "[fd00::1]", "localhost"] {
            assert!(names.has(host), "{host}");
        }
        for host in ["smpn3", "a.smpn3.local", "smpn3.local.example", "local"] {
            assert!(!names.has(host), "{host}");
        }
        names.call(None);
        assert!(!names.has("smpn3.local") && names.first() == Some("kelas.internal"));
    }

    #[test]
    fn a_name_on_trial_is_answered_to_and_in_no_certificate() {
        let names = names();
        names.call(Some("satu"));
        names.try_out("dua");
        assert!(names.has("satu.local") && names.has("dua.internal"));
        assert!(!names.now().contains(&"dua.internal".to_owned()));
        names.call(Some("satu"));
        assert!(names.has("satu.local") && !names.has("dua.internal"));
    }
}
