//! The sockets that the daemon answers on: passed by systemd, or bound as the settings say.
//!
//! May use: `settings`, tokio, sd-listen-fds. Used by: `run`.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr};

use nix::errno::Errno;
use tokio::net::{TcpListener, UdpSocket};

use crate::exit::Exit;
use crate::settings::Settings;

/// Everything that is listened on.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    pub(crate) http: Vec<TcpListener>,
    pub(crate) https: Vec<TcpListener>,
    pub(crate) stun: Vec<UdpSocket>,
}

/// The first address of each kind as it was really bound, where a setting of port 0 got one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound {
    pub(crate) http: Option<SocketAddr>,
    pub(crate) https: Option<SocketAddr>,
    pub(crate) stun: Option<SocketAddr>,
}

impl Bound {
    pub(crate) fn of(sockets: &Sockets) -> Self {
        let tcp = |listeners: &[TcpListener]| listeners.first().and_then(|socket| socket.local_addr().ok());
        Self {
            http: tcp(&sockets.http),
            https: tcp(&sockets.https),
            stun: sockets.stun.first().and_then(|socket| socket.local_addr().ok()),
        }
    }
}

/// Why listening failed, in one line for a person.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SocketsError {
    /// Another program is there.
    #[error("port {} is taken: another program already listens for {protocol} on {address}; stop it or change {key}", address.port())]
    Taken { protocol: &'static str, key: &'static str, address: SocketAddr },
    /// Ports below 1024 need a privilege.
    #[error(
        "not permitted to listen for {protocol} on {address}: ports below 1024 need CAP_NET_BIND_SERVICE; start it as the system service, or change {key}"
    )]
    NotPermitted { protocol: &'static str, key: &'static str, address: SocketAddr },
    /// The address is not one of this machine, or something rarer.
    #[error("cannot listen for {protocol} on {address}: {source}; see the setting {key}")]
    Unavailable { protocol: &'static str, key: &'static str, address: SocketAddr, source: io::Error },
    /// What systemd passed is not what was expected.
    #[error("the sockets passed by the service manager cannot be used: {0}")]
    Passed(String),
}

impl SocketsError {
    /// How the process ends because of it.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::NotPermitted { .. } => Exit::NotPermitted,
            Self::Taken { .. } | Self::Unavailable { .. } | Self::Passed(_) => Exit::Unavailable,
        }
    }
}

/// Takes over passed sockets, and binds those kinds of which none was passed.
pub(crate) async fn open(settings: &Settings) -> Result<Sockets, SocketsError> {
    let mut sockets = passed()?;
    if sockets.http.is_empty() {
        for address in &settings.listen_http {
            sockets.http.push(tcp("HTTP", "listen.http", *address).await?);
        }
    }
    if sockets.https.is_empty() {
        for address in &settings.listen_https {
            sockets.https.push(tcp("HTTPS", "listen.https", *address).await?);
        }
    }
    if sockets.stun.is_empty() {
        for address in &settings.listen_stun {
            sockets.stun.push(udp(*address).await?);
        }
    }
    Ok(sockets)
}

async fn tcp(
    protocol: &'static str,
    key: &'static str,
    address: SocketAddr,
) -> Result<TcpListener, SocketsError> {
    let bound = match TcpListener::bind(address).await {
        Err(error) if lacks_ipv6(&error, address) => TcpListener::bind(without_ipv6(address)).await,
        bound => bound,
    };
    bound.map_err(|error| explain(protocol, key, address, error))
}

async fn udp(address: SocketAddr) -> Result<UdpSocket, SocketsError> {
    let bound = match UdpSocket::bind(address).await {
        Err(error) if lacks_ipv6(&error, address) => UdpSocket::bind(without_ipv6(address)).await,
        bound => bound,
    };
    bound.map_err(|error| explain("STUN", "listen.stun", address, error))
}

/// Whether "every address" failed because the kernel has IPv6 switched off (`ipv6.disable=1`).
fn lacks_ipv6(error: &io::Error, address: SocketAddr) -> bool {
    address.is_ipv6()
        && address.ip().is_unspecified()
        && error.raw_os_error() == Some(Errno::EAFNOSUPPORT as i32)
}

fn without_ipv6(address: SocketAddr) -> SocketAddr {
    (Ipv4Addr::UNSPECIFIED, address.port()).into()
}

fn explain(
    protocol: &'static str,
    key: &'static str,
    address: SocketAddr,
    source: io::Error,
) -> SocketsError {
    match source.kind() {
        ErrorKind::AddrInUse => SocketsError::Taken { protocol, key, address },
        ErrorKind::PermissionDenied => SocketsError::NotPermitted { protocol, key, address },
        _ => SocketsError::Unavailable { protocol, key, address, source },
    }
}

/// Sockets of a `.socket` unit, told apart by `FileDescriptorName=`.
fn passed() -> Result<Sockets, SocketsError> {
    let mut sockets = Sockets::default();
    let all = sd_listen_fds::get().map_err(|error| SocketsError::Passed(error.to_string()))?;
    for (name, socket) in all {
        let io = |error: io::Error| SocketsError::Passed(error.to_string());
        match name.as_deref() {
            Some("http") => sockets.http.push(listener(socket.into()).map_err(io)?),
            Some("https") => sockets.https.push(listener(socket.into()).map_err(io)?),
            Some("stun") => {
                let socket: std::net::UdpSocket = socket.into();
                socket.set_nonblocking(true).map_err(io)?;
                sockets.stun.push(UdpSocket::from_std(socket).map_err(io)?);
            }
            other => {
                let name = other.unwrap_or("");
                let text = format!("FileDescriptorName=\"{name}\", allowed are http, https and stun");
                return Err(SocketsError::Passed(text));
            }
        }
    }
    Ok(sockets)
}

fn listener(socket: std::net::TcpListener) -> io::Result<TcpListener> {
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_named_with_its_setting() {
        let first = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = first.local_addr().expect("bound");
        let error = tcp("HTTPS", "listen.https", address).await.expect_err("taken");
        assert_eq!(error.exit(), Exit::Unavailable);
        let text = error.to_string();
        assert!(text.contains(&address.port().to_string()) && text.contains("listen.https"), "{text}");
    }

    #[tokio::test]
    async fn an_address_of_another_machine_is_named() {
        let address = "192.0.2.1:0".parse().expect("an address");
        let error = tcp("HTTP", "listen.http", address).await.expect_err("not ours");
        assert!(matches!(error, SocketsError::Unavailable { .. }), "{error}");
    }
}
