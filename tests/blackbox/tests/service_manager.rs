//! What systemd hears and passes: readiness, watchdog, reload, stop, sockets.

use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};
use std::time::Duration;

use blackbox::Kelasd;
use nix::sys::signal::Signal;

/// The socket that systemd would read.
struct Manager {
    socket: UnixDatagram,
    folder: tempfile::TempDir,
}

impl Manager {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let socket = UnixDatagram::bind(folder.path().join("notify")).expect("bound");
        socket.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
        Self { socket, folder }
    }

    fn path(&self) -> String {
        self.folder.path().join("notify").to_str().expect("text").to_owned()
    }

    /// Reads messages until one has `text`.
    fn hears(&self, text: &str) {
        let mut seen = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let Ok(length) = self.socket.recv(&mut buffer) else { panic!("{text} was not among {seen:?}") };
            let message = String::from_utf8_lossy(&buffer[..length]).into_owned();
            if message.lines().any(|line| line.starts_with(text)) {
                return;
            }
            seen.push(message);
        }
    }
}

#[tokio::test]
async fn the_service_manager_hears_of_every_stage() {
    let manager = Manager::new();
    let kelasd = Kelasd::configure()
        .variable("NOTIFY_SOCKET", &manager.path())
        .variable("WATCHDOG_USEC", "200000")
        .start()
        .await;
    manager.hears("READY=1");
    manager.hears("WATCHDOG=1");
    manager.hears("WATCHDOG=1");
    kelasd.signal(Signal::SIGHUP);
    manager.hears("RELOADING=1");
    manager.hears("READY=1");
    let ended = kelasd.stop().await;
    manager.hears("STOPPING=1");
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
}

#[tokio::test]
async fn a_socket_that_systemd_passes_is_used() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let folder = tempfile::tempdir().expect("a folder");
    // The shell moves its standard input to descriptor 3 and becomes the daemon.
    let script = "exec 3<&0 0</dev/null; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=http exec \"$@\"";
    let mut child = Command::new("sh")
        .args(["-c", script, "sh"])
        .arg(blackbox::binary())
        .args(["serve", "--boot-config", "/nonexistent", "--listen-http", "127.0.0.1:1"])
        .args(["--listen-https", "127.0.0.1:0", "--listen-stun", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .stdin(Stdio::from(OwnedFd::from(listener)))
        .stderr(Stdio::null())
        .spawn()
        .expect("a shell");
    // Connections wait in the passed socket's queue until the daemon accepts.
    let client = blackbox::Client::new(&format!("http://{address}"), None);
    let answer = client.try_send(client.request(blackbox::Method::GET, "/api/health", "".into())).await;
    child.kill().expect("our own child");
    child.wait().expect("our own child");
    assert_eq!(answer.expect("an answer over the passed socket").status, 200);
}
