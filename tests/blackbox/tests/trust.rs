//! The certificate that is served, and the authority that a device may install.

use std::fs;

use blackbox::Kelasd;
use nix::sys::signal::Signal;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{FromDer as _, X509Certificate};

#[tokio::test]
async fn the_authoritys_certificate_is_handed_out_on_both_ports() {
    let kelasd = Kelasd::start().await;
    let (_, pem) = parse_x509_pem(kelasd.ca.as_bytes()).expect("PEM");
    for client in [kelasd.client(), kelasd.plain_client()] {
        let answer = client.get("/ca.crt").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("content-type"), Some("application/x-x509-ca-cert"));
        assert_eq!(answer.body[..], pem.contents[..]);
        let (_, parsed) = X509Certificate::from_der(&answer.body).expect("a certificate");
        assert!(parsed.is_ca());
        assert!(parsed.name_constraints().expect("sound").expect("constrained").critical);
    }
}

#[tokio::test]
async fn apple_devices_get_a_profile_in_the_readers_language() {
    let kelasd = Kelasd::start().await;
    let client = kelasd.plain_client();
    let answer = client.get("/ca.mobileconfig").await;
    assert_eq!(answer.header("content-type"), Some("application/x-apple-aspen-config"));
    assert!(answer.text().contains("Sertifikat Kelas"), "Indonesian where nothing else is asked for");
    assert!(answer.text().contains("com.apple.security.root"));
    let mut request = client.request(blackbox::Method::GET, "/ca.mobileconfig", "".into());
    request.headers_mut().insert("accept-language", "en".parse().expect("a header"));
    assert!(client.send(request).await.text().contains("Kelas certificate"));
}

#[tokio::test]
async fn the_authority_and_the_leafs_key_survive_a_restart_and_a_new_address_gets_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let first = Kelasd::configure().data(&data).start().await;
    let (authority, before) = (first.ca.clone(), leaf(&first).await);
    first.stop().await;

    let second = Kelasd::configure().data(&data).start().await;
    assert_eq!(leaf(&second).await, before, "nothing changed, so a browser's exception still holds");
    second.stop().await;

    let third = Kelasd::configure().data(&data).variable("KELASD_ADDRESSES", "10.9.8.7").start().await;
    assert_eq!(third.ca, authority);
    let after = leaf(&third).await;
    assert_ne!(after, before);
    let (_, old) = X509Certificate::from_der(&before).expect("a certificate");
    let (_, new) = X509Certificate::from_der(&after).expect("a certificate");
    assert_eq!(old.public_key().raw, new.public_key().raw);
    let names = &new.subject_alternative_name().expect("sound").expect("there").value.general_names;
    let address = x509_parser::extensions::GeneralName::IPAddress(&[10, 9, 8, 7]);
    assert!(names.contains(&address), "{names:?}");
}

#[tokio::test]
async fn a_reload_issues_a_missing_certificate_anew_while_connections_stay() {
    let kelasd = Kelasd::start().await;
    let before = leaf(&kelasd).await;
    fs::remove_file(kelasd.data().join("trust/leaf.pem")).expect("it is there");
    kelasd.signal(Signal::SIGHUP);
    kelasd.logged("reloaded").await;
    assert_ne!(leaf(&kelasd).await, before);
    assert_eq!(kelasd.client().get("/api/health").await.status, 200);
}

#[tokio::test]
async fn a_kelas_toml_that_was_put_right_gives_an_unused_box_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, file) = (folder.path().join("data"), folder.path().join("kelas.toml"));
    let start = async || {
        let arguments = ["--boot-config", file.to_str().expect("text")];
        Kelasd::configure().data(&data).arguments(&arguments).start().await
    };
    let has_name = async |kelasd: &Kelasd| {
        let leaf = leaf(kelasd).await;
        let (_, leaf) = X509Certificate::from_der(&leaf).expect("a certificate");
        let names = leaf.subject_alternative_name().expect("sound").expect("there");
        names.value.general_names.contains(&x509_parser::extensions::GeneralName::DNSName("sman1.test"))
    };
    fs::write(&file, "names = [\"sman1.test\"]\nlgo = \"info\"\n").expect("written");
    let first = start().await;
    assert!(!has_name(&first).await);
    let authority = first.ca.clone();
    first.stop().await;
    fs::write(&file, "names = [\"sman1.test\"]\n").expect("put right");
    let second = start().await;
    assert!(has_name(&second).await);
    assert_ne!(second.ca, authority);
    let ended = second.stop().await;
    assert_eq!(ended.status.code(), Some(0), "{}", ended.output);
}

#[tokio::test]
async fn a_damaged_authority_is_never_replaced_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    Kelasd::configure().data(&data).start().await.stop().await;
    let path = data.join("trust/authority.pem");
    fs::write(&path, "not a key").expect("written");
    let ended = Kelasd::configure().data(&data).run_to_end().await;
    assert_eq!(ended.status.code(), Some(74), "{}", ended.output);
    assert!(ended.output.contains("authority.pem"), "{}", ended.output);
    assert_eq!(fs::read_to_string(&path).expect("still there"), "not a key");
}

/// The certificate that a client is shown.
async fn leaf(kelasd: &Kelasd) -> Vec<u8> {
    let stream = tokio::net::TcpStream::connect(kelasd.https_address()).await.expect("connected");
    let connector = tokio_rustls::TlsConnector::from(blackbox::trusting(&kelasd.ca));
    let name = kelasd.https_address().ip().into();
    let stream = connector.connect(name, stream).await.expect("a handshake");
    let chain = stream.get_ref().1.peer_certificates().expect("a certificate");
    chain[0].to_vec()
}
