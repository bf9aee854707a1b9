//! The certificate that is served, kept right: made at the start, made again when the names, the
//! addresses or the clock say so; and the school's own beside it (`school`).
//!
//! May use: `trust`, `addresses`, `names`, `settings`, `problems`, `tasks`. Used by: `run`, `trust_files`,
//! `site`.

mod school;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base::clock::{Clock, Timestamp};
use base::random::SystemRandom;
use base::{Code, Error, Result};
use rustls::ServerConfig;
use rustls::crypto::ring::Ticketer;
#[cfg(test)]
pub(crate) use school::a_schools;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use trust::{Authority, Issued, Leaf, LeafResolver, Times};

use crate::addresses::Addresses;
use crate::names::Names;
use crate::problems::CardProblems;
use crate::settings::Settings;
use crate::tasks;

/// How soon a clock that was set is noticed.
const WATCH: Duration = Duration::from_secs(30);
/// Every how many looks the certificate is judged although nothing seems to have changed: hourly.
const LOOKS_PER_JUDGEMENT: u32 = 120;
/// A clock that moved so far between two looks was set, perhaps by years: the certificate may be
/// from another age. Milliseconds.
const CLOCK_SET_MS: u64 = 60 * 60 * 1_000;

/// The box's authority and the certificate in force.
pub(crate) struct Certificates {
    authority: Authority,
    resolver: Arc<LeafResolver>,
    names: Names,
    /// Followed from before the first leaf was made, so that no change is missed.
    renamed: watch::Receiver<Arc<[String]>>,
    /// Where keys and certificates are kept.
    folder: PathBuf,
    problems: CardProblems,
    addresses: Addresses,
    clock: Arc<dyn Clock>,
    /// What the clock said when the first leaf was judged; it may be set before anybody watches.
    opened: Timestamp,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Certificates").field("authority", &self.authority).finish_non_exhaustive()
    }
}

/// Whose devices may trust the authority by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trusted {
    /// Nobody was ever known to the box: if the names of the box change, so may the authority. A
    /// technician who has put a mistake in `kelas.toml` right gets the names that were meant.
    ByNobody,
    /// Somebody's: it stays.
    BySomebody,
}

impl Certificates {
    /// Loads or makes the authority and its first leaf. Blocks for a moment.
    pub(crate) fn open(
        settings: &Settings,
        names: &Names,
        trusted: Trusted,
        addresses: Addresses,
        clock: Arc<dyn Clock>,
        problems: CardProblems,
    ) -> Result<Self> {
        let folder = settings.data.join("trust");
        let times = times(clock.as_ref());
        let mut authority = Authority::load_or_create(&folder, &settings.names, times, &mut SystemRandom)?;
        if trusted == Trusted::ByNobody && !authority.permits(&settings.names) {
            tracing::warn!(names = ?settings.names, "the authority is made anew for other names");
            authority = Authority::create(&folder, &settings.names, times, &mut SystemRandom)?;
        }
        let (wanted, renamed) = (wanted(&addresses), names.follow());
        let leaf = authority.ensure_leaf(&names.now(), &wanted, times, &mut SystemRandom)?;
        tell(&leaf);
        let opened = Self {
            resolver: Arc::new(LeafResolver::new(&leaf)),
            authority,
            names: names.clone(),
            renamed,
            folder,
            problems,
            addresses,
            opened: times.now,
            clock,
        };
        opened.judge_school();
        Ok(opened)
    }

    /// The authority, for whoever hands out its certificate or shows its fingerprint.
    pub(crate) fn authority(&self) -> &Authority {
        &self.authority
    }

    /// How TLS is spoken, with whichever certificate is in force.
    pub(crate) fn tls(&self) -> Result<Arc<ServerConfig>> {
        let mut config = trust::server_config(Arc::clone(&self.resolver));
        // Tickets instead of a cache: a session that may be resumed costs no memory here. One is
        // enough for clients that open few connections.
        config.ticketer = Ticketer::new().map_err(|error| Error::new(Code::Internal).because(error))?;
        config.send_tls13_tickets = 1;
        Ok(Arc::new(config))
    }

    /// Looks after the certificate until the daemon stops.
    pub(crate) async fn watch(self: Arc<Self>, stopping: CancellationToken) {
        let (mut addresses, mut names) = (self.addresses.clone(), self.renamed.clone());
        let mut looks = 0;
        let mut last = self.opened;
        loop {
            let moved = tokio::select! {
                () = addresses.changed() => true,
                // This holds a sender itself, so it is never the last.
                _ = names.changed() => true,
                () = tokio::time::sleep(WATCH) => false,
                () = stopping.cancelled() => return,
            };
            looks += u32::from(!moved);
            let now = self.clock.now();
            let was_set = now.0.abs_diff(last.0) > CLOCK_SET_MS;
            last = now;
            if moved || was_set || looks % LOOKS_PER_JUDGEMENT == 0 {
                self.renew().await;
            }
        }
    }

    /// Judges the certificate now, and issues it anew if it does not fit. A failure is logged and
    /// the old one stays in force.
    pub(crate) async fn renew(self: &Arc<Self>) {
        let this = Arc::clone(self);
        let renewed = tasks::blocking(move || this.renew_blocking()).await;
        match renewed {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the certificate was not issued anew"),
            Err(error) => tracing::error!(%error, "the certificate was not issued anew"),
        }
    }

    fn renew_blocking(&self) -> Result<()> {
        let wanted = wanted(&self.addresses);
        let times = times(self.clock.as_ref());
        let leaf = self.authority.ensure_leaf(&self.names.now(), &wanted, times, &mut SystemRandom)?;
        if leaf.issued != Issued::Kept {
            tell(&leaf);
            self.resolver.swap(&leaf);
        }
        self.judge_school();
        Ok(())
    }

    /// The authority's certificate in PEM as a file beside its key, for people with a shell and
    /// for tests. Nothing depends on it.
    pub(crate) fn write_authority(&self, settings: &Settings) -> PathBuf {
        let path = settings.data.join("ca.crt");
        let text = self.authority.certificate_pem();
        if !std::fs::read_to_string(&path).is_ok_and(|there| there == text)
            && let Err(error) = std::fs::write(&path, text)
        {
            tracing::warn!(path = %path.display(), %error, "the authority's certificate was not written");
        }
        path
    }
}

/// What the certificate is for: the machine's addresses or the given ones, and loopback for
/// whoever sits at the box.
fn wanted(addresses: &Addresses) -> Vec<IpAddr> {
    let mut wanted = addresses.now().to_vec();
    wanted.extend([IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]);
    wanted
}

fn times(clock: &dyn Clock) -> Times {
    Times { now: clock.now(), built: BUILT }
}

/// When this program was built; `build.rs` sets it.
const BUILT: Timestamp = Timestamp(match i64::from_str_radix(env!("KELASD_BUILT_MS"), 10) {
    Ok(milliseconds) => milliseconds,
    Err(_) => panic!("build.rs writes a number"),
});

fn tell(leaf: &Leaf) {
    if let Some(cause) = &leaf.unstored {
        tracing::warn!(cause, "the new certificate serves but could not be written down");
    }
    tracing::info!(why = ?leaf.issued, names = ?leaf.names, addresses = ?leaf.addresses, "certificate");
    if !leaf.left_out.is_empty() {
        tracing::warn!(
            left_out = ?leaf.left_out,
            "not in the certificate: the authority may sign only for private addresses and the names it was made with"
        );
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;
    use std::path::Path;

    use base::clock::TestClock;
    use x509_parser::extensions::GeneralName;
    use x509_parser::pem::Pem;
    use x509_parser::prelude::{FromDer as _, X509Certificate};

    use super::*;
    use crate::args::Options;
    use crate::settings;
    use crate::tasks::Tasks;

    const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
    const YEAR_MS: i64 = 366 * DAY_MS;

    /// A board in this folder whose clock says `now`.
    fn open(folder: &Path, now: Timestamp) -> (Arc<Certificates>, Arc<TestClock>) {
        named(folder, "kelas.internal", Trusted::BySomebody, now)
    }

    fn named(
        folder: &Path,
        name: &str,
        trusted: Trusted,
        now: Timestamp,
    ) -> (Arc<Certificates>, Arc<TestClock>) {
        let data = Some(folder.to_str().expect("text").to_owned());
        let options = Options { data, ..Options::default() };
        let environment = [("KELASD_NAMES".to_owned(), name.to_owned())];
        let settings = settings::read(&options, environment).expect("sound").settings;
        let clock = Arc::new(TestClock::at(now));
        let addresses = Addresses::fixed(vec![IpAddr::from([10, 42, 0, 1])]);
        let certificates = Certificates::open(
            &settings,
            &Names::new(&settings.names),
            trusted,
            addresses,
            clock.clone(),
            CardProblems::new(Vec::new()),
        )
        .expect("certificates");
        (Arc::new(certificates), clock)
    }

    /// From when until when, in milliseconds, and the public key.
    #[derive(Debug, PartialEq)]
    struct Facts {
        from: i64,
        until: i64,
        key: Vec<u8>,
    }

    impl Facts {
        fn of(der: &[u8]) -> Self {
            let (_, certificate) = X509Certificate::from_der(der).expect("a certificate");
            let validity = certificate.validity();
            let [from, until] =
                [validity.not_before, validity.not_after].map(|time| time.timestamp() * 1_000);
            Self { from, until, key: certificate.public_key().raw.to_vec() }
        }

        fn leaf(folder: &Path) -> Self {
            let text = std::fs::read(folder.join("trust/leaf.pem")).expect("a file");
            let blocks = Pem::iter_from_buffer(&text).map(|block| block.expect("PEM"));
            let certificate = blocks.into_iter().find(|block| block.label == "CERTIFICATE");
            Self::of(&certificate.expect("key and certificate").contents)
        }

        fn holds_at(&self, moment: i64) -> bool {
            (self.from..=self.until).contains(&moment)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_first_start_in_1970_serves_browsers_of_today_and_follows_the_clock_when_it_is_set() {
        let folder = tempfile::tempdir().expect("a folder");
        let (certificates, clock) = open(folder.path(), Timestamp(0));
        let authority = Facts::of(certificates.authority().certificate_der());
        let first = Facts::leaf(folder.path());
        assert_eq!((authority.from, first.from), (BUILT.0, BUILT.0), "not the clock's 1970");
        for moment in [BUILT.0, BUILT.0 + 2 * YEAR_MS] {
            assert!(authority.holds_at(moment) && first.holds_at(moment), "a browser's right clock");
        }

        let tasks = Tasks::default();
        tasks.spawn("certificate", Arc::clone(&certificates).watch(tasks.stopping()));
        let set = BUILT.0 + 5 * YEAR_MS;
        assert!(!first.holds_at(set));
        clock.jump(Timestamp(set));
        let renewed = async {
            while !Facts::leaf(folder.path()).holds_at(set) {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        };
        tokio::time::timeout(2 * WATCH, renewed).await.expect("as soon as the clock is looked at");
        let second = Facts::leaf(folder.path());
        assert!(second.holds_at(set + 60 * DAY_MS), "and not only just");
        assert!(second.holds_at(set - 60 * DAY_MS), "for devices whose clock is behind");
        assert_eq!(second.key, first.key);
        assert!(authority.holds_at(set + YEAR_MS));
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());

        let (certificates, _) = open(folder.path(), Timestamp(0));
        let again = Facts::of(certificates.authority().certificate_der());
        assert_eq!(again, authority, "the clock is back in 1970, what devices installed is not");
        assert!(Facts::leaf(folder.path()).holds_at(BUILT.0));
    }

    /// The DNS names of the leaf as it is stored.
    fn leaf_names(folder: &Path) -> Vec<String> {
        let text = std::fs::read(folder.join("trust/leaf.pem")).expect("a file");
        let blocks = Pem::iter_from_buffer(&text).map(|block| block.expect("PEM"));
        let block = blocks.into_iter().find(|block| block.label == "CERTIFICATE").expect("a certificate");
        let (_, leaf) = X509Certificate::from_der(&block.contents).expect("a certificate");
        let names = leaf.subject_alternative_name().expect("readable").expect("there").value;
        let dns = names.general_names.iter().filter_map(|name| match name {
            GeneralName::DNSName(name) => Some((*name).to_owned()),
            _ => None,
        });
        dns.collect()
    }

    #[tokio::test(start_paused = true)]
    async fn what_the_school_calls_the_box_is_in_the_certificate_as_soon_as_it_is_settled() {
        let folder = tempfile::tempdir().expect("a folder");
        let (certificates, _) = open(folder.path(), BUILT.plus(DAY_MS));
        let tasks = Tasks::default();
        tasks.spawn("certificate", Arc::clone(&certificates).watch(tasks.stopping()));
        let before = leaf_names(folder.path());
        certificates.names.try_out("smpn3");
        certificates.names.call(Some("smpn3"));
        let reissued = async {
            while leaf_names(folder.path()) == before {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(WATCH, reissued).await.expect("at once");
        let added: Vec<String> =
            leaf_names(folder.path()).into_iter().filter(|name| !before.contains(name)).collect();
        assert_eq!(added, ["smpn3.internal", "smpn3.local"]);
        assert_eq!(tasks.stop(Duration::from_secs(5)).await, Vec::<&str>::new());
    }

    #[test]
    fn until_the_box_knows_somebody_the_authority_follows_its_names() {
        let folder = tempfile::tempdir().expect("a folder");
        let now = BUILT.plus(DAY_MS);
        let authority = |name, trusted| {
            let (certificates, _) = named(folder.path(), name, trusted, now);
            certificates.authority().certificate_der().to_vec()
        };
        let first = authority("kelas.internal", Trusted::ByNobody);
        assert_eq!(authority("kelas.internal", Trusted::ByNobody), first);
        assert_eq!(authority("a.kelas.internal", Trusted::ByNobody), first, "it may sign for that too");
        assert_eq!(authority("sman1.test", Trusted::BySomebody), first, "phones trust it");
        let second = authority("sman1.test", Trusted::ByNobody);
        assert_ne!(second, first);
        assert_eq!(authority("sman1.test", Trusted::BySomebody), second);
    }

    #[test]
    fn a_clock_that_is_decades_ahead_spoils_nothing_for_the_time_after_it_is_set_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let (certificates, _) = open(folder.path(), Timestamp(i64::MAX));
        let authority = Facts::of(certificates.authority().certificate_der());
        drop(certificates);
        let (certificates, _) = open(folder.path(), BUILT.plus(DAY_MS));
        assert_eq!(Facts::of(certificates.authority().certificate_der()), authority);
        let leaf = Facts::leaf(folder.path());
        assert!(authority.holds_at(BUILT.0 + DAY_MS) && leaf.holds_at(BUILT.0 + DAY_MS));
    }
}
