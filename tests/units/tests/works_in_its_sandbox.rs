//! The daemon does its work on the sockets that the units hand over and with the system calls
//! that its unit allows: strace refuses it the others just as the kernel would.

use std::collections::BTreeSet;
use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{AsFd, AsRawFd as _};
use std::process::Command;
use std::time::Duration;

use blackbox::{Kelasd, Visit, student, teacher};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use units::Unit;

/// Hands over descriptors $1, $2 and $3 by the names $4 as the service manager does, and becomes
/// the daemon, which strace watches: it writes the calls $5 to the file $7 and refuses those of $6.
const START: &str = "exec 3<&$1 4<&$2 5<&$3; export LISTEN_PID=$$ LISTEN_FDS=3 LISTEN_FDNAMES=$4; \
    trace=$5 refuse=$6 file=$7; shift 7; \
    exec strace -D -f -qq -o \"$file\" -e signal=none -e trace=\"$trace\" -e inject=\"$refuse\" \"$@\"";

/// What is refused and not missed: SQLite gives its files to the folder's owner, but only as root,
/// which the daemon is in these tests alone.
const NOT_MISSED: [&str; 1] = ["fchown"];

/// The system calls that `SystemCallFilter=` of the unit leaves.
fn allowed(service: &Unit) -> BTreeSet<String> {
    // Every allowing filter begins with these (systemd.exec(5)).
    let mut allowed = BTreeSet::from_iter(expanded("@default"));
    for filter in service.values("SystemCallFilter") {
        let (removes, names) = filter.strip_prefix('~').map_or((false, filter), |names| (true, names));
        for call in names.split_whitespace().flat_map(expanded) {
            if removes {
                allowed.remove(&call);
            } else {
                allowed.insert(call);
            }
        }
    }
    allowed
}

/// The calls of a set such as `@file-system`, which may hold further sets; or the call itself.
fn expanded(name: &str) -> Vec<String> {
    if !name.starts_with('@') {
        return vec![name.to_owned()];
    }
    let output = Command::new("systemd-analyze").args(["syscall-filter", name]).output();
    let output = output.expect("systemd is installed");
    assert!(output.status.success(), "{name}");
    let text = String::from_utf8(output.stdout).expect("text");
    let members = text.lines().skip(1).map(str::trim);
    members.filter(|line| !line.is_empty() && !line.starts_with('#')).flat_map(expanded).collect()
}

/// All calls but these, for strace; it may not know each by name.
fn all_but<'a>(calls: impl Iterator<Item = &'a String>) -> String {
    format!("!{}", calls.map(|call| format!("?{call}")).collect::<Vec<_>>().join(","))
}

/// Lets a started process have it, and tells its number.
fn inherited(socket: impl AsFd) -> String {
    fcntl(&socket, FcntlArg::F_SETFD(FdFlag::empty())).expect("our own socket");
    socket.as_fd().as_raw_fd().to_string()
}

/// The name of the call in a line of strace's such as `12 fchown(5, 0, 0) = -1 EPERM (INJECTED)`.
fn call(line: &str) -> &str {
    let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
    call.strip_prefix("<... ").unwrap_or(call).split(['(', ' ']).next().unwrap_or_default()
}

#[tokio::test]
async fn a_class_meets_over_the_sockets_of_the_units_with_the_system_calls_of_the_service() {
    let service = Unit::read("kelasd.service");
    let names: Vec<String> = service
        .value("Sockets")
        .split_whitespace()
        .map(|name| Unit::read(name).value("FileDescriptorName").to_owned())
        .collect();
    assert_eq!(names, ["http", "https", "stun"], "in this order they are handed over here");
    let http = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let https = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let stun = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let folder = tempfile::tempdir().expect("a folder");
    let trace = folder.path().join("trace");
    let allowed = allowed(&service);
    let kelasd = Kelasd::configure()
        .through(&["bash", "-c", START, "bash", &inherited(&http), &inherited(&https), &inherited(&stun)])
        .through(&[&names.join(":"), &all_but(allowed.iter().filter(|call| *call != "socket"))])
        .through(&[&format!("{}:error=EPERM", all_but(allowed.iter())), trace.to_str().expect("text")])
        .arguments(&["--demo"])
        .start()
        .await;
    for (socket, used) in [(&http, kelasd.http_address()), (&https, kelasd.https_address())] {
        assert_eq!(socket.local_addr().expect("bound"), used);
    }
    assert_eq!(stun.local_addr().expect("bound"), kelasd.stun_address());

    let meeting = kelasd.announced.meeting.expect("the demo has one");
    let (teacher, student) = (teacher(&kelasd).await, student(&kelasd, "Sari").await);
    let (mut room, _) = Visit::join(&teacher, meeting, "teacher-page").await;
    let (mut other, _) = Visit::join(&student, meeting, "student-page").await;
    other.chat("one", "Selamat pagi").await;
    assert_eq!(room.hear_type("chat").await["text"], "Selamat pagi");
    asks_for_its_address(&kelasd).await;
    let costs = kelasd.client().get("/metrics").await.text();
    assert!(costs.contains("process_resident_memory_bytes "), "{costs}");
    let ended = kelasd.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);

    let trace = fs::read_to_string(trace).expect("strace wrote it");
    let refused: BTreeSet<&str> =
        trace.lines().filter(|line| line.contains("(INJECTED)")).map(call).collect();
    let missed: Vec<_> = refused.iter().filter(|call| !NOT_MISSED.contains(call)).collect();
    assert!(missed.is_empty(), "allow them in kelasd.service, or do without: {missed:?}");
    let families: BTreeSet<&str> = trace
        .lines()
        .filter(|line| call(line) == "socket")
        .filter_map(|line| line.split_once("socket(").and_then(|(_, rest)| rest.split(',').next()))
        .collect();
    assert!(families.contains("AF_NETLINK"), "nothing was watched: {trace}");
    let permitted: Vec<&str> = service.value("RestrictAddressFamilies").split_whitespace().collect();
    assert!(families.iter().all(|family| permitted.contains(family)), "{families:?}");
}

/// STUN answers.
async fn asks_for_its_address(kelasd: &Kelasd) {
    let client = tokio::net::UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
    let request = b"\x00\x01\x00\x00\x21\x12\xa4\x42abcdefghijkl";
    client.send_to(request, kelasd.stun_address()).await.expect("sent");
    let mut reply = [0; 256];
    let received = tokio::time::timeout(Duration::from_secs(20), client.recv(&mut reply)).await;
    let length = received.expect("in time").expect("a reply");
    assert_eq!(reply[8..20], request[8..20], "{length} bytes");
}
