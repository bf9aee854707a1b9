//! From what was pasted or uploaded to certificates and one key.

use base::{Code, Error, Result, limits};
use rustls::pki_types::pem::{PemObject, SectionKind};
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer,
};

/// What the text holds.
pub(super) struct Read {
    pub(super) certificates: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

/// Reads certificates and key. Either text may hold both: many authorities send one file.
pub(super) fn read(chain: &str, key: &str) -> Result<Read> {
    if chain.len() > limits::CERTIFICATE_BYTES || key.len() > limits::CERTIFICATE_BYTES {
        return Err(too_large());
    }
    if is_encrypted(chain) || is_encrypted(key) {
        return Err(Code::KeyEncrypted.into());
    }
    let (mut certificates, mut keys) = (Vec::new(), Vec::new());
    for (text, unreadable) in [(chain, Code::CertificateUnreadable), (key, Code::KeyUnreadable)] {
        let text = tidied(text);
        for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(text.as_bytes()) {
            match section.map_err(|error| Error::new(unreadable).because(format!("{error:?}")))? {
                (SectionKind::Certificate, der) => certificates.push(CertificateDer::from(der)),
                (SectionKind::PrivateKey, der) => keys.push(PrivatePkcs8KeyDer::from(der).into()),
                (SectionKind::RsaPrivateKey, der) => keys.push(PrivatePkcs1KeyDer::from(der).into()),
                (SectionKind::EcPrivateKey, der) => keys.push(PrivateSec1KeyDer::from(der).into()),
                _ => {}
            }
        }
    }
    if certificates.is_empty() {
        return Err(Code::CertificateMissing.into());
    }
    if certificates.len() > limits::CERTIFICATES {
        return Err(too_large());
    }
    keys.dedup();
    let mut keys = keys.into_iter();
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(Read { certificates, key }),
        (None, _) => Err(Code::KeyMissing.into()),
        (Some(_), Some(_)) => Err(Error::new(Code::KeyUnreadable).because("more than one key")),
    }
}

/// Without the byte order mark of some editors, and the spaces that pasting leaves.
fn tidied(text: &str) -> String {
    let lines = text.trim_start_matches('\u{feff}').lines();
    lines.flat_map(|line| [line.trim(), "\n"]).collect()
}

fn too_large() -> Error {
    let most = limits::CERTIFICATE_BYTES / 1_024;
    Error::new(Code::CertificateTooLarge).with("kib", most).with("most", limits::CERTIFICATES)
}

/// Whether the text has a key under a passphrase: PKCS #8 (RFC 5958, 3), or the older form with a
/// header that OpenSSL writes (RFC 1421, 4.6.1.1).
fn is_encrypted(text: &str) -> bool {
    text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("Proc-Type: 4,ENCRYPTED")
}
