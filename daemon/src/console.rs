//! What a screen at the box shows: kept in a file, which the system paints on the console.
//!
//! Whoever stands before the box without a phone sees here whether it runs, where it is found and
//! what is wrong with its card. The daemon never fails for it.
//!
//! May use: `addresses`, `problems`, `hotspot`, `i18n`, `tasks`, `sockets`, `fast_qr`. Used by: `run`.

mod qr;
mod screen;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::addresses::Addresses;
use crate::hotspot::{Status, wifi_code};
use crate::problems::CardProblems;
use crate::sockets::Bound;
use crate::tasks;

use screen::{Screen, Wifi};

/// Pause before writing is tried again after it failed.
const RETRY: Duration = Duration::from_secs(30);

/// The file, and what stands in it.
#[derive(Debug)]
pub(crate) struct Console {
    pub(crate) path: PathBuf,
    /// The names of the box; the first is shown.
    pub(crate) names: Vec<String>,
    pub(crate) bound: Bound,
    /// Of the authority's certificate.
    pub(crate) fingerprint: String,
    pub(crate) addresses: Addresses,
    pub(crate) problems: CardProblems,
    /// The box's Wi-Fi and who is on it.
    pub(crate) network: watch::Receiver<Arc<Status>>,
}

impl Console {
    /// Keeps the file right until the daemon stops. It is written anew only when what it says has
    /// changed, as each time paints the screen.
    pub(crate) async fn keep(self, stopping: CancellationToken) {
        let mut addresses = self.addresses.clone();
        let mut problems = self.problems.changes();
        let mut network = self.network.clone();
        let mut written = String::new();
        let mut failed = false;
        loop {
            let text = self.text();
            if text != written {
                match replace(&self.path, &text).await {
                    Ok(()) => (written, failed) = (text, false),
                    Err(error) => {
                        if !failed {
                            let path = self.path.display();
                            tracing::warn!(%path, %error, "the console cannot be written; it is tried again");
                        }
                        failed = true;
                    }
                }
            }
            tokio::select! {
                () = addresses.changed() => {}
                // Fails when nobody can add a problem any more, which `self.problems` prevents.
                Ok(()) = problems.changed() => {}
                // Fails when the network's keeper has ended, as it does when the daemon stops.
                Ok(()) = network.changed() => {}
                () = tokio::time::sleep(RETRY), if failed => {}
                () = stopping.cancelled() => return,
            }
        }
    }

    fn text(&self) -> String {
        let network = Arc::clone(&self.network.borrow());
        Screen {
            name: self.names.first().map_or("", String::as_str),
            bound: self.bound.https,
            fingerprint: &self.fingerprint,
            addresses: &self.addresses.now(),
            problems: &self.problems.now(),
            wifi: wifi(&network),
            network: network.problems.first().copied(),
        }
        .draw()
    }
}

/// The Wi-Fi that is open, and who is on it.
fn wifi(network: &Status) -> Option<Wifi> {
    let radio = network.open_radio()?;
    let (access_point, _) = network.access_point()?;
    let device = network.radios().find(|device| device.name == *radio);
    Some(Wifi {
        name: access_point.ssid.to_string(),
        code: wifi_code(&access_point.ssid, &access_point.protection),
        joined: network.stations.as_ref().map(Vec::len),
        seats: device.and_then(|device| device.kind.radio()?.seats),
    })
}

/// Whoever reads the file finds the old text or the new one, never half of it.
async fn replace(path: &Path, text: &str) -> io::Result<()> {
    let (path, text) = (path.to_owned(), text.to_owned());
    let written = tasks::blocking(move || {
        let mut fresh = path.clone().into_os_string();
        fresh.push(".new");
        fs::write(&fresh, text)?;
        fs::rename(&fresh, &path)
    });
    written.await.unwrap_or_else(|panicked| Err(io::Error::other(panicked)))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use network::model::Problem;

    use super::*;
    use crate::hotspot::Manager;
    use crate::i18n::Language;
    use crate::problems::{CardProblem, DATA_FULL};
    use crate::tasks::Tasks;

    fn console(path: PathBuf) -> Console {
        Console {
            path,
            names: vec!["kelas.internal".to_owned()],
            bound: Bound { http: None, https: Some("[::]:443".parse().expect("an address")), stun: None },
            fingerprint: ["AB"; 32].join(":"),
            addresses: Addresses::fixed(vec![IpAddr::from([10, 42, 0, 1])]),
            problems: CardProblems::new(Vec::new()),
            network: watch::channel(network(Vec::new())).1,
        }
    }

    /// One without a Wi-Fi, for these reasons.
    fn network(problems: Vec<Problem>) -> Arc<Status> {
        Arc::new(Status { manager: Manager::Real, observed: None, problems, stations: None })
    }

    #[tokio::test]
    async fn the_network_is_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("console");
        let (sender, network_of_it) = watch::channel(network(Vec::new()));
        let tasks = Tasks::default();
        let console = Console { network: network_of_it, ..console(path.clone()) };
        tasks.spawn("console", console.keep(tasks.stopping()));
        shows(&path, "https://10.42.0.1").await;
        sender.send_replace(network(vec![Problem::RadioBlocked]));
        shows(&path, Language::En.t("error.radio_blocked")).await;
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
    }

    /// Waits until the file has `text`.
    async fn shows(path: &Path, text: &str) {
        let shown = async {
            while !fs::read_to_string(path).is_ok_and(|screen| screen.contains(text)) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), shown).await.expect("in time");
    }

    #[tokio::test]
    async fn a_problem_that_is_found_later_is_shown_and_the_file_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("console");
        let (tasks, console) = (Tasks::default(), console(path.clone()));
        let problems = console.problems.clone();
        tasks.spawn("console", console.keep(tasks.stopping()));
        shows(&path, "https://10.42.0.1").await;
        problems.add(CardProblem::new(DATA_FULL, Vec::new()));
        shows(&path, "data-full").await;
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
    }

    #[tokio::test(start_paused = true)]
    async fn a_file_that_cannot_be_written_is_tried_again_and_harms_nobody() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("later/console");
        let tasks = Tasks::default();
        tasks.spawn("console", console(path.clone()).keep(tasks.stopping()));
        tokio::time::sleep(3 * RETRY).await;
        fs::create_dir(folder.path().join("later")).expect("made");
        shows(&path, "https://10.42.0.1").await;
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
    }
}
