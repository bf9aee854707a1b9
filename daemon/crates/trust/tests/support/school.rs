//! An authority of the world outside, and certificates that it signs for a school.

use base::clock::Timestamp;
use rcgen::{
    BasicConstraints, Certificate, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    SanType,
};
use std::time::Duration;

use super::{BUILT, DAY_MS};

/// The name of the school's box in these tests.
pub(crate) const NAME: &str = "kelas.sman1.sch.id";

/// An authority with a root and one below it.
pub(crate) struct World {
    pub(crate) root: Certificate,
    pub(crate) middle: Certificate,
    signer: Issuer<'static, KeyPair>,
}

/// What is special about a leaf; `Wish::default()` is a good one.
pub(crate) struct Wish {
    pub(crate) names: Vec<&'static str>,
    pub(crate) days: (i64, i64),
    pub(crate) is_ca: IsCa,
    pub(crate) purpose: ExtendedKeyUsagePurpose,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            names: vec![NAME],
            days: (100, 300),
            is_ca: IsCa::ExplicitNoCa,
            purpose: ExtendedKeyUsagePurpose::ServerAuth,
        }
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self::lasting(4_000)
    }

    /// One whose middle certificate is valid until day `until`.
    pub(crate) fn lasting(until: i64) -> Self {
        let root_key = KeyPair::generate().unwrap();
        let root_params = authority("Dunia Root", (0, 4_000));
        let root = root_params.self_signed(&root_key).unwrap();
        let key = KeyPair::generate().unwrap();
        let params = authority("Dunia Menengah", (0, until));
        let middle = params.signed_by(&key, &Issuer::new(root_params, root_key)).unwrap();
        Self { root, middle, signer: Issuer::new(params, key) }
    }

    pub(crate) fn sign(&self, key: &KeyPair, wish: &Wish) -> Certificate {
        leaf(wish).signed_by(key, &self.signer).unwrap()
    }

    /// Leaf and middle, as authorities send them, and the leaf's key.
    pub(crate) fn issue(&self, wish: &Wish) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        (self.sign(&key, wish).pem() + &self.middle.pem(), key.serialize_pem())
    }
}

pub(crate) fn leaf(wish: &Wish) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, wish.names.first().copied().unwrap_or("kosong"));
    let names = wish.names.iter().map(|name| SanType::DnsName((*name).try_into().unwrap()));
    params.subject_alt_names = names.collect();
    params.is_ca = wish.is_ca;
    params.extended_key_usages = vec![wish.purpose.clone()];
    days(&mut params, wish.days);
    params
}

fn authority(name: &str, range: (i64, i64)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    days(&mut params, range);
    params
}

fn days(params: &mut CertificateParams, (from, until): (i64, i64)) {
    let moment = |Timestamp(ms): Timestamp| {
        rcgen::date_time_ymd(1970, 1, 1) + Duration::from_millis(u64::try_from(ms).unwrap())
    };
    params.not_before = moment(BUILT.plus(from * DAY_MS));
    params.not_after = moment(BUILT.plus(until * DAY_MS));
}
