//! STUN Bindings beside coturn's, over UDP, each asked for after the one before was answered.

use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use tokio::process::Command;

use crate::Outcome;
use crate::process::Server;
use crate::socket::station;

/// Stations that ask, and how often each: within the burst that `kelasd` allows an address.
const STATIONS: usize = 200;
const EACH: usize = 100;
/// For an answer, and for a server to begin answering.
const PATIENCE: Duration = Duration::from_secs(10);
const GLANCE: Duration = Duration::from_millis(100);

/// A Binding request without attributes (RFC 8489, 5).
const REQUEST: [u8; 20] = *b"\x00\x01\x00\x00\x21\x12\xa4\x42kelas-bench!";

/// CPU of one Binding, in microseconds.
pub(crate) fn binding_us(server: &Server, address: SocketAddr) -> Outcome<f64> {
    let sockets = (0..STATIONS).map(|number| UdpSocket::bind((station(number), 0)));
    let sockets = sockets.collect::<std::io::Result<Vec<_>>>()?;
    for socket in &sockets {
        socket.connect(address)?;
        socket.set_read_timeout(Some(PATIENCE))?;
    }
    let before = server.cpu_us()?;
    for _ in 0..EACH {
        for socket in &sockets {
            ask(socket)?;
        }
    }
    let asked = u32::try_from(STATIONS * EACH)?;
    Ok((server.cpu_us()? - before) / f64::from(asked))
}

fn ask(socket: &UdpSocket) -> Outcome<()> {
    socket.send(&REQUEST)?;
    let mut reply = [0; 512];
    let length = socket.recv(&mut reply)?;
    // Success, and the transaction that was asked for.
    if length < 20 || reply[..2] != [1, 1] || reply[8..20] != REQUEST[8..20] {
        return Err("no success response".into());
    }
    Ok(())
}

/// coturn for STUN alone, without a log, on a port of its own.
pub(crate) fn coturn(program: &Path, folder: &Path) -> Outcome<(Server, SocketAddr)> {
    // It does not tell which port it was given, so one is chosen that is free a moment before.
    let address = UdpSocket::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = Command::new(program);
    command
        .args(["-n", "--stun-only", "--no-tcp", "--no-tls", "--no-dtls", "--no-cli", "--no-stdout-log"])
        .args(["--listening-ip", "127.0.0.1", "--listening-port", &address.port().to_string()])
        .args(["--log-file", "/dev/null", "--pidfile"])
        .arg(folder.join("turnserver.pid"))
        .stdout(Stdio::null());
    let server = Server::silent(&mut command)?;
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    socket.connect(address)?;
    socket.set_read_timeout(Some(GLANCE))?;
    let deadline = Instant::now() + PATIENCE;
    while ask(&socket).is_err() {
        if Instant::now() > deadline {
            return Err("coturn does not answer".into());
        }
        // A port that nobody has opened yet is refused at once.
        std::thread::sleep(GLANCE);
    }
    Ok((server, address))
}
