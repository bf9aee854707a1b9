//! A private key and its certificate in one file, so that a power cut leaves the old pair or
//! the new pair, never half of each.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base::{Code, Error, Result};
use data_encoding::BASE64;
use rcgen::KeyPair;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer;

/// Only the daemon's own user reads keys.
const FILE_MODE: u32 = 0o600;
const FOLDER_MODE: u32 = 0o700;

/// A file larger than this was not written here.
const MOST_BYTES: u64 = 64 * 1024;

/// A key and the certificate for it.
#[derive(Debug)]
pub(crate) struct KeyFile {
    pub(crate) key: KeyPair,
    pub(crate) certificate: CertificateDer<'static>,
}

impl KeyFile {
    /// Reads the pair; `None` if there is no such file.
    ///
    /// Errors: [`Code::KeyFileFailed`] if the file cannot be read, [`Code::KeyFileDamaged`] if
    /// it does not hold a P-256 key and the certificate that belongs to it.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>> {
        let text = match read_private(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(named(Code::KeyFileFailed, path).because(error)),
        };
        Self::parse(&text).map(Some).map_err(|cause| named(Code::KeyFileDamaged, path).because(cause))
    }

    fn parse(text: &[u8]) -> Result<Self, String> {
        let key = PrivatePkcs8KeyDer::from_pem_slice(text).map_err(|error| format!("key: {error:?}"))?;
        let key = KeyPair::from_pkcs8_der_and_sign_algo(&key, &rcgen::PKCS_ECDSA_P256_SHA256)
            .map_err(|error| format!("key: {error}"))?;
        let certificate =
            CertificateDer::from_pem_slice(text).map_err(|error| format!("certificate: {error:?}"))?;
        let (rest, parsed) =
            X509Certificate::from_der(&certificate).map_err(|error| format!("certificate: {error}"))?;
        if !rest.is_empty() {
            return Err("certificate: followed by other bytes".to_owned());
        }
        if parsed.public_key().subject_public_key.data != key.public_key_raw() {
            return Err("the certificate is for another key".to_owned());
        }
        Ok(Self { key, certificate })
    }

    /// Writes the pair so that it is either there completely or not at all, also if the power
    /// fails: a new file, flushed, takes the old one's name, then the folder is flushed.
    pub(crate) fn write(&self, path: &Path) -> Result<()> {
        let text = pem("PRIVATE KEY", self.key.serialized_der()) + &pem("CERTIFICATE", &self.certificate);
        write_private(path, text.as_bytes()).map_err(|error| named(Code::KeyFileFailed, path).because(error))
    }
}

/// DER in its text form (RFC 7468).
pub(crate) fn pem(label: &str, der: &[u8]) -> String {
    let encoded = BASE64.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for start in (0..encoded.len()).step_by(64) {
        text.push_str(&encoded[start..encoded.len().min(start + 64)]);
        text.push('\n');
    }
    text + &format!("-----END {label}-----\n")
}

/// An error about the file `path`.
pub(crate) fn named(code: Code, path: &Path) -> Error {
    Error::new(code).with("file", path.display())
}

pub(crate) fn read_private(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if metadata.len() > MOST_BYTES {
        return Err(io::Error::other(format!("{} bytes are more than a key file has", metadata.len())));
    }
    // Somebody who copied it here may have left it open to everybody.
    if metadata.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, Permissions::from_mode(FILE_MODE))?;
    }
    fs::read(path)
}

pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(folder)?;
    let new = path.with_extension("new");
    // Left over from a power cut, perhaps with another mode.
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}
