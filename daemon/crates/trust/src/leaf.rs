//! The certificate that the box serves with.

use std::net::IpAddr;
use std::sync::Arc;

use base::clock::Timestamp;
use base::random::Random;
use base::{Code, Error, Result};
use rcgen::{
    CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    SanType,
};
use rustls::crypto::ring::sign::any_ecdsa_type;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use x509_parser::certificate::X509Certificate;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::FromDer;

use crate::authority::{Authority, internal, serial_number};
use crate::constraint::{PRIVATE_ENDS, host_name, permits_address, permits_name};
use crate::file::KeyFile;
use crate::renewal::{Issued, Subjects, judge, leaf_validity};
use crate::validity::{Times, Validity};

const FILE: &str = "leaf.pem";

/// A certificate for the box's names and addresses, with its key and the authority's
/// certificate, ready to serve with.
#[derive(Clone, Debug)]
pub struct Leaf {
    pub(crate) certified: Arc<CertifiedKey>,
    /// Why it is the one it is; the caller logs it.
    pub issued: Issued,
    /// The DNS names it is for.
    pub names: Vec<String>,
    /// The addresses it is for, old ones that were kept included.
    pub addresses: Vec<IpAddr>,
    /// The last moment of its validity.
    pub valid_until: Timestamp,
    /// What was asked for and the authority may not sign: a public address, a foreign name.
    pub left_out: Vec<String>,
    /// Why it could not be written down, if so. It serves all the same: a full disk is no reason
    /// to turn a class away. The next call makes another, with the same key if one was stored.
    pub unstored: Option<String>,
}

impl Authority {
    /// The leaf for `names` and `addresses`: the stored one if it still fits, else a new one
    /// with the same key. To be called at the start, when names or addresses change, when the
    /// clock is set, and once a day.
    ///
    /// The names that the authority was made for are always in it. Loopback addresses are not,
    /// unless they are asked for.
    ///
    /// Errors: [`Code::KeyFileFailed`] if its file is there and cannot be read.
    pub fn ensure_leaf(
        &self,
        names: &[impl AsRef<str>],
        addresses: &[IpAddr],
        times: Times,
        random: &mut dyn Random,
    ) -> Result<Leaf> {
        let path = self.folder.join(FILE);
        let (wanted, left_out) = self.permitted_of(names, addresses);
        let (stored, mut issued) = match KeyFile::read(&path) {
            Ok(Some(stored)) => (Some(stored), Issued::Kept),
            Ok(None) => (None, Issued::First),
            Err(error) if error.code == Code::KeyFileDamaged => (None, Issued::Damaged),
            Err(error) => return Err(error),
        };
        let mut old = Subjects::default();
        if let Some(stored) = &stored {
            match self.read(&stored.certificate) {
                Some((subjects, validity)) => {
                    issued = judge(&subjects, validity, &wanted, times);
                    if issued == Issued::Kept {
                        return self.leaf(stored, issued, left_out);
                    }
                    old = subjects;
                }
                None => issued = Issued::AuthorityChanged,
            }
        }
        let key = match stored {
            Some(stored) => stored.key,
            None => KeyPair::generate().map_err(internal)?,
        };
        let certificate = self.sign(&wanted.with_old_addresses_of(&old), &key, times, random)?;
        let stored = KeyFile { key, certificate };
        let written = stored.write(&path);
        let mut leaf = self.leaf(&stored, issued, left_out)?;
        leaf.unstored = written.err().map(|error| error.to_string());
        Ok(leaf)
    }

    /// What of the wish may be signed, and what not.
    fn permitted_of(&self, names: &[impl AsRef<str>], addresses: &[IpAddr]) -> (Subjects, Vec<String>) {
        // Of what it may sign for, the ends are no names of anybody.
        let own = self.permitted.iter().filter(|name| !PRIVATE_ENDS.contains(&name.as_str()));
        let mut subjects = Subjects { names: own.cloned().collect(), addresses: Vec::new() };
        let mut left_out = Vec::new();
        for name in names {
            let name = name.as_ref();
            match host_name(name).filter(|name| permits_name(&self.permitted, name)) {
                Some(name) if subjects.names.contains(&name) => {}
                Some(name) => subjects.names.push(name),
                None => left_out.push(name.to_owned()),
            }
        }
        for address in addresses.iter().map(IpAddr::to_canonical) {
            if !permits_address(address) {
                left_out.push(address.to_string());
            } else if !subjects.addresses.contains(&address) {
                subjects.addresses.push(address);
            }
        }
        (subjects, left_out)
    }

    /// Whom a stored leaf is for and until when; `None` if this authority did not sign it.
    fn read(&self, leaf: &[u8]) -> Option<(Subjects, Validity)> {
        let (_, authority) = X509Certificate::from_der(&self.certificate).ok()?;
        let (_, leaf) = X509Certificate::from_der(leaf).ok()?;
        leaf.verify_signature(Some(authority.public_key())).ok()?;
        (leaf.issuer() == authority.subject()).then_some(())?;
        let mut subjects = Subjects::default();
        for name in &leaf.subject_alternative_name().ok()??.value.general_names {
            match name {
                GeneralName::DNSName(name) => subjects.names.push((*name).to_owned()),
                GeneralName::IPAddress(bytes) => subjects.addresses.extend(address(bytes)),
                _ => {}
            }
        }
        let moment = |time: x509_parser::time::ASN1Time| Timestamp(time.timestamp().saturating_mul(1_000));
        let validity =
            Validity { from: moment(leaf.validity().not_before), until: moment(leaf.validity().not_after) };
        Some((subjects, validity))
    }

    fn sign(
        &self,
        subjects: &Subjects,
        key: &KeyPair,
        times: Times,
        random: &mut dyn Random,
    ) -> Result<CertificateDer<'static>> {
        let mut params = CertificateParams::default();
        let mut subject = DistinguishedName::new();
        if let Some(name) = subjects.names.first() {
            subject.push(DnType::CommonName, name.as_str());
        }
        params.distinguished_name = subject;
        for name in &subjects.names {
            params.subject_alt_names.push(SanType::DnsName(name.as_str().try_into().map_err(internal)?));
        }
        params.subject_alt_names.extend(subjects.addresses.iter().copied().map(SanType::IpAddress));
        params.serial_number = Some(serial_number(random));
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        leaf_validity(times).apply(&mut params);
        Ok(params.signed_by(key, &self.issuer).map_err(internal)?.into())
    }

    fn leaf(&self, stored: &KeyFile, issued: Issued, left_out: Vec<String>) -> Result<Leaf> {
        let (subjects, validity) = self.read(&stored.certificate).ok_or(Code::Internal)?;
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(stored.key.serialize_der()));
        let key = any_ecdsa_type(&key).map_err(|error| Error::new(Code::Internal).because(error))?;
        let chain = vec![stored.certificate.clone(), self.certificate.clone()];
        Ok(Leaf {
            certified: Arc::new(CertifiedKey::new(chain, key)),
            issued,
            names: subjects.names,
            addresses: subjects.addresses,
            valid_until: validity.until,
            left_out,
            unstored: None,
        })
    }
}

/// An address as a certificate holds it.
fn address(bytes: &[u8]) -> Option<IpAddr> {
    if let Ok(bytes) = <[u8; 4]>::try_from(bytes) {
        return Some(bytes.into());
    }
    <[u8; 16]>::try_from(bytes).ok().map(IpAddr::from)
}
