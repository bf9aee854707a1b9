//! The machine's addresses come and go while the daemon runs.

use std::fs;
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use blackbox::{Kelasd, Network, teacher};
use nix::sys::signal::Signal;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// How long news may take on a busy machine. The daemon looks anyway every 30 seconds; what comes
/// sooner came because the kernel told.
const NEWS: Duration = Duration::from_secs(20);

/// Waits until `holds`.
async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let deadline = Instant::now() + NEWS;
    while !holds().await {
        assert!(Instant::now() < deadline, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn screen_shows(screen: &Path, text: &str) {
    until(text, async || fs::read_to_string(screen).is_ok_and(|shown| shown.contains(text))).await;
}

/// The addresses in the certificate that a client is shown.
async fn certified(kelasd: &Kelasd) -> Vec<IpAddr> {
    let stream = tokio::net::TcpStream::connect(kelasd.https_address()).await.expect("connected");
    let connector = tokio_rustls::TlsConnector::from(blackbox::trusting(&kelasd.ca));
    let stream = connector.connect(kelasd.https_address().ip().into(), stream).await.expect("a handshake");
    let chain = stream.get_ref().1.peer_certificates().expect("a certificate");
    let (_, leaf) = X509Certificate::from_der(&chain[0]).expect("a certificate");
    let names = leaf.subject_alternative_name().expect("sound").expect("there");
    let address = |name: &GeneralName<'_>| match name {
        GeneralName::IPAddress(bytes) => <[u8; 4]>::try_from(*bytes).ok().map(IpAddr::from),
        _ => None,
    };
    names.value.general_names.iter().filter_map(address).collect()
}

#[tokio::test]
async fn certificate_pages_and_screen_follow() {
    let network = Network::without_devices();
    let folder = tempfile::tempdir().expect("a folder");
    let screen = folder.path().join("console");
    let kelasd = Kelasd::configure()
        .inside(&network)
        .arguments(&["--demo", "--console", screen.to_str().expect("text")])
        .start()
        .await;
    screen_shows(&screen, "no address yet").await;
    assert_eq!(certified(&kelasd).await, [IpAddr::from([127, 0, 0, 1])]);
    let teacher = teacher(&kelasd).await;
    let board = async || teacher.get("/courses/1/show").await.text();
    assert!(!board().await.contains("10.77.0.1"));

    network.ip("link add air type bridge");
    network.ip("addr add 10.77.0.1/24 dev air");
    assert!(!board().await.contains("10.77.0.1"), "nobody can reach a device that is down");
    network.ip("link set air up");
    let port = kelasd.https_address().port();
    screen_shows(&screen, &format!("https://10.77.0.1:{port}")).await;
    until("the certificate", async || certified(&kelasd).await.contains(&[10, 77, 0, 1].into())).await;
    assert!(board().await.contains("10.77.0.1"), "{}", board().await);

    network.ip("addr add 192.168.9.1/24 dev air");
    screen_shows(&screen, "https://192.168.9.1").await;
    network.ip("addr del 10.77.0.1/24 dev air");
    until("only the new one", async || board().await.contains("192.168.9.1")).await;
    let certified = certified(&kelasd).await;
    for address in [[10, 77, 0, 1], [192, 168, 9, 1]] {
        assert!(certified.contains(&address.into()), "an old address costs nobody a warning: {certified:?}");
    }
    network.ip("link del air");
    screen_shows(&screen, "no address yet").await;
    assert_eq!(kelasd.client().get("/api/health").await.status, 200);
}

#[tokio::test]
async fn without_any_network_device_it_runs_and_waits() {
    let network = Network::without_devices();
    let folder = tempfile::tempdir().expect("a folder");
    let screen = folder.path().join("console");
    let kelasd = Kelasd::configure()
        .in_network(&network)
        .arguments(&["--console", screen.to_str().expect("text")])
        .arguments(&["--listen-http", "[::]:0", "--listen-https", "[::]:0", "--listen-stun", "[::]:0"])
        .start()
        .await;
    screen_shows(&screen, "no address yet").await;
    kelasd.signal(Signal::SIGHUP);
    kelasd.logged("reloaded").await;
    let ended = kelasd.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
}
