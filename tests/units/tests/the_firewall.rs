//! Stations find the box by every name and reach it, and nothing beyond it unless the internet is
//! shared: with the card's rules, and dnsmasq as NetworkManager starts it, in namespaces.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::Command;
use std::time::{Duration, Instant};

use units::{Card, Lan, Program, Reply, Unit, overlay, with_lan};

const BOX: Ipv4Addr = Ipv4Addr::new(10, 42, 0, 1);
const UPLINK: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
const OUTSIDE: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const SITE: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 7);
const GOOGLE: Ipv4Addr = Ipv4Addr::new(8, 8, 8, 8);
const STATION: Ipv4Addr = Ipv4Addr::new(10, 42, 0, 2);

/// Types of DNS records.
const A: u16 = 1;
const TXT: u16 = 16;
const AAAA: u16 = 28;
const HTTPS: u16 = 65;

/// "At once" to a person; a packet that is dropped costs a phone a second and more.
const AT_ONCE: Duration = Duration::from_millis(500);

fn rules(lan: &Lan, card: &Card, arguments: &str) {
    let run = format!("mkdir -p /data/system; /usr/lib/kelas/firewall {arguments}");
    lan.inside("box", || card.succeeds(&run));
}

/// The station has its address without anybody giving it one.
fn joined(lan: &Lan) {
    lan.ip("station", &format!("address add {STATION}/24 dev wlan0"));
    lan.ip("station", &format!("route add default via {BOX}"));
}

/// dnsmasq as NetworkManager starts it for a shared connection.
fn names(lan: &Lan) -> Program {
    let drop_ins = format!("--conf-dir={}", overlay().join("etc/NetworkManager/dnsmasq-shared.d").display());
    let arguments = [
        "--conf-file=/dev/null",
        "--no-hosts",
        "--bind-interfaces",
        "--except-interface=lo",
        "--clear-on-reload",
        "--strict-order",
        "--listen-address=10.42.0.1",
        "--dhcp-range=10.42.0.10,10.42.0.254,60m",
        "--dhcp-leasefile=/run/leases",
        &drop_ins,
    ];
    lan.dnsmasq("box", &arguments, (BOX, 53).into())
}

/// The uplink's resolver, which knows one site with everything that a site may have.
fn uplinks_resolver(lan: &Lan) -> Program {
    let arguments = [
        "--conf-file=/dev/null",
        "--no-hosts",
        "--no-resolv",
        "--bind-interfaces",
        "--listen-address=192.0.2.1",
        "--local-ttl=3600",
        "--address=/site.example/198.51.100.7",
        "--address=/site.example/2001:db8::7",
        "--dns-rr=site.example,65,000100",
        "--local=/#/",
    ];
    lan.dnsmasq("outside", &arguments, (OUTSIDE, 53).into())
}

/// One address.
fn only(address: Ipv4Addr, ttl: u32) -> Reply {
    Reply { code: 0, addresses: vec![(address, ttl)], answers: 1 }
}

const EMPTY: Option<Reply> = Some(Reply { code: 0, addresses: Vec::new(), answers: 0 });

/// Whom a connection to an address leads to: listeners are at all addresses of box and outside.
fn connect(lan: &Lan, from: &str, to: (Ipv4Addr, u16)) -> Result<TcpStream, ErrorKind> {
    lan.inside(from, || {
        let started = Instant::now();
        let connected =
            TcpStream::connect_timeout(&to.into(), Duration::from_secs(2)).map_err(|error| error.kind());
        assert!(
            matches!(connected, Err(ErrorKind::TimedOut)) || started.elapsed() < AT_ONCE,
            "{to:?}: too late"
        );
        connected.inspect(|stream| stream.set_read_timeout(Some(Duration::from_secs(2))).expect("a socket"))
    })
}

fn listen(lan: &Lan, place: &str, port: u16) -> TcpListener {
    lan.inside(place, || TcpListener::bind((Ipv4Addr::UNSPECIFIED, port)).expect("a free port"))
}

/// Whether a datagram from one place arrives at a socket of another.
fn arrives(lan: &Lan, from: &str, to: (Ipv4Addr, u16), at: &UdpSocket) -> bool {
    at.set_read_timeout(Some(Duration::from_millis(300))).expect("a socket");
    let address = SocketAddr::from(to);
    lan.inside(from, || UdpSocket::bind("0.0.0.0:0").and_then(|socket| socket.send_to(b"x", address)))
        .expect("sent");
    at.recv(&mut [0; 8]).is_ok()
}

#[test]
fn a_station_gets_an_address_the_way_and_the_box_for_every_name() {
    with_lan("a_station_gets_an_address_the_way_and_the_box_for_every_name", |lan| {
        rules(lan, &Card::new(), "apply");
        let _names = names(lan);
        std::fs::write("/run/lease", "#!/bin/sh\n[ \"$1\" != bound ] || echo \"$ip $router $dns $subnet\"\n")
            .expect("an own /run");
        let lease = lan.inside("station", || {
            let mut udhcpc = Command::new("busybox");
            udhcpc.args(["udhcpc", "-i", "wlan0", "-n", "-q", "-f", "-s", "/run/lease"]);
            Command::new("chmod").args(["755", "/run/lease"]).status().expect("coreutils are there");
            udhcpc.output().expect("BusyBox is installed")
        });
        let lease = String::from_utf8(lease.stdout).expect("text");
        let [address, rest] = lease.trim().split_once(' ').map(<[&str; 2]>::from).expect("a lease");
        assert!(address.starts_with("10.42.0."), "{lease}");
        assert_eq!(rest, "10.42.0.1 10.42.0.1 255.255.255.0");
        joined(lan);

        // The box's resolver, and one that a phone has in its settings.
        for server in [BOX, GOOGLE] {
            for name in ["kelas.internal", "kelas.local", "connectivitycheck.gstatic.com", "x"] {
                assert_eq!(lan.resolve(server, name, A), Some(only(BOX, 10)), "{name} from {server}");
                for kind in [AAAA, HTTPS, TXT] {
                    assert_eq!(lan.resolve(server, name, kind), EMPTY, "{name}, type {kind}, from {server}");
                }
            }
            assert_eq!(
                lan.resolve(server, "dns.msftncsi.com", A),
                Some(only(Ipv4Addr::new(131, 107, 255, 255), 10))
            );
        }
    });
}

#[test]
fn stations_reach_the_box_and_hear_at_once_that_there_is_nothing_else() {
    with_lan("stations_reach_the_box_and_hear_at_once_that_there_is_nothing_else", |lan| {
        let card = Card::new();
        joined(lan);
        let outside: Vec<TcpListener> = [443, 853, 80].map(|port| listen(lan, "outside", port)).into();
        let here: Vec<TcpListener> = [80, 443, 22, 5300].map(|port| listen(lan, "box", port)).into();
        connect(lan, "station", (SITE, 443))
            .expect("without rules everything goes through, or this shows nothing");

        rules(lan, &card, "apply");
        for port in [443, 853, 22, 5228] {
            assert_eq!(
                connect(lan, "station", (SITE, port)).err(),
                Some(ErrorKind::ConnectionRefused),
                "{port}"
            );
            assert_eq!(
                connect(lan, "station", (GOOGLE, port)).err(),
                Some(ErrorKind::ConnectionRefused),
                "{port}"
            );
        }
        for port in [80, 443] {
            connect(lan, "station", (BOX, port)).expect("the site");
        }
        for port in [22, 853, 5300] {
            assert_eq!(
                connect(lan, "station", (BOX, port)).err(),
                Some(ErrorKind::ConnectionRefused),
                "{port}"
            );
        }
        // A remembered address of a site leads to the portal, not to the site.
        connect(lan, "station", (SITE, 80)).expect("the box");
        let (_, from) = here[0].accept().expect("the connection to the box itself");
        let (_, again) = here[0].accept().expect("the one that was meant for the site");
        assert_eq!([from.ip(), again.ip()], [STATION; 2]);
        outside[2].set_nonblocking(true).expect("a socket");
        assert_eq!(outside[2].accept().expect_err("nobody came").kind(), ErrorKind::WouldBlock);

        let stun = lan.inside("box", || UdpSocket::bind("0.0.0.0:3478").expect("a free port"));
        let quic = lan.inside("outside", || UdpSocket::bind("0.0.0.0:443").expect("a free port"));
        assert!(arrives(lan, "station", (BOX, 3478), &stun));
        assert!(!arrives(lan, "station", (SITE, 443), &quic));
    });
}

#[test]
fn the_wire_reaches_the_site_and_neither_names_nor_stations() {
    with_lan("the_wire_reaches_the_site_and_neither_names_nor_stations", |lan| {
        joined(lan);
        let _stations = listen(lan, "station", 80);
        let _here: Vec<TcpListener> = [80, 443, 22].map(|port| listen(lan, "box", port)).into();
        let names = lan.inside("box", || UdpSocket::bind("0.0.0.0:53").expect("a free port"));
        connect(lan, "outside", (STATION, 80)).expect("without rules it goes through");

        rules(lan, &Card::new(), "apply");
        for port in [80, 443] {
            connect(lan, "outside", (UPLINK, port)).expect("the site");
        }
        assert_eq!(connect(lan, "outside", (UPLINK, 22)).err(), Some(ErrorKind::ConnectionRefused));
        assert!(!arrives(lan, "outside", (UPLINK, 53), &names));
        assert_eq!(connect(lan, "outside", (STATION, 80)).err(), Some(ErrorKind::TimedOut));
    });
}

#[test]
fn sharing_leads_out_and_ends_when_it_is_switched_off() {
    with_lan("sharing_leads_out_and_ends_when_it_is_switched_off", |lan| {
        let card = Card::new();
        joined(lan);
        let (_names, _uplink) = (names(lan), uplinks_resolver(lan));
        let site = listen(lan, "outside", 443);
        let plain = listen(lan, "outside", 80);
        rules(lan, &card, "apply");
        rules(lan, &card, "sharing on");
        assert_eq!(card.calls("systemctl"), ["--no-block start kelas-resolver.service"]);
        // What the service starts.
        let start = Unit::read("kelas-resolver.service");
        let configuration =
            start.value("ExecStart").split(' ').find_map(|word| word.strip_prefix("--conf-file=/"));
        let configuration = overlay().join(configuration.expect("its configuration"));
        let configuration = format!("--conf-file={}", configuration.display());
        card.replace("usr/bin/uname", "#!/bin/sh\necho smpn3\n");
        card.succeeds("mkdir -p /run/names; RUNTIME_DIRECTORY=/run/names /usr/lib/kelas/name resolver");
        let own_name = format!("--conf-dir={},*.conf", card.path("run/names").display());
        let _resolver = lan.dnsmasq("box", &[&configuration, &own_name], (Ipv4Addr::LOCALHOST, 5300).into());

        let all = lan.resolve_at("outside", (OUTSIDE, 53).into(), "site.example", HTTPS).expect("it answers");
        assert_eq!(all.answers, 1, "the uplink has what is left out below");
        for server in [BOX, GOOGLE] {
            assert_eq!(lan.resolve(server, "site.example", A), Some(only(SITE, 60)));
            assert_eq!(lan.resolve(server, "site.example", AAAA), EMPTY);
            assert_eq!(lan.resolve(server, "site.example", HTTPS), EMPTY);
            for name in ["kelas.internal", "kelas.local", "smpn3.internal", "smpn3.local"] {
                assert_eq!(lan.resolve(server, name, A), Some(only(BOX, 10)));
                assert_eq!(lan.resolve(server, name, AAAA), EMPTY);
            }
        }
        assert_eq!(
            connect(lan, "station", (BOX, 5300)).err(),
            Some(ErrorKind::ConnectionRefused),
            "no way around"
        );

        let mut visit = connect(lan, "station", (SITE, 443)).expect("the site");
        let (mut visitor, from) = site.accept().expect("a visitor");
        assert_eq!(from.ip(), UPLINK, "behind the box's own address");
        visitor.write_all(b"hi").expect("open");
        visit.read_exact(&mut [0; 2]).expect("what comes back");
        connect(lan, "station", (SITE, 80)).expect("sites without encryption too");
        assert_eq!(plain.accept().expect("a visitor").1.ip(), UPLINK);
        assert_eq!(
            connect(lan, "outside", (STATION, 80)).err(),
            Some(ErrorKind::TimedOut),
            "nothing new comes in"
        );

        rules(lan, &card, "sharing off");
        assert_eq!(card.calls("systemctl")[1..], ["--no-block stop kelas-resolver.service"]);
        visit.write_all(b"still there?").expect("the station does not know yet");
        assert_eq!(visit.read(&mut [0; 2]).expect_err("cut off").kind(), ErrorKind::ConnectionReset);
        assert_eq!(connect(lan, "station", (SITE, 443)).err(), Some(ErrorKind::ConnectionRefused));
        assert_eq!(lan.resolve(BOX, "site.example", A), Some(only(BOX, 10)));
    });
}

#[test]
fn what_was_switched_on_is_on_at_the_next_start_unless_it_could_not_be() {
    with_lan("what_was_switched_on_is_on_at_the_next_start_unless_it_could_not_be", |lan| {
        let card = Card::new();
        let listed = |card: &Card| lan.inside("box", || card.succeeds("nft list table inet kelas"));
        rules(lan, &card, "sharing on");
        lan.inside("box", || card.succeeds("nft delete table inet kelas"));
        rules(lan, &card, "apply");
        assert!(listed(&card).contains("masquerade"));
        rules(lan, &card, "sharing off");
        rules(lan, &card, "apply");
        assert!(!listed(&card).contains("masquerade"));

        std::fs::write(card.path("usr/share/kelas/firewall-sharing.nft"), "nonsense\n").expect("an own root");
        let refused = lan.inside("box", || card.run("/usr/lib/kelas/firewall sharing on"));
        assert_eq!(String::from_utf8_lossy(&refused.stdout), "not-applied\n");
        assert!(!card.path("data/system/sharing").exists());
        assert!(listed(&card).contains("policy drop"), "the old rules hold");
        std::fs::write(card.path("usr/share/kelas/firewall.nft"), "nonsense\n").expect("an own root");
        assert!(
            !lan.inside("box", || card.run("mkdir -p /run/kelas; /usr/lib/kelas/firewall apply"))
                .status
                .success()
        );
        assert_eq!(card.problems(), ["firewall-missing"]);
    });
}
