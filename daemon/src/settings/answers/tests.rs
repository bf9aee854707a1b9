//! A file with all answers, and what becomes of it where one is wrong.

use std::path::PathBuf;

use super::*;
use crate::args::Options;
use crate::settings::{Effective, read};

const ALL: &str = "[setup]\nlanguage = \"en\"\nschool = \"SMP Negeri 3 🏫\"\nbox_name = \"SMPN-3\"\ncountry = \"id\"\nsharing = true\nportal = \"stay\"
    [setup.wifi]\nname = \"Kelas SMPN 3\"\npassphrase = \"bintang laut 7 \"\nband = 5\nchannel = 40
    [setup.wired]\naddress = \"192.168.1.50/24\"\ngateway = \"192.168.1.1\"\nresolvers = [\"192.168.1.1\", \"9.9.9.9\"]
    [setup.technician]\nname = \"Bu Rina\"\nlogin = \"rina\"\npassword = \"sandi yang panjang\"\n";

fn effective(kelas: &str, preseed: &str) -> Effective {
    let folder = tempfile::tempdir().expect("a folder");
    let boot_config: PathBuf = folder.path().join("kelas.toml");
    if !kelas.is_empty() {
        std::fs::write(&boot_config, kelas).expect("written");
    }
    if !preseed.is_empty() {
        std::fs::write(folder.path().join("rpi-preseed.toml"), preseed).expect("written");
    }
    read(&Options { boot_config, ..Options::default() }, []).expect("the rest is right")
}

#[test]
fn every_step_can_be_answered() {
    let effective = effective(ALL, "");
    assert_eq!(effective.left_out, []);
    let answers = effective.settings.answers;
    assert_eq!(answers.school.as_deref(), Some("SMP Negeri 3 🏫"));
    assert_eq!((answers.box_name.as_deref(), answers.wifi), (Some("smpn-3"), Some(Wifi::Own)));
    assert_eq!(answers.passphrase.as_ref().map(Passphrase::reveal), Some("bintang laut 7 "));
    assert_eq!((answers.channel.band(), answers.channel.number()), (Band::Ghz5, 40));
    assert!(matches!(answers.wired, Some(Wired::Used(WiredAddress::Fixed { .. }))) && answers.sharing);
    let technician = answers.technician.clone().expect("one");
    assert_eq!((technician.login.as_str(), technician.password.reveal()), ("rina", "sandi yang panjang"));
    let printed = format!("{answers:?}{:?}", effective.report);
    assert!(!printed.contains("bintang laut") && !printed.contains("sandi yang"), "{printed}");
}

#[test]
fn what_is_absent_or_was_taken_out_is_asked() {
    assert_eq!(effective("", "").settings.answers.technician, None);
    let answers = effective(&ALL.replace("bintang laut 7 ", "").replace("sandi yang panjang", ""), "");
    let answers = answers.settings.answers;
    assert_eq!((answers.passphrase, answers.technician, answers.wifi), (None, None, Some(Wifi::Own)));
}

#[test]
fn a_wrong_answer_leaves_the_file_out_and_tells_no_secret() {
    for (from, to, key) in [
        ("bintang laut 7 ", "geheim", "setup.wifi.passphrase"),
        ("sandi yang panjang", "geheim", "setup.technician.password"),
        ("login = \"rina\"", "", "setup.technician.login"),
        ("channel = 40", "channel = 6", "setup.wifi.channel"),
        ("band = 5", "band = 6", "setup.wifi.band"),
        ("\"id\"", "\"xx\"", "setup.country"),
        ("SMPN-3", "a b", "setup.box_name"),
        ("192.168.1.1\"\nr", "192.168.2.1\"\nr", "setup.wired.gateway"),
        ("/24", "/33", "setup.wired.address"),
        ("9.9.9.9", "dns", "setup.wired.resolvers"),
        ("\"en\"", "\"de\"", "setup.language"),
        ("\"stay\"", "\"go\"", "setup.portal"),
        ("Kelas SMPN 3", "🏫🏫🏫🏫🏫🏫🏫🏫🏫", "setup.wifi.name"),
    ] {
        let text = ALL.replace(from, to);
        assert_ne!(text, ALL, "{from}");
        let effective = effective(&text, "");
        let told: Vec<String> = effective.left_out.iter().map(ToString::to_string).collect();
        assert!(told.len() == 1 && told[0].contains(&format!(": {key}: ")), "{told:?}");
        assert!(!told[0].contains("geheim"), "{told:?}");
        assert_eq!(effective.settings.answers.school, None);
    }
}

#[test]
fn what_imager_wrote_answers_too_and_kelas_toml_wins() {
    let preseed = "config_version = \"1.1\"\n[system]\nhostname = \"kelas-7b\"\n[wlan]\nssid = \"Home\"\npassword = \"secret12\"\ncountry = \"ID\"
        [locale]\nlang = \"en_GB.UTF-8\"\nlocales = [\"en_GB.UTF-8\"]\n[user]\nname = \"alice\"\n[interfaces]\ni2c = true\n";
    let answers = effective("", preseed).settings.answers;
    assert_eq!((answers.box_name.as_deref(), answers.language), (Some("kelas-7b"), Some(Language::En)));
    assert_eq!((answers.country, answers.ssid), (Some(Country::INDONESIA), None));
    let both = effective("setup.box_name = \"lab\"\n", preseed).settings.answers;
    assert_eq!((both.box_name.as_deref(), both.country), (Some("lab"), Some(Country::INDONESIA)));
    let told = effective("", &preseed.replace("kelas-7b", "a b")).left_out;
    assert!(
        told.len() == 1 && told[0].to_string().contains("rpi-preseed.toml: setup.box_name: "),
        "{told:?}"
    );
    assert_eq!(effective("", &preseed.replace("en_GB", "de_DE")).settings.answers.language, None);
}
