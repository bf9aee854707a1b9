//! The helper does what the daemon asks, keeps it, and lets nothing else through.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use units::Card;

const YEAR: u64 = 365 * 24 * 60 * 60;
/// The image's date in these tests.
const BUILT: u64 = 1_800_000_000;

/// A card that has been started once, with a first partition.
fn started() -> Card {
    let card = Card::new();
    fs::create_dir_all(card.path("data/system")).expect("an own root");
    fs::create_dir_all(card.path("run/kelas")).expect("an own root");
    let epoch = File::options().append(true).open(card.path("usr/lib/clock-epoch")).expect("installed");
    epoch.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(BUILT)).expect("our own file");
    card
}

/// What the helper answers to `said`, given to it as it is.
fn answer(card: &Card, said: &str) -> String {
    fs::write(card.path("said"), said).expect("an own root");
    card.succeeds("/usr/lib/kelas/host </said 2>/dev/null")
}

#[test]
fn the_clock_is_set_within_reason_and_a_clock_far_ahead_can_be_put_back() {
    let card = started();
    let kept = File::create(card.path("data/system/clock")).expect("an own root");
    kept.set_modified(SystemTime::now() + Duration::from_secs(20 * YEAR)).expect("our own file");
    assert_eq!(answer(&card, &format!("clock {}\n", BUILT + 60)), "ok\n");
    assert_eq!(card.calls("date"), [format!("-s @{}", BUILT + 60)]);
    let kept = fs::metadata(card.path("data/system/clock")).expect("kept").modified().expect("a time");
    assert!(kept <= SystemTime::now(), "the next start would go far ahead again");
    for wrong in [BUILT - 1, BUILT + 16 * YEAR, 0] {
        assert_eq!(answer(&card, &format!("clock {wrong}\n")), "error clock-implausible\n", "{wrong}");
    }
    for wrong in ["x", "-1", "1e9", "123456789012", "1800000060 1"] {
        assert_eq!(answer(&card, &format!("clock {wrong}\n")), "error clock-invalid\n", "{wrong}");
    }
    assert_eq!(card.calls("date").len(), 1);
}

#[test]
fn the_name_is_given_kept_and_given_again_at_the_next_start() {
    let card = started();
    assert_eq!(answer(&card, "name smpn-3\n"), "ok\n");
    assert_eq!(card.text("data/system/hostname"), "smpn-3\n");
    card.succeeds("/usr/lib/kelas/name apply");
    assert_eq!(card.calls("hostname"), ["smpn-3", "smpn-3"]);
    assert_eq!(card.calls("systemctl"), ["--no-block try-restart kelas-resolver.service"]);
    for wrong in ["-a", "a-", "A", "a b", "a.b", &"x".repeat(64)] {
        let refused = answer(&card, &format!("name {wrong}\n"));
        assert!(refused.starts_with("error "), "{wrong}: {refused}");
    }
    assert_eq!(card.text("data/system/hostname"), "smpn-3\n");
    fs::write(card.path("data/system/hostname"), "; reboot\n").expect("an own root");
    assert!(!card.run("/usr/lib/kelas/name apply").status.success());
    assert_eq!(card.calls("hostname").len(), 2);
}

#[test]
fn the_country_is_told_to_the_kernel_kept_and_told_again() {
    let card = started();
    card.succeeds("/usr/lib/kelas/country apply");
    assert_eq!(card.calls("iw"), [""; 0]);
    assert_eq!(answer(&card, "country ID\n"), "ok\n");
    card.succeeds("/usr/lib/kelas/country apply");
    assert_eq!(card.calls("iw"), ["reg set ID", "reg set ID"]);
    for wrong in ["id", "I", "IDN", "I D", "00"] {
        assert_eq!(answer(&card, &format!("country {wrong}\n")), "error country-invalid\n", "{wrong}");
    }
    assert_eq!(card.text("data/system/country"), "ID\n");
}

#[test]
fn the_power_is_commanded_through_the_service_manager() {
    let card = started();
    assert_eq!(answer(&card, "restart\n"), "ok\n");
    assert_eq!(answer(&card, "power-off"), "ok\n", "also without the line's end");
    assert_eq!(card.calls("systemctl"), ["--no-block reboot", "--no-block poweroff"]);
    assert_eq!(answer(&card, "forget\n"), "ok\n");
    assert!(card.path("data/system/forget").exists());
    assert_eq!(card.calls("systemctl").len(), 3);
}

#[test]
fn what_cannot_be_kept_or_done_is_said() {
    let card = started();
    card.replace("usr/bin/systemctl", "#!/bin/sh\necho broken; exit 1\n");
    assert_eq!(answer(&card, "restart\n"), "error not-applied\n");
    fs::remove_dir(card.path("data/system")).expect("empty");
    for command in ["name a", "country ID", "forget", "sharing on"] {
        assert_eq!(answer(&card, &format!("{command}\n")), "error not-kept\n", "{command}");
    }
}

#[test]
fn nothing_else_is_a_command() {
    let card = started();
    for said in [
        "",
        "\n",
        " \n",
        "restart now\n",
        "restart \u{e9}\n",
        "reboot\n",
        "clock\n",
        "name a; reboot\n",
        "name $(reboot)\n",
        "../clock save\n",
        "sharing perhaps\n",
        "country ../ID\n",
        "name a\tb\n",
    ] {
        let answer = answer(&card, said);
        assert!(answer.starts_with("error ") && answer.lines().count() == 1, "{said:?}: {answer}");
    }
    for noted in ["systemctl", "hostname", "iw", "date"] {
        assert_eq!(card.calls(noted), [""; 0], "{noted}");
    }
}

#[test]
fn the_errors_of_a_technicians_file_lie_beside_it() {
    let card = started();
    let first = "mount -t tmpfs -o ro firmware /boot/firmware";
    let said = |text: &str| format!("printf 'boot-errors\\n{text}' | /usr/lib/kelas/host 2>/dev/null");
    let state = "cat /boot/firmware/kelas-errors.txt; ls /boot/firmware; grep -o '/boot/firmware tmpfs r[ow]' /proc/mounts";
    let shown = card.succeeds(&format!("{first}; {}; {state}", said("names: not \\033[2J so\\nmore\\n")));
    assert_eq!(shown, "ok\nnames: not [2J so\r\nmore\r\nkelas-errors.txt\n/boot/firmware tmpfs ro\n");
    let gone = card.succeeds(&format!("{first}; {}; {}; ls /boot/firmware", said("x\\n"), said("")));
    assert_eq!(gone, "ok\nok\n");
    // What is there already wears out no card.
    card.replace(
        "usr/bin/mount",
        "#!/bin/sh\necho \"${0##*/} $*\" >>/calls\nexec /host/usr/bin/mount \"$@\"\n",
    );
    card.succeeds(&format!("{first}; {}; {}", said("x\\n"), said("x\\n")));
    assert_eq!(card.calls("mount").iter().filter(|call| call.contains("remount,rw")).count(), 1);
    let long = card.succeeds(&format!(
        "{first}; {{ echo boot-errors; seq 1 10000; }} | /usr/lib/kelas/host 2>/dev/null; tr -d '\\r' </boot/firmware/kelas-errors.txt | wc -c"
    ));
    assert_eq!(long, "ok\n16384\n");
}

#[test]
fn without_the_first_partition_it_is_said() {
    let card = started();
    assert_eq!(answer(&card, "boot-errors\nx\n"), "error boot-not-written\n");
    assert_eq!(answer(&card, "boot-errors\n"), "ok\n", "there is none to remove");
    assert_eq!(answer(&card, "settings-applied\n"), "ok\n", "there is none to change");
}

#[test]
fn secrets_leave_the_first_partition_and_nothing_else_does() {
    let before = r#"# passphrase = "geheim-0"
[setup]
school = "SMP \"Tiga\""
wifi = { name = "Kelas", passphrase = "geheim \" 1", channel = 6 }
claim_code = "1234" # passwords follow
setup.password = 'geheim-2'   # kept
"passphrase" = "geheim-3"
my_password = "not one of ours"
password_encrypted = true
password = """
geheim-4
geheim-5""" # after
passphrase = '''geheim-6''', x = 1
psk="geheim-7"
"#;
    let after = r#"# passphrase = ""
[setup]
school = "SMP \"Tiga\""
wifi = { name = "Kelas", passphrase = "", channel = 6 }
claim_code = "1234" # passwords follow
setup.password = ""   # kept
"passphrase" = ""
my_password = "not one of ours"
password_encrypted = true
password = "" # after
passphrase = "", x = 1
psk=""
"#;
    let card = started();
    fs::write(card.path("before"), before).expect("an own root");
    let shown = card.succeeds(
        "mount -t tmpfs firmware /boot/firmware; cp /before /boot/firmware/kelas.toml; mount -o remount,ro /boot/firmware
        echo settings-applied | /usr/lib/kelas/host 2>/dev/null; cat /boot/firmware/kelas.toml; ls /boot/firmware
        ! touch /boot/firmware/x 2>/dev/null",
    );
    assert_eq!(shown, format!("ok\n{after}kelas.toml\n"));
    assert_eq!(card.succeeds("grep -r geheim /run || true"), "");
}
