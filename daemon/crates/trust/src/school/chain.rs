//! From certificates in any order to the chain that a server sends: the leaf first, each signed
//! by the next (RFC 8446, 4.4.2).

use std::sync::Arc;
use std::time::Duration;

use base::clock::Timestamp;
use base::{Code, Error, Result};
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SigningKey;
use x509_parser::certificate::X509Certificate;
use x509_parser::prelude::FromDer as _;
use x509_parser::time::ASN1Time;
use x509_parser::x509::X509Name;

use crate::validity::{Times, Validity};

/// One certificate, parsed; [`Code::CertificateUnreadable`].
pub(super) fn parsed<'a>(der: &'a CertificateDer<'_>) -> Result<X509Certificate<'a>> {
    let unreadable = |cause: String| Error::new(Code::CertificateUnreadable).because(cause);
    match X509Certificate::from_der(der) {
        Ok(([], certificate)) => Ok(certificate),
        Ok(_) => Err(unreadable("followed by other bytes".to_owned())),
        Err(error) => Err(unreadable(error.to_string())),
    }
}

/// The chain of the certificate that belongs to `signer`, from it upwards as far as it goes.
///
/// A leaf alone is refused: whether its issuer is one that devices know cannot be seen from here,
/// and the usual mistake is to forget the one in between, which some browsers fetch and phones do
/// not. A root at the end does no harm.
pub(super) fn ordered(
    all: &[CertificateDer<'static>],
    signer: &dyn SigningKey,
) -> Result<Vec<CertificateDer<'static>>> {
    let certificates: Vec<X509Certificate<'_>> = all.iter().map(parsed).collect::<Result<_>>()?;
    let public = signer.public_key().ok_or(Code::KeyTypeUnsupported)?;
    let own = certificates.iter().position(|certificate| certificate.public_key().raw == public.as_ref());
    let own = own.ok_or(Code::KeyMismatch)?;
    let leaf = &certificates[own];
    if leaf.issuer() == leaf.subject() {
        return Err(Code::CertificateSelfSigned.into());
    }
    if leaf.is_ca() {
        return Err(Code::CertificateIsAuthority.into());
    }
    let mut order = vec![own];
    let mut last = leaf;
    while last.issuer() != last.subject() {
        let named = |place: &usize| certificates[*place].subject() == last.issuer() && !order.contains(place);
        let named: Vec<usize> = (0..certificates.len()).filter(named).collect();
        if named.is_empty() {
            break;
        }
        let signs = |place: &&usize| last.verify_signature(Some(certificates[**place].public_key())).is_ok();
        // Of several with one name and key, the one that lasts longest.
        let lasts = |place: &&usize| certificates[**place].validity().not_after.timestamp();
        let next = named.iter().filter(signs).max_by_key(lasts).ok_or_else(|| {
            let cause = format!("not signed by the certificate of {}", last.issuer());
            Error::new(Code::ChainBroken).because(cause)
        })?;
        order.push(*next);
        last = &certificates[*next];
    }
    if order.len() == 1 {
        let issuer = person_readable(leaf.issuer());
        return Err(Error::new(Code::ChainIncomplete).with("issuer", issuer));
    }
    Ok(order.into_iter().map(|place| all[place].clone()).collect())
}

/// When all of the chain is valid; [`Code::CertificateNotYetValid`] or [`Code::CertificateExpired`]
/// if that is not now.
pub(super) fn validity(chain: &[CertificateDer<'_>], times: Times) -> Result<Validity> {
    let mut all = Validity { from: Timestamp(i64::MIN), until: Timestamp(i64::MAX) };
    for der in chain {
        let certificate = parsed(der)?;
        let own = certificate.validity();
        all.from = all.from.max(moment(own.not_before));
        all.until = all.until.min(moment(own.not_after));
    }
    current(all, times)?;
    Ok(all)
}

/// Whether `validity` is now, by the box's clock.
pub(super) fn current(validity: Validity, times: Times) -> Result<()> {
    let present = times.present();
    if present < validity.from {
        let error = Error::new(Code::CertificateNotYetValid).with("from", day(validity.from));
        return Err(error.with("today", day(present)));
    }
    if present > validity.until {
        let error = Error::new(Code::CertificateExpired).with("until", day(validity.until));
        return Err(error.with("today", day(present)));
    }
    Ok(())
}

/// The judgement of a browser that trusts whoever stands at the end of the chain: signatures, use
/// for servers, constraints, names. What it finds beyond the checks before is
/// [`Code::ChainBroken`], with the cause for the journal.
pub(super) fn verify(chain: &[CertificateDer<'static>], names: &[String], times: Times) -> Result<()> {
    let broken = |cause: String| Error::new(Code::ChainBroken).because(cause);
    let (leaf, above) = chain.split_first().ok_or(Code::CertificateMissing)?;
    let (root, between) = above.split_last().ok_or(Code::ChainBroken)?;
    let mut roots = RootCertStore::empty();
    roots.add(root.clone()).map_err(|error| broken(error.to_string()))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| broken(error.to_string()))?;
    let since = Duration::from_millis(u64::try_from(times.present().0).unwrap_or_default());
    let now = UnixTime::since_unix_epoch(since);
    for name in names {
        let name = ServerName::try_from(name.as_str()).map_err(|error| broken(error.to_string()))?;
        verifier
            .verify_server_cert(leaf, between, &name, &[], now)
            .map_err(|error| broken(error.to_string()))?;
    }
    Ok(())
}

/// The common name or, without one, the organisation, or all of it.
pub(super) fn person_readable(name: &X509Name<'_>) -> String {
    let mut common = name.iter_common_name().chain(name.iter_organization());
    let first = common.find_map(|attribute| attribute.as_str().ok());
    let text = first.map_or_else(|| name.to_string(), str::to_owned);
    text.chars().filter(|character| !character.is_control()).take(80).collect()
}

fn moment(time: ASN1Time) -> Timestamp {
    Timestamp(time.timestamp().saturating_mul(1_000))
}

/// A day as everybody reads it: 2026-11-24.
fn day(moment: Timestamp) -> String {
    let time = ASN1Time::from_timestamp(moment.0.div_euclid(1_000));
    time.map_or_else(
        |_| "–".to_owned(),
        |time| {
            let time = time.to_datetime();
            format!("{:04}-{:02}-{:02}", time.year(), u8::from(time.month()), time.day())
        },
    )
}
