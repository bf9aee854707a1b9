//! The school's certificate over a life of restarts, clocks that jump, and damage.

use std::net::IpAddr;

use base::clock::TestClock;

use super::*;
use crate::addresses::Addresses;
use crate::args::Options;
use crate::certificate::{BUILT, Trusted};
use crate::names::Names;
use crate::settings;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
const NAME: &str = "kelas.sman1.sch.id";

/// A box of that name whose clock stands at day 100 after the build.
struct Board {
    folder: tempfile::TempDir,
    clock: Arc<TestClock>,
    problems: CardProblems,
}

impl Board {
    fn new() -> Self {
        let clock = Arc::new(TestClock::at(BUILT.plus(100 * DAY_MS)));
        let folder = tempfile::tempdir().expect("a folder");
        Self { folder, clock, problems: CardProblems::new(Vec::new()) }
    }

    fn start(&self) -> Arc<Certificates> {
        let data = Some(self.folder.path().to_str().expect("text").to_owned());
        let options = Options { data, ..Options::default() };
        let environment = [("KELASD_NAMES".to_owned(), format!("kelas.internal,{NAME}"))];
        let settings = settings::read(&options, environment).expect("sound").settings;
        let addresses = Addresses::fixed(vec![IpAddr::from([10, 42, 0, 1])]);
        let (clock, problems) = (self.clock.clone(), self.problems.clone());
        Arc::new(
            Certificates::open(
                &settings,
                &Names::new(&settings.names),
                Trusted::BySomebody,
                addresses,
                clock,
                problems,
            )
            .expect("certificates"),
        )
    }

    fn told(&self) -> Vec<String> {
        self.problems.now().iter().map(|problem| problem.code.clone()).collect()
    }
}

/// A chain and its key, valid from day 50 to day 200.
fn certificate(name: &str) -> (String, String) {
    super::a_schools(name, BUILT.plus(125 * DAY_MS))
}

#[tokio::test]
async fn it_is_in_force_over_restarts_until_it_expires_or_is_removed() {
    let board = Board::new();
    let certificates = board.start();
    assert!(certificates.school().is_none() && !certificates.keeps_school());
    let (chain, key) = certificate(NAME);
    certificates.install_school(chain, key).await.expect("a good one");
    assert_eq!(certificates.school().expect("in force").names, [NAME]);
    let certificates = board.start();
    assert_eq!(certificates.school().expect("still").names, [NAME]);
    assert_eq!(board.told(), Vec::<String>::new());

    board.clock.jump(BUILT.plus(190 * DAY_MS));
    certificates.renew().await;
    assert!(certificates.school().is_some());
    assert_eq!(board.told(), [EXPIRING]);
    board.clock.jump(BUILT.plus(201 * DAY_MS));
    certificates.renew().await;
    assert!(certificates.school().is_none() && certificates.keeps_school());
    assert_eq!(board.told(), [EXPIRED]);
    let certificates = board.start();
    assert!(certificates.school().is_none());

    // Somebody sets the clock right: it was never lost.
    board.clock.jump(BUILT.plus(60 * DAY_MS));
    certificates.renew().await;
    assert!(certificates.school().is_some());
    assert_eq!(board.told(), Vec::<String>::new());
    certificates.remove_school().await.expect("removed");
    assert!(certificates.school().is_none() && !certificates.keeps_school());
    assert!(board.start().school().is_none());
}

#[tokio::test]
async fn a_refused_one_leaves_the_old_in_force() {
    let board = Board::new();
    let certificates = board.start();
    let (chain, key) = certificate(NAME);
    certificates.install_school(chain.clone(), key).await.expect("a good one");
    let (foreign, foreign_key) = certificate("www.example.com");
    for (chain, key, code) in [
        (chain, foreign_key.clone(), Code::KeyMismatch),
        (foreign, foreign_key, Code::CertificateNameForeign),
        (String::new(), String::new(), Code::CertificateMissing),
    ] {
        let error = certificates.install_school(chain, key).await.expect_err("refused");
        assert_eq!(error.code, code);
        assert_eq!(certificates.school().expect("the old one").names, [NAME]);
    }
    assert_eq!(board.start().school().expect("kept").names, [NAME]);
}

#[tokio::test]
async fn a_damaged_file_is_told_and_the_box_serves_with_its_own() {
    let board = Board::new();
    let (chain, key) = certificate(NAME);
    board.start().install_school(chain, key).await.expect("a good one");
    std::fs::write(board.folder.path().join("trust/school.pem"), "half of it").expect("written");
    let certificates = board.start();
    assert!(certificates.school().is_none());
    assert_eq!(board.told(), [UNUSABLE]);
    certificates.remove_school().await.expect("removed");
    assert_eq!(board.told(), Vec::<String>::new());
}
