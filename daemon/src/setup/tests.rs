//! What is kept, and what comes back from it.

use std::sync::Arc;

use base::clock::{TestClock, Timestamp};
use network::model::{Band, Channel, Country, Passphrase, Protection, Ssid, Subnet, WiredAddress};
use store::Store;

use super::kept::KEY;
use super::*;
use crate::auth::Auth;
use crate::host::{HostName, Pretend, Sharing};
use crate::hotspot::Hotspot;
use crate::i18n::Language;
use crate::settings::{Networking, Pretence};
use crate::tasks::Tasks;

fn whole() -> Draft {
    let subnet = Subnet::new([192, 168, 1, 10].into(), 24).expect("usable");
    let fixed = WiredAddress::fixed(subnet, [192, 168, 1, 1].into(), vec![[9, 9, 9, 9].into()]);
    Draft {
        language: Some(Language::En),
        school: Some(School {
            name: "SMP Negeri 3".to_owned(),
            box_name: HostName::parse("smpn3").expect("a label"),
        }),
        wifi: Some(WifiAnswer::Own(OwnWifi {
            country: Country::INDONESIA,
            ssid: Ssid::parse("SMP 3 😀").expect("fits"),
            protection: Protection::Wpa2(Passphrase::parse("rahasia sekali").expect("fits")),
            channel: Channel::new(Band::Ghz5, 36).expect("offered"),
        })),
        wired: Some(WiredAnswer { address: Some(fixed.expect("neighbours")), sharing: Sharing::On }),
        time: Some(TimeAnswer::Set),
        certificate: Some(CertificateAnswer::Own),
    }
}

fn setup(folder: &tempfile::TempDir) -> (Setup, Store) {
    let clock = Arc::new(TestClock::at(Timestamp(1_795_485_900_000)));
    let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a store");
    let tasks = Tasks::default();
    let parts = Parts {
        auth: Auth::new(store.clone(), clock.clone(), Arc::new(|_| ())).expect("a hash"),
        hotspot: Hotspot::start(Networking::Pretend(Pretence::Well), &store, &tasks),
        host: Arc::new(Pretend::default()),
        store: store.clone(),
        clock,
        tasks,
        claim_code: None,
    };
    (Setup::new(parts), store)
}

#[test]
fn every_answer_comes_back_as_it_was_and_absent_ones_stay_absent() {
    for draft in [
        Draft::default(),
        whole(),
        Draft { wifi: Some(WifiAnswer::Schools), ..Draft::default() },
        Draft { wifi: Some(WifiAnswer::Leave), time: Some(TimeAnswer::Kept), ..Draft::default() },
        Draft {
            wired: Some(WiredAnswer { address: Some(WiredAddress::Dynamic), sharing: Sharing::Off }),
            certificate: Some(CertificateAnswer::Schools),
            ..Draft::default()
        },
    ] {
        let kept = Kept { in_force: Some(draft.clone()), draft, changing: true };
        let text = kept.write().expect("JSON");
        assert_eq!(Kept::read(Some(&text)), kept);
    }
}

#[test]
fn what_no_check_would_let_in_is_asked_for_again() {
    let text = whole_text().replace("rahasia sekali", "pendek").replace("smpn3", "dua kata");
    let kept = Kept::read(Some(&text));
    assert_eq!((kept.draft.wifi, kept.draft.school), (None, None));
    assert_eq!(kept.draft.wired, whole().wired);
    for text in ["", "[]", "{\"draft\": 3}"] {
        assert_eq!(Kept::read(Some(text)), Kept::default());
    }
    assert_eq!(Kept::read(Some("{\"draft\": {\"of_later\": 1}}")), Kept::default());
}

fn whole_text() -> String {
    Kept { draft: whole(), ..Kept::default() }.write().expect("JSON")
}

#[test]
fn a_mark_changes_with_its_own_answer_and_the_reviews_with_any() {
    let (before, mut after) = (whole(), whole());
    after.time = Some(TimeAnswer::Kept);
    for step in Step::ALL {
        let changes = matches!(step, Step::Time | Step::Review);
        assert_eq!(before.mark(step) != after.mark(step), changes, "{step:?}");
    }
}

#[tokio::test]
async fn the_open_step_is_the_first_without_an_answer() {
    let folder = tempfile::tempdir().expect("a folder");
    let (setup, _) = setup(&folder);
    let mut draft = Draft::default();
    assert_eq!(setup.open_step(&draft), Step::School);
    draft.school = whole().school;
    assert_eq!(setup.open_step(&draft), Step::Wifi);
    draft.wifi = Some(WifiAnswer::Leave);
    assert_eq!(setup.open_step(&draft), Step::Time, "a network that stays has no cable to ask for");
    assert_eq!(setup.open_step(&whole()), Step::Review);
}

#[test]
fn no_passphrase_is_printed() {
    let kept = Kept { draft: whole(), ..Kept::default() };
    assert!(!format!("{kept:?}").contains("rahasia"));
}

#[tokio::test]
async fn a_change_that_a_restart_cut_off_counts_as_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (_, store) = setup(&folder);
    let cut_off = Kept { draft: whole(), changing: true, ..Kept::default() };
    store.set_setting(KEY, &cut_off.write().expect("JSON")).await.expect("kept");
    store.close().await.expect("closed");
    drop(store);
    let (setup, _) = setup(&folder);
    setup.resume().await.expect("readable");
    assert_eq!(setup.progress(), Progress::RolledBack);
    let kept = setup.kept().await.expect("an answer");
    assert_eq!((kept.draft, kept.in_force), (whole(), None));
}

#[tokio::test]
async fn two_who_answer_at_once_do_not_undo_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let (setup, _) = setup(&folder);
    let seen = Draft::default().mark(Step::School);
    let answer = |name: &'static str| {
        setup.answer(Step::School, &seen, move |draft| {
            let box_name = HostName::parse("kelas").expect("a label");
            draft.school = Some(School { name: name.to_owned(), box_name });
        })
    };
    let (one, other) = tokio::join!(answer("satu"), answer("dua"));
    assert_eq!([one.is_ok(), other.is_ok()].iter().filter(|done| **done).count(), 1);
}
