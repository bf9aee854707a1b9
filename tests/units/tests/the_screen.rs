//! The status screen shows what the daemon writes, or its last word.

use units::Card;

const BEGIN: &str = "\x1bc\x1b[?25l\x1b[?7l";

#[test]
fn the_text_commands_no_terminal() {
    let card = Card::new();
    let shown = card.succeeds(
        r"printf 'Kelas\n\033[2J\007caf\303\251 \302\233\302\267 \342\226\210\r\t.\n' | /usr/lib/kelas/console",
    );
    assert_eq!(shown, format!("{BEGIN}Kelas\n[2Jcafé · █."));
}

#[test]
fn the_text_may_come_from_a_file() {
    let card = Card::new();
    let shown = card.succeeds("echo Kelas >/text; /usr/lib/kelas/console /text");
    assert_eq!(shown, format!("{BEGIN}Kelas"));
    assert!(!card.run("/usr/lib/kelas/console /nothing").status.success());
}

#[test]
fn a_screen_has_twenty_five_lines() {
    let card = Card::new();
    let shown = card.succeeds("seq 1 100 | /usr/lib/kelas/console");
    assert!(shown.ends_with("\n24\n25"), "{shown:?}");
}

#[test]
fn the_last_word_of_a_daemon_that_failed_is_told_once() {
    let card = Card::new();
    card.replace(
        "usr/bin/journalctl",
        "#!/bin/sh\ncase \"$*\" in *_SYSTEMD_INVOCATION_ID=17*) cat /journal ;; esac\n",
    );
    let failed = "mkdir -p /run/kelas; export MONITOR_INVOCATION_ID=17; /usr/lib/kelas/console-failed";
    let shown = card.succeeds(&format!(
        "printf 'kelas.toml: 3 problems\nmore\n' >/journal; {failed} >/dev/null; {failed}"
    ));
    assert!(shown.starts_with(BEGIN) && shown.ends_with("\n\nkelas.toml: 3 problems"), "{shown:?}");
    assert_eq!(card.text("dev/kmsg"), "<2>kelas: kelas.toml: 3 problems\n");
    card.succeeds(&format!("echo 'no space left' >/journal; {failed}"));
    assert!(card.text("dev/kmsg").contains("no space left"));
}

#[test]
fn a_long_last_word_is_wrapped_and_commands_no_terminal() {
    let card = Card::new();
    let word = "problem\u{1b}[2J ".repeat(120);
    card.replace("usr/bin/journalctl", &format!("#!/bin/sh\necho '{word}'\n"));
    let shown = card.succeeds("mkdir -p /run/kelas; /usr/lib/kelas/console-failed");
    let (_, shown) = shown.rsplit_once("\n\n").expect("the last word stands below");
    assert!(shown.lines().all(|line| line.len() <= 79), "{shown:?}");
    let plain = &"problem[2J ".repeat(120)[..900];
    assert_eq!(shown.replace('\n', ""), plain);
    assert_eq!(card.text("dev/kmsg"), format!("<2>kelas: {plain}\n"));
    // A kernel that takes nothing does not darken the screen.
    card.succeeds("rm /dev/kmsg /run/kelas/console-failed; mkdir /dev/kmsg; /usr/lib/kelas/console-failed");
}

#[test]
fn a_daemon_that_said_nothing_is_told_by_how_it_ended() {
    let card = Card::new();
    card.replace("usr/bin/journalctl", "#!/bin/sh\n");
    let shown = card.succeeds(
        "mkdir -p /run/kelas; export MONITOR_UNIT=kelasd.service MONITOR_SERVICE_RESULT=signal MONITOR_EXIT_STATUS=KILL
        /usr/lib/kelas/console-failed",
    );
    assert!(shown.ends_with("kelasd.service ended without a word: signal KILL"), "{shown:?}");
}
