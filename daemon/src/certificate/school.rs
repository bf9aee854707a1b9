//! The school's own certificate: put in force, taken out of it again, and judged with the clock.

use std::path::Path;
use std::sync::Arc;

use base::{Code, Error, Result};
use trust::{SchoolCertificate, Times};

use super::{Certificates, times};
use crate::problems::{
    CERTIFICATE_EXPIRED as EXPIRED, CERTIFICATE_EXPIRING as EXPIRING, CERTIFICATE_UNUSABLE as UNUSABLE,
    CardProblem, CardProblems,
};
use crate::tasks;

/// How long before its end a certificate counts as expiring: two school weeks.
const EXPIRING_MS: i64 = 14 * 24 * 60 * 60 * 1_000;

impl Certificates {
    /// The school's certificate, if one is in force.
    pub(crate) fn school(&self) -> Option<Arc<SchoolCertificate>> {
        self.resolver.school()
    }

    /// The name by which the box is shown: one that the school's certificate is for, if there is one
    /// in force, else its first.
    pub(crate) fn shown_name(&self) -> String {
        let school = self.school().and_then(|school| school.names.first().cloned());
        school.or_else(|| self.names.first().map(str::to_owned)).unwrap_or_default()
    }

    /// Checks what a technician uploaded, keeps it and serves with it. What was there before
    /// stays if anything is wrong; errors are those of `SchoolCertificate::check` and `keep`.
    pub(crate) async fn install_school(self: &Arc<Self>, chain: String, key: String) -> Result<()> {
        let this = Arc::clone(self);
        run(move || {
            let times = times(this.clock.as_ref());
            let certificate = SchoolCertificate::check(&chain, &key, &this.names.now(), times)?;
            certificate.keep(&this.folder)?;
            this.judge_school();
            Ok(())
        })
        .await
    }

    /// Takes the school's certificate away; the box's own serves all names again.
    pub(crate) async fn remove_school(self: &Arc<Self>) -> Result<()> {
        let this = Arc::clone(self);
        run(move || {
            SchoolCertificate::remove(&this.folder)?;
            this.judge_school();
            Ok(())
        })
        .await
    }

    /// Whether one is kept, in force or not.
    pub(crate) fn keeps_school(&self) -> bool {
        self.school().is_some()
            || self.problems.now().iter().any(|problem| [EXPIRED, UNUSABLE].contains(&problem.code.as_str()))
    }

    /// Puts the kept one in force, or lets it rest and says why. Blocks for a moment.
    pub(super) fn judge_school(&self) {
        let times = times(self.clock.as_ref());
        let judged = judge(&self.folder, &self.names.now(), times);
        let was = self.resolver.school();
        match &judged.in_force {
            Some(now) if was.as_ref().is_none_or(|was| was.valid_until != now.valid_until) => {
                tracing::info!(names = ?now.names, issuer = now.issuer, "the school's certificate is in force");
            }
            None if was.is_some() => tracing::info!("the school's certificate is out of force"),
            _ => {}
        }
        self.resolver.swap_school(judged.in_force);
        tell(judged.problem, &self.problems);
    }
}

/// What follows from the kept certificate.
struct Judged {
    in_force: Option<Arc<SchoolCertificate>>,
    problem: Option<CardProblem>,
}

fn judge(folder: &Path, names: &[String], times: Times) -> Judged {
    match SchoolCertificate::load(folder, names, times) {
        Ok(None) => Judged { in_force: None, problem: None },
        Ok(Some(certificate)) => {
            let left_ms = certificate.valid_until.0.saturating_sub(times.now.0);
            let detail = || vec![format!("for {}", certificate.names.join(", "))];
            let problem = (left_ms < EXPIRING_MS).then(|| CardProblem::new(EXPIRING, detail()));
            Judged { in_force: Some(Arc::new(certificate)), problem }
        }
        Err(error) => {
            let code = if error.code == Code::CertificateExpired { EXPIRED } else { UNUSABLE };
            Judged { in_force: None, problem: Some(CardProblem::new(code, vec![error.to_string()])) }
        }
    }
}

/// Exactly one of the three problems is told, or none.
fn tell(problem: Option<CardProblem>, problems: &CardProblems) {
    for code in [EXPIRED, EXPIRING, UNUSABLE] {
        if problem.as_ref().is_none_or(|problem| problem.code != code) {
            problems.remove(code);
        }
    }
    let Some(problem) = problem else { return };
    let (code, details) = (problem.code.clone(), problem.details.clone());
    if problems.add(problem) {
        tracing::warn!(code, ?details, "the school's certificate");
    }
}

async fn run(work: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    tasks::blocking(work).await.map_err(|error| Error::new(Code::Internal).because(error))?
}

/// For tests: a chain and its key, signed by a new authority, valid for 75 days before and after
/// `about`.
#[cfg(test)]
pub(crate) fn a_schools(name: &str, about: base::clock::Timestamp) -> (String, String) {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, SanType};

    let (authority_key, key) = (KeyPair::generate().expect("a key"), KeyPair::generate().expect("a key"));
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "Dunia");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = authority.self_signed(&authority_key).expect("signed");
    let mut leaf = CertificateParams::default();
    leaf.distinguished_name.push(DnType::CommonName, name);
    leaf.subject_alt_names = vec![SanType::DnsName(name.try_into().expect("a name"))];
    let day = |days: i64| {
        let moment = about.plus(days * 24 * 60 * 60 * 1_000);
        let since = std::time::Duration::from_millis(u64::try_from(moment.0).expect("after 1970"));
        rcgen::date_time_ymd(1970, 1, 1) + since
    };
    (leaf.not_before, leaf.not_after) = (day(-75), day(75));
    let leaf = leaf.signed_by(&key, &Issuer::new(authority, authority_key)).expect("signed");
    (leaf.pem() + &root.pem(), key.serialize_pem())
}

#[cfg(test)]
mod tests;
