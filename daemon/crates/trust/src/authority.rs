//! The box's own certificate authority.

use std::path::{Path, PathBuf};

use base::random::{READABLE, Random};
use base::{Code, Error, Result};
use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SerialNumber,
};
use rustls::pki_types::CertificateDer;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use crate::constraint::{LOCALHOST, host_name, name_constraints, permits_name};
use crate::file::{KeyFile, named, pem};
use crate::validity::{Times, Validity};

const FILE: &str = "authority.pem";

/// Twenty years, so that a device which installed it once need not again.
const DAYS: i64 = 20 * 366;

/// Characters that tell one box's authority from another's in a phone's list.
const NAME_CHARACTERS: usize = 6;

/// The authority: what devices install once, and what signs the leaf.
pub struct Authority {
    pub(crate) issuer: Issuer<'static, KeyPair>,
    pub(crate) certificate: CertificateDer<'static>,
    pub(crate) folder: PathBuf,
    pub(crate) permitted: Vec<String>,
    name: String,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Authority")
            .field("name", &self.name)
            .field("permitted", &self.permitted)
            .finish_non_exhaustive()
    }
}

impl Authority {
    /// Loads the authority from `folder`, or makes one there if there is none: for `names`, what
    /// lies below them, names that are private anyhow, `localhost`, and every private address.
    ///
    /// Errors: [`Code::KeyFileDamaged`] if its file is there and cannot be trusted,
    /// [`Code::KeyFileFailed`] if it cannot be read or written.
    pub fn load_or_create(
        folder: &Path,
        names: &[impl AsRef<str>],
        times: Times,
        random: &mut dyn Random,
    ) -> Result<Self> {
        match KeyFile::read(&folder.join(FILE))? {
            Some(stored) => Self::new(stored, folder),
            None => Self::create(folder, names, times, random),
        }
    }

    /// Makes an authority in `folder`, in place of the one there: no device that trusts that one
    /// will trust this.
    ///
    /// Errors: [`Code::KeyFileFailed`] if its file cannot be written.
    pub fn create(
        folder: &Path,
        names: &[impl AsRef<str>],
        times: Times,
        random: &mut dyn Random,
    ) -> Result<Self> {
        let fresh = create(names, times, random)?;
        fresh.write(&folder.join(FILE))?;
        Self::new(fresh, folder)
    }

    fn new(stored: KeyFile, folder: &Path) -> Result<Self> {
        let damaged = |cause: String| named(Code::KeyFileDamaged, &folder.join(FILE)).because(cause);
        Self::checked(stored, folder).map_err(damaged)
    }

    fn checked(stored: KeyFile, folder: &Path) -> Result<Self, String> {
        let (name, permitted) = {
            let (_, parsed) =
                X509Certificate::from_der(&stored.certificate).map_err(|error| error.to_string())?;
            // Self-signed, so this also finds a flipped bit.
            parsed.verify_signature(None).map_err(|error| format!("signature: {error}"))?;
            if !parsed.is_ca() {
                return Err("the certificate is not an authority's".to_owned());
            }
            let name = parsed.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
            (name.unwrap_or_default().to_owned(), permitted_names(&parsed))
        };
        let issuer =
            Issuer::from_ca_cert_der(&stored.certificate, stored.key).map_err(|error| error.to_string())?;
        Ok(Self { issuer, certificate: stored.certificate, folder: folder.to_owned(), permitted, name })
    }

    /// Whether it may sign for all host names among `names`.
    pub fn permits(&self, names: &[impl AsRef<str>]) -> bool {
        let mut names = names.iter().filter_map(|name| host_name(name.as_ref()));
        names.all(|name| permits_name(&self.permitted, &name))
    }

    /// Its name, as devices list it: "Kelas" and six characters.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// `ca.crt`: what Android and desktops install (`application/x-x509-ca-cert`).
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// The certificate in its text form (RFC 7468).
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.certificate)
    }
}

fn create(names: &[impl AsRef<str>], times: Times, random: &mut dyn Random) -> Result<KeyFile> {
    let mut permitted: Vec<String> = names.iter().filter_map(|name| host_name(name.as_ref())).collect();
    if !permitted.iter().any(|name| name == LOCALHOST) {
        permitted.push(LOCALHOST.to_owned());
    }
    let mut params = CertificateParams::default();
    let mut subject = DistinguishedName::new();
    subject.push(DnType::OrganizationName, "Kelas");
    subject.push(DnType::CommonName, format!("Kelas {}", random.characters(READABLE, NAME_CHARACTERS)));
    params.distinguished_name = subject;
    params.serial_number = Some(serial_number(random));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.name_constraints = Some(name_constraints(&permitted));
    // From the build on, so that a device with a right clock never finds it not yet valid.
    let from = times.beginning();
    Validity { from, until: Validity::days(times.present(), DAYS).until }.apply(&mut params);
    let key = KeyPair::generate().map_err(internal)?;
    let certificate = params.self_signed(&key).map_err(internal)?.into();
    Ok(KeyFile { key, certificate })
}

/// 126 random bits: positive, never zero, and of constant length (RFC 5280, 4.1.2.2).
pub(crate) fn serial_number(random: &mut dyn Random) -> SerialNumber {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    bytes[0] = bytes[0] & 0x3f | 0x40;
    SerialNumber::from_slice(&bytes)
}

/// A failure of the cryptography itself.
pub(crate) fn internal(error: rcgen::Error) -> Error {
    Error::new(Code::Internal).because(error)
}

/// The DNS names that the certificate may sign for.
fn permitted_names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let constraints = certificate.name_constraints().ok().flatten();
    let permitted = constraints.and_then(|constraints| constraints.value.permitted_subtrees.as_ref());
    let names = permitted.into_iter().flatten().filter_map(|subtree| match subtree.base {
        GeneralName::DNSName(name) => Some(name.to_owned()),
        _ => None,
    });
    names.collect()
}
