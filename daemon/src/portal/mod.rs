//! The captive portal: what a device hears that asks this box, over plain HTTP and under a
//! foreign name, whether there is internet.
//!
//! On the access point every name leads to the box, and every address on port 80. A station that has not seen the portal is
//! led to its page; one that has is told that all is well, so that it keeps the network although
//! there is no internet. No page of the site is ever shown under a foreign name.
//!
//! May use: `base`, `store`, `i18n`, `addresses`, `http`. Used by: `site`, `run`.
//! docs/portal.md has the table of probes and the reasons.

pub(crate) mod browser;
mod probe;
mod station;
#[cfg(test)]
mod tests;

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use base::clock::Clock;
use http::uri::Authority;
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use store::{Person, Store};

use crate::addresses::{self, Addresses, with_port};
use crate::http::peer::{Peer, Transport};
use crate::i18n::Language;
use crate::names::Names;
use browser::Browser;
use probe::Success;
use station::{Station, Stations};

/// The path of the portal's page, on the box's own address.
pub(crate) const PATH: &str = "/portal";

/// The name of the store's setting for [`Mode`].
const SETTING: &str = "portal";

/// What stations are told that have not seen the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They are led to its page.
    Ask,
    /// That all is well. Nobody is shown anything; people come by QR code or address.
    Stay,
}

impl Mode {
    /// Its word in the store and in forms.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Stay => "stay",
        }
    }

    /// The mode with this word.
    pub(crate) fn by_word(word: &str) -> Option<Self> {
        [Self::Ask, Self::Stay].into_iter().find(|mode| mode.word() == word)
    }
}

/// Gives the hardware address of the station with an IP address, if the kernel knows it.
pub(crate) type HardwareAddresses = Arc<dyn Fn(IpAddr) -> Option<[u8; 6]> + Send + Sync>;

/// The portal. Clones share it.
#[derive(Clone)]
pub(crate) struct Portal(Arc<Parts>);

struct Parts {
    store: Store,
    clock: Arc<dyn Clock>,
    names: Names,
    addresses: Addresses,
    hardware: HardwareAddresses,
    stays: AtomicBool,
    stations: Mutex<Stations>,
}

impl Portal {
    /// The portal of a box with these names and addresses, in the mode that the store keeps.
    pub(crate) async fn open(
        store: Store,
        clock: Arc<dyn Clock>,
        names: Names,
        addresses: Addresses,
        hardware: HardwareAddresses,
    ) -> base::Result<Self> {
        let kept = store.setting(SETTING).await?;
        let mode = kept.as_deref().map_or(Some(Mode::Ask), Mode::by_word).unwrap_or_else(|| {
            tracing::warn!(?kept, "the store has no such mode of the portal; it asks");
            Mode::Ask
        });
        Ok(Self::new(store, clock, names, addresses, hardware, mode))
    }

    /// The same in a given mode.
    pub(crate) fn new(
        store: Store,
        clock: Arc<dyn Clock>,
        names: Names,
        addresses: Addresses,
        hardware: HardwareAddresses,
        mode: Mode,
    ) -> Self {
        let stays = AtomicBool::new(mode == Mode::Stay);
        let stations = Mutex::default();
        Self(Arc::new(Parts { store, clock, names, addresses, hardware, stays, stations }))
    }

    /// What new stations are told.
    pub(crate) fn mode(&self) -> Mode {
        if self.0.stays.load(Ordering::Relaxed) { Mode::Stay } else { Mode::Ask }
    }

    /// Changes it for good, at the wish of `person`.
    pub(crate) async fn set_mode(&self, person: &Person, mode: Mode) -> base::Result<()> {
        let who = format!("{} ({})", person.id.0, person.login.as_deref().unwrap_or(&person.name));
        if let Err(error) = self.0.store.set_setting(SETTING, mode.word()).await {
            tracing::warn!(who, what = "portal", result = %error, "not applied");
            return Err(error);
        }
        self.0.stays.store(mode == Mode::Stay, Ordering::Relaxed);
        tracing::info!(who, what = "portal", result = mode.word(), "applied");
        Ok(())
    }

    /// The name by which people are told to come.
    pub(crate) fn name(&self) -> Option<&str> {
        self.0.names.first()
    }

    /// Whether the station at `address` has seen the portal.
    pub(crate) fn has_seen(&self, address: IpAddr) -> bool {
        let (station, now) = (self.station(address), self.0.clock.monotonic());
        self.stations().has_seen(station, now)
    }

    /// The station at `address` has seen the portal.
    pub(crate) fn see(&self, address: IpAddr) {
        let (station, now) = (self.station(address), self.0.clock.monotonic());
        let mut stations = self.stations();
        stations.see(station, now);
        // By its IP address it is noted, also where it is known by another.
        stations.see(Station::Address(address), now);
    }

    /// The station at `address` is at the class, and so has got past the portal.
    fn note(&self, address: IpAddr) {
        let now = self.0.clock.monotonic();
        if !self.stations().is_noted(Station::Address(address), now) {
            self.see(address);
        }
    }

    fn station(&self, address: IpAddr) -> Station {
        (self.0.hardware)(address).map_or(Station::Address(address), Station::Hardware)
    }

    fn stations(&self) -> std::sync::MutexGuard<'_, Stations> {
        self.0.stations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Middleware over everything that the daemon answers, to be laid over the whole router with
/// `axum::middleware::from_fn_with_state(portal, portal::answer)`.
pub(crate) async fn answer(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let Some(peer) = request.extensions().get::<Peer>().copied() else { return next.run(request).await };
    if peer.transport == Transport::Plain {
        match portal.asked(&request, peer) {
            Asked::Us => {}
            Asked::Foreign(host) => return portal.foreign(&request, &host, peer),
        }
    }
    if request.uri().path() != PATH && Browser::of(request.headers()).is_real() {
        portal.note(peer.remote.ip());
    }
    next.run(request).await
}

/// Whom a request asks.
enum Asked {
    /// This box, by a name of its own, by an address, or by none.
    Us,
    /// Another host, by its name in lower case; empty if it is no name at all.
    Foreign(String),
}

impl Portal {
    /// Whom `request` asks: an absolute target outranks `Host` (RFC 9112, 3.2.2).
    fn asked(&self, request: &Request, peer: Peer) -> Asked {
        let mut hosts = request.headers().get_all(header::HOST).iter();
        let host = match (request.uri().authority(), hosts.next(), hosts.next()) {
            (Some(target), _, _) => Some(target.clone()),
            (None, None, _) => None,
            (None, Some(host), None) if host.is_empty() => None,
            (None, Some(host), None) => match host.to_str().ok().and_then(|host| host.parse().ok()) {
                Some(host) => Some(host),
                None => return Asked::Foreign(String::new()),
            },
            // No browser sends two.
            (None, Some(_), Some(_)) => return Asked::Foreign(String::new()),
        };
        match host {
            Some(host) if self.is_ours(&host, peer) => Asked::Us,
            Some(host) => Asked::Foreign(host.host().trim_end_matches('.').to_ascii_lowercase()),
            None => Asked::Us,
        }
    }

    /// Whether `host` is the box. Not every address is: the firewall brings what stations ask of
    /// any address to the box, and a session must not stay behind under a stranger's.
    fn is_ours(&self, host: &Authority, peer: Peer) -> bool {
        let name = host.host();
        match name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            _ if host.as_str().contains('@') => false,
            Ok(address) => self.has(address.to_canonical(), peer),
            Err(_) => self.0.names.has(name),
        }
    }

    fn has(&self, address: IpAddr, peer: Peer) -> bool {
        address == peer.local.ip() || address.is_loopback() || self.0.addresses.now().contains(&address)
    }

    /// The answer to a request for `host`. It says nothing of what was asked: neither path nor
    /// query nor cookies of a foreign host go anywhere.
    fn foreign(&self, request: &Request, host: &str, peer: Peer) -> Response {
        let (method, headers, path) = (request.method(), request.headers(), request.uri().path());
        if !matches!(*method, Method::GET | Method::HEAD) {
            return no_internet();
        }
        if browser::opens_page(headers) {
            return to_portal(peer);
        }
        match probe::find(host, path, browser::agent(headers)) {
            Some(_) if self.mode() == Mode::Ask && !self.has_seen(peer.remote.ip()) => to_portal(peer),
            Some(probe) => succeed(probe.success),
            None if browser::wants_html(headers) => to_portal(peer),
            None => no_internet(),
        }
    }
}

/// The origin by which this station has reached the box: by its address, because names are what
/// a device without our DNS does not know.
pub(crate) fn origin(peer: Peer) -> String {
    let host = addresses::host(peer.local.ip());
    match peer.transport {
        Transport::Plain => with_port(&format!("http://{host}"), peer.local.port(), 80),
        Transport::Tls => with_port(&format!("https://{host}"), peer.local.port(), 443),
    }
}

/// Found (302), because that is what every system takes for a portal.
fn to_portal(peer: Peer) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    let location = HeaderValue::try_from(format!("{}{PATH}", origin(peer)));
    let location = location.expect("an address, a port and a path are plain characters");
    response.headers_mut().insert(header::LOCATION, location);
    not_kept(response)
}

fn succeed(success: Success) -> Response {
    let mut response = (success.status, success.body).into_response();
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    if let Some(content_type) = success.content_type {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    if let Some((name, value)) = success.header {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    not_kept(response)
}

/// What a program is told that wants something else of a host on the internet: 421 (RFC 9110,
/// 15.5.20), because "not found" would be a lie about that host, which the program may believe.
fn no_internet() -> Response {
    let [indonesian, english] = Language::ALL.map(|language| language.t("portal.no_internet"));
    not_kept((StatusCode::MISDIRECTED_REQUEST, format!("{indonesian}\n{english}\n")).into_response())
}

fn not_kept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
