//! Clock and journal outlive a power cut, within bounds.

use std::fs::{self, File};
use std::time::{Duration, SystemTime};

use units::Card;

/// Sets the time of a file of the card.
fn date(card: &Card, path: &str, time: SystemTime) {
    fs::create_dir_all(card.path("data/system")).expect("an own root");
    let file = File::options().append(true).create(true).open(card.path(path)).expect("an own root");
    file.set_modified(time).expect("our own file");
}

const HOUR: Duration = Duration::from_hours(1);

#[test]
fn the_clock_is_set_forward_to_the_kept_time_and_never_back() {
    let now = SystemTime::now();
    for (kept, image, is_set) in [
        (now + HOUR, now - HOUR, true),
        (now - HOUR, now - 2 * HOUR, false),
        // Sixteen years after the image was built.
        (now + HOUR, now - 16 * 365 * 24 * HOUR, false),
    ] {
        let card = Card::new();
        // The program that sets the clock is replaced, but tells the time.
        card.replace("usr/bin/date", "#!/bin/busybox sh\n[ \"${1:-}\" != -s ] || { echo \"$2\" >>/set; exit; }\nexec busybox date \"$@\"\n");
        date(&card, "data/system/clock", kept);
        date(&card, "usr/lib/clock-epoch", image);
        card.succeeds("/usr/lib/kelas/clock restore");
        let seconds = kept.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_secs();
        let expected = if is_set { format!("@{seconds}\n") } else { String::new() };
        assert_eq!(card.text("set"), expected);
    }
}

#[test]
fn a_new_card_has_no_time_to_restore_and_a_save_makes_one() {
    let card = Card::new();
    fs::create_dir_all(card.path("data/system")).expect("an own root");
    assert_eq!(card.succeeds("/usr/lib/kelas/clock restore"), "no time was kept\n");
    card.succeeds("/usr/lib/kelas/clock save");
    let saved = fs::metadata(card.path("data/system/clock")).expect("saved").modified().expect("a time");
    assert!(saved.elapsed().expect("not in the future") < HOUR);
    date(&card, "data/system/clock", saved - HOUR);
    card.succeeds("/usr/lib/kelas/clock save");
    let again = fs::metadata(card.path("data/system/clock")).expect("saved").modified().expect("a time");
    assert!(again >= saved);
}

/// Prints the lines of `/journal` after the cursor, a number of lines, as journalctl does.
const JOURNALCTL: &str = r#"#!/bin/sh
for argument in "$@"; do case $argument in --cursor-file=*) cursor=${argument#*=} ;; esac; done
seen=$(cat "$cursor" 2>/dev/null || echo 0)
tail -n +$((seen + 1)) /journal
wc -l </journal >"$cursor"
"#;

const KEEP: &str = "/usr/lib/kelas/journal-keep";
const LIMIT: u64 = 4 * 1024 * 1024;

fn journal() -> Card {
    let card = Card::new();
    fs::create_dir_all(card.path("data/system/journal")).expect("an own root");
    card.replace("usr/bin/journalctl", JOURNALCTL);
    card
}

#[test]
fn each_line_is_kept_once_and_each_boot_announced() {
    let card = journal();
    card.succeeds(&format!("echo one >/journal; {KEEP}; echo two >>/journal; {KEEP}; {KEEP}"));
    card.succeeds(&format!("rm -rf /run/kelas; echo three >/journal; {KEEP}"));
    let kept = card.text("data/system/journal/current");
    let lines: Vec<&str> = kept.lines().collect();
    assert!(
        matches!(lines[..], [first, "one", "two", second, "three"]
        if first.starts_with("-- boot ") && second == first),
        "{kept}"
    );
    assert_eq!(card.text("data/system/journal/previous"), "");
}

#[test]
fn what_could_not_be_written_is_kept_the_next_time() {
    let card = journal();
    card.succeeds(&format!("echo one >/journal; {KEEP}"));
    // A file where no other can be appended to.
    let failed = card.run(&format!(
        "echo two >>/journal; mv /data/system/journal /data/system/away; touch /data/system/journal; {KEEP}"
    ));
    assert!(!failed.status.success());
    card.succeeds(&format!("rm /data/system/journal; mv /data/system/away /data/system/journal; {KEEP}"));
    assert!(card.text("data/system/journal/current").ends_with("\none\ntwo\n"));
}

#[test]
fn a_full_card_keeps_no_part_of_what_it_has_no_room_for() {
    let card = journal();
    let kept = card.succeeds(&format!(
        "mount -t tmpfs -o size=64k tmpfs /data/system/journal; cd /data/system/journal
        echo one >/journal; {KEEP}; cp current /before
        yes 'far too much' | head -n 10000 >>/journal
        ! {KEEP} 2>/dev/null; cmp current /before
        ! {KEEP} 2>/dev/null; cmp current /before
        mount -o remount,size=1m /data/system/journal
        echo two >>/journal; {KEEP}; tail -n +2 current | uniq -c"
    ));
    let lines: Vec<Vec<&str>> = kept.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(lines, [vec!["1", "one"], vec!["10000", "far", "too", "much"], vec!["1", "two"]]);
}

#[test]
fn the_kept_journal_is_bounded() {
    let card = journal();
    // 3 MB each time, and once more than fits at all.
    let some = "yes 'a line of the journal' | head -c 3000000";
    for (number, write) in [some, some, some, "yes 'far too much' | head -c 9000000"].iter().enumerate() {
        card.succeeds(&format!("{write} >>/journal; echo >>/journal; echo end {number} >>/journal; {KEEP}"));
        let [current, previous] = ["current", "previous"].map(|name| {
            fs::metadata(card.path("data/system/journal").join(name)).map_or(0, |file| file.len())
        });
        assert!(current <= LIMIT && previous <= LIMIT, "{current}, {previous}");
        assert!(card.text("data/system/journal/current").ends_with(&format!("end {number}\n")));
        assert_eq!(previous > 0, number > 0);
    }
    let left: Vec<_> = fs::read_dir(card.path("data/system/journal")).expect("there").collect();
    assert_eq!(left.len(), 2);
}
