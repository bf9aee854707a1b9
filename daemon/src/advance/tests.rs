//! A box that nobody visits, and what becomes of what was written for it.

use std::sync::Arc;

use base::clock::{TestClock, Timestamp};
use network::model::{AccessPoint, Activity, Channel, DeviceName, Passphrase, Protection, Ssid, Wanted};
use tempfile::TempDir;

use super::*;
use crate::addresses::Addresses;
use crate::host::{Asked, Pretend};
use crate::hotspot::Hotspot;
use crate::names::Names;
use crate::settings::answers::Wifi;
use crate::settings::{self, Networking, Pretence};
use crate::setup::Parts;
use crate::tasks::Tasks;

/// A box that has been started, with everything that is asked of its helper remembered.
struct Started {
    folder: TempDir,
    host: Arc<Pretend>,
    hotspot: Hotspot,
    advance: Advance,
}

fn started(pretence: Pretence, answers: Answers) -> Started {
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Arc::new(TestClock::at(Timestamp(1_795_485_900_000)));
    let store = Store::open(folder.path().join("kelas.sqlite"), clock.clone()).expect("a store");
    let (tasks, host) = (Tasks::default(), Arc::new(Pretend::default()));
    let hotspot = Hotspot::start(Networking::Pretend(pretence), &store, &tasks);
    let auth = Auth::new(store.clone(), clock.clone(), Arc::new(|_| ())).expect("a hash");
    let names = Names::new(&["kelas.internal".to_owned()]);
    let addresses = Addresses::fixed(Vec::new());
    let portal =
        Portal::new(store.clone(), clock.clone(), names.clone(), addresses, Arc::new(|_| None), Mode::Ask);
    let setup = Setup::new(Parts {
        store: store.clone(),
        auth: auth.clone(),
        clock,
        host: host.clone(),
        hotspot: hotspot.clone(),
        names,
        tasks,
        claim_code: None,
    });
    let errors = folder.path().join("kelas-errors.txt");
    let problems = CardProblems::new(Vec::new());
    let advance = Advance { setup, auth, store, portal, problems, answers, left_out: Vec::new(), errors };
    Started { folder, host, hotspot, advance }
}

/// What a file of settings answers.
fn answers(text: &str) -> Answers {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kelas.toml");
    std::fs::write(&path, text).expect("written");
    let options = crate::args::Options { config: vec![path], ..Default::default() };
    settings::read(&options, []).expect("right").settings.answers
}

const WIFI: &str = "[setup]\nschool = \"SMP 3\"\ncountry = \"ID\"\nportal = \"stay\"\n[setup.wifi]\nname = \"Kelas 3\"\npassphrase = \"bintang laut\"\n";
const TECHNICIAN: &str = "[setup.technician]\nlogin = \"rina\"\npassword = \"sandi panjang\"\n";

impl Started {
    async fn run(self) -> (TempDir, Arc<Pretend>, Hotspot, Setup, Store, CardProblems) {
        let Self { folder, host, hotspot, advance } = self;
        let (setup, store, problems) =
            (advance.setup.clone(), advance.store.clone(), advance.problems.clone());
        advance.run(CancellationToken::new()).await;
        (folder, host, hotspot, setup, store, problems)
    }
}

#[tokio::test]
async fn answers_fill_the_draft_and_the_passphrase_leaves_the_card() {
    let started = started(Pretence::Well, answers(WIFI));
    let portal = started.advance.portal.clone();
    let (_folder, host, _, setup, store, problems) = started.run().await;
    let draft = setup.kept().await.expect("read").draft;
    let wifi = draft.own_wifi().expect("answered");
    assert_eq!((wifi.ssid.clone(), wifi.channel), (Ssid::parse("Kelas 3").expect("fits"), Channel::usual()));
    assert_eq!(setup.open_step(&draft), Step::Wired);
    assert_eq!(host.asked(), [Asked::SettingsApplied]);
    assert_eq!(portal.mode(), Mode::Stay);
    assert!(!store.knows_anybody().await.expect("read") && problems.now().is_empty());
}

#[tokio::test]
async fn what_somebody_answered_is_not_overwritten_and_what_was_not_used_stays_on_the_card() {
    let started = started(Pretence::Well, answers(WIFI));
    let theirs = Draft { wifi: Some(crate::setup::WifiAnswer::Schools), ..Draft::default() };
    let put = theirs.clone();
    started.advance.setup.change_kept(move |kept| kept.draft = put).await.expect("kept");
    let (_folder, host, _, setup, _, problems) = started.run().await;
    assert_eq!(setup.kept().await.expect("read").draft.wifi, theirs.wifi);
    let [Asked::BootErrors(text)] = &host.asked()[..] else { panic!("{:?}", host.asked()) };
    assert!(text.contains("kelas-reset") && !text.contains("bintang"), "{text}");
    assert_eq!(problems.now()[0].code, ANSWERS_UNUSED);
}

#[tokio::test]
async fn with_a_technician_the_box_sets_itself_up() {
    let (_folder, host, hotspot, setup, store, problems) =
        started(Pretence::Well, answers(&format!("{WIFI}{TECHNICIAN}"))).run().await;
    let mut status = hotspot.status();
    let opened = status.wait_for(|status| {
        let opened = status.access_point().filter(|(_, activity)| *activity == Activity::Active);
        opened.is_some_and(|(wifi, _)| wifi.ssid.to_string() == "Kelas 3")
    });
    let opened = Arc::clone(
        &*tokio::time::timeout(Duration::from_secs(20), opened).await.expect("in time").expect("kept"),
    );
    let protection = &opened.access_point().expect("opened").0.protection;
    assert_eq!(*protection, Protection::Wpa2(Passphrase::parse("bintang laut").expect("fits")));
    assert!(store.person_by_login("rina").await.expect("read").is_some());
    assert!(setup.kept().await.expect("read").in_force.is_some());
    assert!(
        host.asked().contains(&Asked::SettingsApplied) && problems.now().is_empty(),
        "{:?}",
        host.asked()
    );
}

/// The keeper of the setup hotspot may be in the middle of opening it.
#[tokio::test]
async fn a_change_of_somebody_else_is_waited_for() {
    let started = started(Pretence::Hasty, answers(&format!("{WIFI}{TECHNICIAN}")));
    let hotspot = started.hotspot.clone();
    hotspot.status().wait_for(|status| status.observed.is_some()).await.expect("kept");
    let other = AccessPoint {
        device: DeviceName::parse("wlan0").expect("a name"),
        ssid: Ssid::parse("Kelas-0001").expect("fits"),
        protection: Protection::Open,
        channel: Channel::usual(),
        subnet: crate::hotspot::subnet(),
    };
    let wanted = Wanted { access_point: Some(other), uplink: None };
    // Nobody confirms it, and after five seconds it is taken back.
    while hotspot.apply("somebody", &wanted).await.is_err() {
        tokio::time::sleep(RETRY).await;
    }
    let (_folder, _, _, setup, store, problems) = started.run().await;
    assert!(store.person_by_login("rina").await.expect("read").is_some(), "{:?}", problems.now());
    assert!(setup.kept().await.expect("read").in_force.is_some());
}

#[tokio::test(start_paused = true)]
async fn without_a_radio_nobody_is_made_and_the_card_says_why() {
    let (_folder, host, _, _, store, _) =
        started(Pretence::NoRadio, answers(&format!("{WIFI}{TECHNICIAN}"))).run().await;
    assert!(!store.knows_anybody().await.expect("read"));
    let [Asked::BootErrors(text)] = &host.asked()[..] else { panic!("{:?}", host.asked()) };
    assert!(text.starts_with(Language::Id.t("boot_errors.head")), "{text}");
    assert!(text.contains(Language::En.t("boot_errors.again")), "{text}");
    assert!(!text.contains("bintang") && !text.contains("sandi panjang"), "{text}");
}

#[tokio::test]
async fn errors_of_before_are_taken_back_and_only_then_is_the_helper_asked() {
    let mut quiet = started(Pretence::Well, answers(""));
    std::fs::write(quiet.folder.path().join("kelas-errors.txt"), "old").expect("written");
    quiet.advance.left_out = Vec::new();
    let (_folder, host, ..) = quiet.run().await;
    assert_eq!(host.asked(), [Asked::BootErrors(String::new())]);
    let mut told = started(Pretence::Well, answers(""));
    told.advance.left_out = vec!["kelas.toml: naems: there is no such setting".to_owned()];
    let (_folder, host, ..) = told.run().await;
    let [Asked::BootErrors(text)] = &host.asked()[..] else { panic!("{:?}", host.asked()) };
    assert!(text.ends_with("\n\nkelas.toml: naems: there is no such setting\n"), "{text}");
    let (_folder, host, ..) = started(Pretence::Well, answers("")).run().await;
    assert_eq!(host.asked(), []);
}

#[test]
fn a_cable_is_used_only_where_the_box_needs_it() {
    for (text, kind, used) in [
        (format!("{WIFI}{TECHNICIAN}"), Some(Wifi::Own), Some(false)),
        (format!("[setup.wifi]\nkind = \"school\"\n{TECHNICIAN}"), Some(Wifi::Schools), Some(true)),
        (WIFI.to_owned(), Some(Wifi::Own), None),
        (format!("{WIFI}[setup.wired]\naddress = \"dhcp\"\n"), Some(Wifi::Own), Some(true)),
    ] {
        let answers = answers(&text);
        assert_eq!(answers.wifi, kind, "{text}");
        let mut draft = Draft::default();
        fill::fill(&mut draft, &answers);
        assert_eq!(draft.wired.map(|wired| wired.address.is_some()), used, "{text}");
    }
}
