//! The school's certificate on the card, in one file with its key.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use base::{Code, Result};

use super::{SchoolCertificate, chain};
use crate::file::{named, pem, read_private, write_private};
use crate::validity::Times;

const FILE: &str = "school.pem";

impl SchoolCertificate {
    /// The one that is kept in `folder`, checked as if it came now; `None` if there is none.
    ///
    /// Errors: those of [`Self::check`], [`Code::KeyFileFailed`] if the file cannot be read.
    pub fn load(folder: &Path, box_names: &[impl AsRef<str>], times: Times) -> Result<Option<Self>> {
        let path = path(folder);
        let bytes = match read_private(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(named(Code::KeyFileFailed, &path).because(error)),
        };
        let text =
            String::from_utf8(bytes).map_err(|error| named(Code::KeyFileDamaged, &path).because(error))?;
        Self::check(&text, "", box_names, times).map(Some)
    }

    /// Keeps it in `folder` in place of the one there: all of it or, if the power fails, nothing.
    ///
    /// Errors: [`Code::KeyFileFailed`].
    pub fn keep(&self, folder: &Path) -> Result<()> {
        let label = match *self.key {
            rustls::pki_types::PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
            rustls::pki_types::PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
            _ => "PRIVATE KEY",
        };
        let mut text = pem(label, self.key.secret_der());
        for certificate in self.chain() {
            text.push_str(&pem("CERTIFICATE", certificate));
        }
        let path = path(folder);
        write_private(&path, text.as_bytes())
            .map_err(|error| named(Code::KeyFileFailed, &path).because(error))
    }

    /// Takes the one in `folder` away; nothing if there is none.
    ///
    /// Errors: [`Code::KeyFileFailed`].
    pub fn remove(folder: &Path) -> Result<()> {
        let path = path(folder);
        let removed = fs::remove_file(&path).and_then(|()| fs::File::open(folder)?.sync_all());
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(named(Code::KeyFileFailed, &path).because(error))
            }
            _ => Ok(()),
        }
    }

    /// Whether it is valid now; [`Code::CertificateNotYetValid`], [`Code::CertificateExpired`].
    pub fn is_current(&self, times: Times) -> Result<()> {
        chain::current(self.validity(), times)
    }
}

fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}
