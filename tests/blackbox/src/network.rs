//! A network of a test's own, with no device in it until the test adds one: a box before anybody
//! has plugged in a cable. Works without root where user namespaces do.
//!
//! The test stays outside. It reaches the daemon over sockets that it has opened there itself and
//! hands over as a service manager does.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{AsRawFd as _, OwnedFd};
use std::process::{Child, Command, Stdio};

use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::unistd::geteuid;

/// Says that it is there, and holds the namespace until its input ends.
const HOLD: &str = "echo ready && exec cat";

/// Moves descriptors $1, $2 and $3 to where systemd puts them, and becomes the rest.
const HAND_OVER: &str = "exec 3<&$1 4<&$2 5<&$3; shift 3; \
    LISTEN_PID=$$ LISTEN_FDS=3 LISTEN_FDNAMES=http:https:stun exec \"$@\"";

/// The network. It is gone when this is dropped.
#[derive(Debug)]
pub struct Network {
    holder: Child,
}

impl Network {
    /// Makes one.
    ///
    /// # Panics
    /// If the machine allows no network namespaces.
    pub fn without_devices() -> Self {
        let mut command = Command::new("unshare");
        if !geteuid().is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.args(["--net", "sh", "-c", HOLD]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut holder = command.spawn().expect("unshare of util-linux can be executed");
        let mut line = String::new();
        let stdout = holder.stdout.take().expect("stdout is piped");
        BufReader::new(stdout).read_line(&mut line).expect("readable");
        let network = Self { holder };
        assert_eq!(line, "ready\n", "a network namespace of our own");
        network
    }

    /// Runs ip(8) in it.
    ///
    /// # Panics
    /// If that fails.
    pub fn ip(&self, arguments: &str) {
        let mut words = self.entrance().into_iter();
        let mut command = Command::new(words.next().expect("at least nsenter"));
        let status = command.args(words).arg("ip").args(arguments.split(' ')).status();
        assert!(status.expect("ip of iproute2 can be executed").success(), "ip {arguments}");
    }

    /// The command that runs others in it.
    pub(crate) fn entrance(&self) -> Vec<OsString> {
        let mut words = vec!["nsenter".into(), "--target".into(), self.holder.id().to_string().into()];
        if !geteuid().is_root() {
            words.extend(["--user".into(), "--preserve-credentials".into()]);
        }
        words.extend(["--net".into(), "--".into()]);
        words
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // It ends with its input; only a holder that is gone already cannot be waited for.
        drop(self.holder.stdin.take());
        let _ = self.holder.wait();
    }
}

/// Sockets for HTTP, HTTPS and STUN on free ports outside, open until the daemon has them.
#[derive(Debug)]
pub(crate) struct HandedOver([OwnedFd; 3]);

impl HandedOver {
    pub(crate) fn open() -> Self {
        let tcp = || OwnedFd::from(TcpListener::bind("[::]:0").expect("a free port"));
        let sockets = [tcp(), tcp(), UdpSocket::bind("[::]:0").expect("a free port").into()];
        for socket in &sockets {
            fcntl(socket, FcntlArg::F_SETFD(FdFlag::empty())).expect("our own socket");
        }
        Self(sockets)
    }

    /// The command that hands them over to another.
    pub(crate) fn command(&self) -> Vec<OsString> {
        let numbers = self.0.iter().map(|socket| socket.as_raw_fd().to_string().into());
        ["bash", "-c", HAND_OVER, "bash"].map(OsString::from).into_iter().chain(numbers).collect()
    }
}
