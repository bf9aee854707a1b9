//! The table of probes: what each system asks of a host of its own to learn whether there is
//! internet, and the answer that tells it yes.
//!
//! Sources: the defaults of Android's `NetworkMonitor` and of the makers' own systems, Apple's
//! Captive Network Assistant, Microsoft's NCSI, Firefox's `network.captive-portal-service`, the
//! connectivity settings of `NetworkManager` in GNOME, KDE, Debian, Ubuntu, Fedora and Arch, and
//! the Kindle's stub page. docs/portal.md shows the table to people.

use http::StatusCode;

/// What one kind of system asks.
pub(super) struct Probe {
    /// The hosts that it asks, in lower case.
    hosts: &'static [&'static str],
    paths: Paths,
    /// What it must be told to keep the network and ask nobody.
    pub(super) success: Success,
}

/// Which paths of the hosts are the probe.
enum Paths {
    /// These, and whoever asks for them of another host means the same: makers of phones have
    /// more hosts than anybody lists.
    Telling(&'static [&'static str]),
    /// These, which mean nothing elsewhere.
    Here(&'static [&'static str]),
    /// Every one: the hosts serve nothing else, and the path is made up.
    Every,
}

/// An answer, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Success {
    /// Its status.
    pub(super) status: StatusCode,
    /// Its `Content-Type`; none without a body.
    pub(super) content_type: Option<&'static str>,
    /// Its body.
    pub(super) body: &'static str,
    /// One more header, and its value.
    pub(super) header: Option<(&'static str, &'static str)>,
}

const NOTHING: Success =
    Success { status: StatusCode::NO_CONTENT, content_type: None, body: "", header: None };

const fn html(body: &'static str) -> Success {
    Success { status: StatusCode::OK, content_type: Some("text/html"), body, header: None }
}

const fn plain(body: &'static str) -> Success {
    Success { status: StatusCode::OK, content_type: Some("text/plain"), body, header: None }
}

const APPLE: Success = html("<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>");
/// `NetworkManager` believes this header whatever it is set to expect as a body.
const ONLINE: Option<(&str, &str)> = Some(("x-networkmanager-status", "online"));
const NETWORK_MANAGER: Success = Success { header: ONLINE, ..plain("NetworkManager is online") };

/// How Apple's probe calls itself, under whatever host it asks.
const APPLE_PROBE_AGENT: &str = "CaptiveNetworkSupport";

static PROBES: &[Probe] = &[
    // Android, Chrome and the makers' own hosts.
    Probe {
        hosts: &[
            "connectivitycheck.gstatic.com",
            "connectivitycheck.android.com",
            "clients3.google.com",
            "play.googleapis.com",
            "www.google.com",
            "www.gstatic.com",
            "connect.rom.miui.com",
            "cn.wifi.miui.com",
            "connectivitycheck.platform.hicloud.com",
            "connectivitycheck.cbg-app.huawei.com",
            "connectivitycheck.platform.hihonorcloud.com",
            "conn1.oppomobile.com",
            "conn2.oppomobile.com",
            "wifi.vivo.com.cn",
            "connectivitycheck.samsung.com",
        ],
        paths: Paths::Telling(&["/generate_204", "/gen_204"]),
        success: NOTHING,
    },
    // iOS and macOS.
    Probe {
        hosts: &["captive.apple.com", "www.apple.com"],
        paths: Paths::Telling(&["/hotspot-detect.html", "/library/test/success.html"]),
        success: APPLE,
    },
    Probe {
        hosts: &[
            "captive.apple.com",
            "www.appleiphonecell.com",
            "www.itools.info",
            "www.ibook.info",
            "www.airport.us",
            "www.thinkdifferent.us",
        ],
        paths: Paths::Every,
        success: APPLE,
    },
    // Windows 10 and 11, then 7 and 8.
    Probe {
        hosts: &["www.msftconnecttest.com", "ipv6.msftconnecttest.com"],
        paths: Paths::Telling(&["/connecttest.txt"]),
        success: plain("Microsoft Connect Test"),
    },
    Probe {
        hosts: &["www.msftncsi.com", "ipv6.msftncsi.com"],
        paths: Paths::Telling(&["/ncsi.txt"]),
        success: plain("Microsoft NCSI"),
    },
    // Firefox.
    Probe {
        hosts: &["detectportal.firefox.com"],
        paths: Paths::Here(&["/canonical.html"]),
        success: html(
            "<meta http-equiv=\"refresh\" content=\"0;url=https://support.mozilla.org/kb/captive-portal\"/>",
        ),
    },
    Probe {
        hosts: &["detectportal.firefox.com"],
        paths: Paths::Here(&["/success.txt"]),
        success: plain("success\n"),
    },
    // NetworkManager, whose makers each have a host of their own.
    Probe {
        hosts: &["nmcheck.gnome.org", "www.archlinux.org"],
        paths: Paths::Telling(&["/check_network_status.txt"]),
        success: NETWORK_MANAGER,
    },
    Probe { hosts: &["network-test.debian.org"], paths: Paths::Here(&["/nm"]), success: NETWORK_MANAGER },
    Probe {
        hosts: &["ping.archlinux.org"],
        paths: Paths::Here(&["/nm-check.txt"]),
        success: NETWORK_MANAGER,
    },
    Probe {
        hosts: &["connectivity-check.ubuntu.com"],
        paths: Paths::Here(&["/"]),
        success: Success { header: ONLINE, ..NOTHING },
    },
    Probe {
        hosts: &["fedoraproject.org"],
        paths: Paths::Here(&["/static/hotspot.txt"]),
        success: plain("OK"),
    },
    Probe { hosts: &["networkcheck.kde.org"], paths: Paths::Here(&["/"]), success: plain("OK") },
    // Kindle looks for the token.
    Probe {
        hosts: &["spectrum.s3.amazonaws.com"],
        paths: Paths::Telling(&["/kindle-wifi/wifistub.html", "/kindle-wifi/wifistub-eink.html"]),
        success: html("81ce4465-7167-4dcb-835b-dcc9e44c112a\n"),
    },
];

/// The probe that a request is, from the host that it asks, its path without query, and how its
/// sender calls itself. `host` is in lower case, without port and without a dot at its end.
pub(super) fn find(host: &str, path: &str, agent: &str) -> Option<&'static Probe> {
    PROBES
        .iter()
        .find(|probe| probe.hosts.contains(&host) && probe.paths.have(path))
        .or_else(|| PROBES.iter().find(|probe| probe.paths.tell(path)))
        .or_else(|| {
            let apple = agent.starts_with(APPLE_PROBE_AGENT);
            PROBES.iter().find(|probe| apple && probe.success == APPLE)
        })
}

impl Paths {
    /// Whether `path` is the probe under the row's hosts.
    fn have(&self, path: &str) -> bool {
        match self {
            Self::Telling(paths) | Self::Here(paths) => paths.contains(&path),
            Self::Every => true,
        }
    }

    /// Whether `path` is the probe under any host.
    fn tell(&self, path: &str) -> bool {
        matches!(self, Self::Telling(paths) if paths.contains(&path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(host: &str, path: &str, agent: &str) -> Option<&'static str> {
        find(host, path, agent).map(|probe| probe.success.body)
    }

    #[test]
    fn a_host_decides_first_then_a_telling_path_then_apples_own_name() {
        assert_eq!(
            body("nmcheck.gnome.org", "/check_network_status.txt", ""),
            Some("NetworkManager is online")
        );
        assert_eq!(body("probe.unknown-maker.example", "/generate_204", ""), Some(""));
        assert_eq!(body("www.itools.info", "/x7Ql/aB.html", ""), Some(APPLE.body));
        assert_eq!(
            body("other.example", "/x7Ql/aB.html", "CaptiveNetworkSupport-480 wispr"),
            Some(APPLE.body)
        );
        assert_eq!(body("networkcheck.kde.org", "/", ""), Some("OK"));
    }

    #[test]
    fn what_is_no_probe_is_none() {
        for (host, path) in [
            ("www.google.com", "/"),
            ("www.apple.com", "/"),
            ("example.com", "/"),
            ("example.com", "/nm"),
            ("example.com", "/success.txt"),
            ("www.msftconnecttest.com", "/redirect"),
            ("connectivitycheck.gstatic.com", "/generate_204/"),
        ] {
            assert!(find(host, path, "Mozilla/5.0").is_none(), "{host}{path}");
        }
    }

    #[test]
    fn every_answer_is_one_that_its_system_can_read() {
        for probe in PROBES {
            let Success { status, content_type, body, header: _ } = probe.success;
            assert_eq!(status == StatusCode::NO_CONTENT, body.is_empty());
            assert_eq!(content_type.is_none(), body.is_empty());
            assert!(probe.hosts.iter().all(|host| *host == host.to_ascii_lowercase()));
        }
    }
}
