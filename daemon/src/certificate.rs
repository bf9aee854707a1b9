//! The certificate that is served, kept right: made at the start, made again when the names, the
//! addresses or the clock say so.
//!
//! May use: `trust`, `addresses`, `settings`, `tasks`. Used by: `run`, `trust_files`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use base::clock::{Clock, Timestamp};
use base::random::SystemRandom;
use base::{Code, Error, Result};
use rustls::ServerConfig;
use rustls::crypto::ring::Ticketer;
use tokio_util::sync::CancellationToken;
use trust::{Authority, Issued, Leaf, LeafResolver, Times};

use crate::addresses::Addresses;
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
    names: Vec<String>,
    addresses: Addresses,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Certificates").field("authority", &self.authority).finish_non_exhaustive()
    }
}

impl Certificates {
    /// Loads or makes the authority and its first leaf. Blocks for a moment.
    pub(crate) fn open(settings: &Settings, addresses: Addresses, clock: Arc<dyn Clock>) -> Result<Self> {
        let folder = settings.data.join("trust");
        let times = times(clock.as_ref());
        let authority = Authority::load_or_create(&folder, &settings.names, times, &mut SystemRandom)?;
        let wanted = wanted(&addresses);
        let leaf = authority.ensure_leaf(&settings.names, &wanted, times, &mut SystemRandom)?;
        tell(&leaf);
        Ok(Self {
            resolver: Arc::new(LeafResolver::new(&leaf)),
            authority,
            names: settings.names.clone(),
            addresses,
            clock,
        })
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
        let mut addresses = self.addresses.clone();
        let mut looks = 0;
        let mut last = self.clock.now();
        loop {
            let moved = tokio::select! {
                () = addresses.changed() => true,
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
        let leaf = self.authority.ensure_leaf(&self.names, &wanted, times, &mut SystemRandom)?;
        if leaf.issued != Issued::Kept {
            tell(&leaf);
            self.resolver.swap(&leaf);
        }
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
