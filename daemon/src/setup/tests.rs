//! What is kept, and what comes back from it.

use std::sync::Arc;
use std::time::Duration;

use base::clock::{TestClock, Timestamp};
use network::model::{Band, Channel, Country, Passphrase, Protection, Ssid, Subnet, WiredAddress};
use store::{Person, PersonKind, Store};

use super::kept::{Begun, KEY};
use super::*;
use crate::auth::Auth;
use crate::host::{HostName, Pretend, Sharing};
use crate::hotspot::{Hotspot, Status};
use crate::i18n::Language;
use crate::names::Names;
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
    let (store, tasks) = (store(folder), Tasks::default());
    let hotspot = Hotspot::start(Networking::Pretend(Pretence::Well), &store, &tasks);
    (begun_with(&store, &hotspot, &tasks), store)
}

fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path().join("kelas.sqlite"), clock()).expect("a store")
}

fn clock() -> Arc<TestClock> {
    Arc::new(TestClock::at(Timestamp(1_795_485_900_000)))
}

fn begun_with(store: &Store, hotspot: &Hotspot, tasks: &Tasks) -> Setup {
    Setup::new(Parts {
        auth: Auth::new(store.clone(), clock(), Arc::new(|_| ())).expect("a hash"),
        hotspot: hotspot.clone(),
        host: Arc::new(Pretend::default()),
        store: store.clone(),
        clock: clock(),
        names: Names::new(&[]),
        tasks: tasks.clone(),
        claim_code: None,
    })
}

fn begun() -> Begun {
    Begun { who: "1 (made)".to_owned(), key: "kunci".to_owned() }
}

async fn comes_to(setup: &Setup, stage: Stage) {
    setup.follow().wait_for(|progress| progress.stage() == stage).await.expect("followed");
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
        let kept = Kept { in_force: Some(draft.clone()), draft, begun: Some(begun()) };
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
    let cut_off = Kept { draft: whole(), begun: Some(begun()), ..Kept::default() };
    store.set_setting(KEY, &cut_off.write().expect("JSON")).await.expect("kept");
    store.close().await.expect("closed");
    drop(store);
    let (setup, _) = setup(&folder);
    setup.resume().await.expect("readable");
    comes_to(&setup, Stage::RolledBack).await;
    let kept = setup.kept().await.expect("an answer");
    assert_eq!((kept.draft, kept.in_force), (whole(), None));
}

/// The network goes on while the daemon is started anew, as NetworkManager does.
#[tokio::test(start_paused = true)]
async fn a_trial_goes_on_after_a_restart_and_its_key_is_still_the_key() {
    let folder = tempfile::tempdir().expect("a folder");
    let (store, networks, first) = (store(&folder), Tasks::default(), Tasks::default());
    let hotspot = Hotspot::start(Networking::Pretend(Pretence::Well), &store, &networks);
    let before = begun_with(&store, &hotspot, &first);
    before.change_kept(|kept| kept.draft = whole()).await.expect("kept");
    hotspot.status().wait_for(|status| status.observed.is_some()).await.expect("seen");
    before.begin(&technician(), &whole().mark(Step::Review)).await.expect("begun");
    let key = before.key().expect("a key");
    before.page_sent();
    comes_to(&before, Stage::Trial).await;
    first.stop(Duration::from_secs(5)).await;

    let after = begun_with(&store, &hotspot, &Tasks::default());
    after.resume().await.expect("readable");
    assert!(after.progress().is_busy(), "nobody is told that it was taken back");
    comes_to(&after, Stage::Trial).await;
    assert!(after.seconds_left().is_some_and(|left| left > 100));
    assert!(after.confirm(Proof::Key("guessed")).await.is_err());
    after.confirm(Proof::Key(&key)).await.expect("in time");
    comes_to(&after, Stage::Confirmed).await;
    assert_eq!(after.kept().await.expect("an answer").in_force, Some(whole()));
    assert!(after.0.parts.names.has("smpn3.local"), "and answers to its name");

    // Confirmed, and cut off before that was written down.
    let cut_off = |kept: &mut Kept| (kept.begun, kept.in_force) = (Some(begun()), None);
    after.change_kept(cut_off).await.expect("kept");
    let kept = |status: &Arc<Status>| {
        status.observed.as_ref().is_some_and(|seen| seen.profiles.iter().all(|profile| profile.kept))
    };
    hotspot.status().wait_for(kept).await.expect("seen");
    let last = begun_with(&store, &hotspot, &Tasks::default());
    last.resume().await.expect("readable");
    comes_to(&last, Stage::Confirmed).await;
    assert_eq!(last.kept().await.expect("an answer").in_force, Some(whole()));
}

fn technician() -> Person {
    Person {
        id: base::id::PersonId(1),
        kind: PersonKind::Technician,
        name: "Pak Made".to_owned(),
        login: Some("made".to_owned()),
        created_at: Timestamp(0),
    }
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
