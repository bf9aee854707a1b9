//! The certificate that a school brings along: checked before it serves, kept beside the box's
//! own, and shown only to whoever asks for one of its names.
//!
//! It can do no harm that way. A client that typed an IP address names no host and gets the
//! box's own leaf, so a certificate that turns out wrong locks nobody out.

mod chain;
mod kept;
mod text;

use std::sync::Arc;

use base::clock::Timestamp;
use base::{Code, Error, Result};
use rustls::crypto::ring::sign::any_supported_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SigningKey};
use rustls::{SignatureAlgorithm, SignatureScheme};
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;

use crate::constraint::host_name;
use crate::validity::{Times, Validity};

/// Names of a certificate that an error lists; a large one has hundreds.
const NAMES_TOLD: usize = 5;

/// A certificate of the school's with its chain and its key, checked, ready to serve with.
#[derive(Clone)]
pub struct SchoolCertificate {
    pub(crate) certified: Arc<CertifiedKey>,
    key: Arc<PrivateKeyDer<'static>>,
    /// The box's names that it is for, in the box's order.
    pub names: Vec<String>,
    /// Who signed it, as a person reads it.
    pub issuer: String,
    /// The first moment at which all of its chain is valid.
    pub valid_from: Timestamp,
    /// The last such moment.
    pub valid_until: Timestamp,
}

impl std::fmt::Debug for SchoolCertificate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("SchoolCertificate")
            .field("names", &self.names)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

impl SchoolCertificate {
    /// Checks what a technician uploaded: the certificates and the key as PEM text (RFC 7468), in
    /// any order, for a box that is called `box_names`.
    ///
    /// The chain is put in order and what does not belong to it is left out. Errors, each with a
    /// sentence of its own: [`Code::CertificateTooLarge`], [`Code::CertificateMissing`],
    /// [`Code::CertificateUnreadable`], [`Code::KeyMissing`], [`Code::KeyEncrypted`],
    /// [`Code::KeyUnreadable`], [`Code::KeyTypeUnsupported`], [`Code::KeyMismatch`],
    /// [`Code::CertificateIsAuthority`], [`Code::CertificateSelfSigned`],
    /// [`Code::ChainIncomplete`], [`Code::CertificateNotYetValid`], [`Code::CertificateExpired`],
    /// [`Code::CertificateNameForeign`], [`Code::ChainBroken`].
    pub fn check(chain: &str, key: &str, box_names: &[impl AsRef<str>], times: Times) -> Result<Self> {
        let read = text::read(chain, key)?;
        let signer = signer(&read.key)?;
        let chain = chain::ordered(&read.certificates, signer.as_ref())?;
        let leaf = chain::parsed(&chain[0])?;
        let validity = chain::validity(&chain, times)?;
        let names = covered(&leaf, box_names)?;
        chain::verify(&chain, &names, times)?;
        let issuer = chain::person_readable(leaf.issuer());
        drop(leaf);
        Ok(Self {
            certified: Arc::new(CertifiedKey::new(chain, signer)),
            key: Arc::new(read.key),
            names,
            issuer,
            valid_from: validity.from,
            valid_until: validity.until,
        })
    }

    /// Whether it is for the host that a client asks for.
    pub fn is_for(&self, host: &str) -> bool {
        host_name(host).is_some_and(|host| self.names.contains(&host))
    }

    fn validity(&self) -> Validity {
        Validity { from: self.valid_from, until: self.valid_until }
    }

    fn chain(&self) -> &[CertificateDer<'static>] {
        &self.certified.cert
    }
}

/// What signs with the key. RSA of 2,048 to 4,096 bits, P-256 and P-384: what ring computes and
/// browsers take. No browser takes Ed25519 for a server.
fn signer(key: &PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>> {
    let refused = |cause: String| Error::new(Code::KeyTypeUnsupported).because(cause);
    let signer = any_supported_type(key).map_err(|error| refused(error.to_string()))?;
    match signer.algorithm() {
        SignatureAlgorithm::RSA | SignatureAlgorithm::ECDSA => Ok(signer),
        other => Err(refused(format!("{other:?}, {:?}", SignatureScheme::ED25519))),
    }
}

/// Those of the box's names that the certificate is for; [`Code::CertificateNameForeign`] if none.
fn covered(leaf: &X509Certificate<'_>, box_names: &[impl AsRef<str>]) -> Result<Vec<String>> {
    let alternative = leaf.subject_alternative_name().ok().flatten();
    let general = alternative.iter().flat_map(|extension| &extension.value.general_names);
    let patterns: Vec<String> = general
        .filter_map(|name| match name {
            GeneralName::DNSName(name) => Some(name.to_ascii_lowercase()),
            _ => None,
        })
        .collect();
    let box_names: Vec<String> = box_names.iter().filter_map(|name| host_name(name.as_ref())).collect();
    let names: Vec<String> = box_names
        .iter()
        .filter(|name| patterns.iter().any(|pattern| matches(pattern, name)))
        .cloned()
        .collect();
    if names.is_empty() {
        let told: Vec<&str> = patterns.iter().take(NAMES_TOLD).map(String::as_str).collect();
        let told = if told.is_empty() { "–".to_owned() } else { told.join(", ") };
        let error = Error::new(Code::CertificateNameForeign);
        return Err(error.with("names", told).with("box", box_names.join(", ")));
    }
    Ok(names)
}

/// Whether a name of a certificate, in lower case, is for `host`: the same, or with a star for the
/// whole of the first label (RFC 6125, 6.4.3).
fn matches(pattern: &str, host: &str) -> bool {
    match pattern.strip_prefix("*.") {
        Some(rest) => host.split_once('.').is_some_and(|(_, above)| above == rest),
        None => pattern == host,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_one_label() {
        for (pattern, host, expected) in [
            ("kelas.sman1.sch.id", "kelas.sman1.sch.id", true),
            ("*.sman1.sch.id", "kelas.sman1.sch.id", true),
            ("*.sman1.sch.id", "a.kelas.sman1.sch.id", false),
            ("*.sman1.sch.id", "sman1.sch.id", false),
            ("k*.sman1.sch.id", "kelas.sman1.sch.id", false),
            ("sman1.sch.id", "kelas.sman1.sch.id", false),
        ] {
            assert_eq!(matches(pattern, host), expected, "{pattern} {host}");
        }
    }
}
