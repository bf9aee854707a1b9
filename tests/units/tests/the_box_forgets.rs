//! A box that is told to forget knows nothing afterwards, wherever power is cut, and is not told
//! twice by the same file.

use units::Card;

/// A data partition in use, and a first partition.
const USED: &str = "mount -t tmpfs /dev/vda7 /data; mount -t tmpfs firmware /boot/firmware; mkdir -p /run/kelas
used() {
  rm -rf /data/* /data/.[!.]*
  mkdir -p /data/lost+found /data/kelas/files /data/system/journal /data/system/NetworkManager/system-connections /data/.hidden
  touch /data/kelas/kelas.sqlite /data/kelas/authority.key '/data/kelas/files/a b' /data/.hidden/x /data/kelasd.toml
  touch /data/system/clock /data/system/machine-id /data/system/layout /data/system/hostname /data/system/sharing
  touch /data/system/.x /data/system/NetworkManager/system-connections/kelas.nmconnection
}
used
mount -o remount,ro /boot/firmware
state() { (cd /data; find . | sort); ls /boot/firmware; ls /run/kelas/problems 2>/dev/null || true; }
ask() { mount -o remount,rw /boot/firmware; echo x >/boot/firmware/${1:-kelas-reset}; mount -o remount,ro /boot/firmware; }
";
const NOTHING: &str = ".\n./lost+found\n./system\n./system/clock\n";
const NOW: &str = "/usr/lib/kelas/forget now";

#[test]
fn everything_but_the_time_is_erased_when_it_was_marked() {
    let card = Card::new();
    let left = card.succeeds(&format!("{USED} /usr/lib/kelas/forget mark; {NOW} >&2; state"));
    assert_eq!(left, NOTHING);
}

#[test]
fn a_technicians_file_is_obeyed_and_removed() {
    for name in ["kelas-reset", "kelas-reset.txt"] {
        let card = Card::new();
        let left = card
            .succeeds(&format!("{USED} ask {name}; {NOW} >&2; state; ! touch /boot/firmware/x 2>/dev/null"));
        assert_eq!(left, NOTHING, "{name}");
    }
}

#[test]
fn without_mark_and_file_nothing_is_erased() {
    let card = Card::new();
    card.succeeds(&format!("{USED} state >/before; {NOW}; state | cmp - /before"));
}

#[test]
fn a_file_that_cannot_be_removed_is_obeyed_once() {
    let card = Card::new();
    card.replace(
        "usr/bin/mount",
        "#!/bin/sh\ncase \"$*\" in *remount,rw*) [ ! -e /locked ] ;; esac && exec /host/usr/bin/mount \"$@\"\n",
    );
    let left = card.succeeds(&format!(
        "{USED} ask; touch /locked; {NOW} >&2; echo first; state; used
        printf '%s\n' \"$(stat -c '%Y %s %n' /boot/firmware/kelas-reset)\" >/data/system/reset-obeyed
        {NOW} >&2; echo second; ls /data/kelas; rm /locked; {NOW}; ls /boot/firmware /data/system/reset-obeyed 2>/dev/null || true"
    ));
    let (first, second) = left.split_once("second\n").expect("both");
    assert!(first.contains("./system/reset-obeyed\n") && !first.contains("sqlite"), "{first}");
    assert!(first.ends_with("kelas-reset\nreset-not-removed\n"), "{first}");
    assert_eq!(second, "authority.key\nfiles\nkelas.sqlite\n/boot/firmware:\n");
}

#[test]
fn another_file_of_the_same_name_is_obeyed_again() {
    let card = Card::new();
    let left = card.succeeds(&format!(
        "{USED} echo '1 2 /boot/firmware/kelas-reset' >/data/system/reset-obeyed; ask; {NOW} >&2; state"
    ));
    assert_eq!(left, NOTHING);
}

#[test]
fn memory_in_the_place_of_the_partition_is_left_alone() {
    let card = Card::new();
    let output =
        card.run(&format!("{} ask; {NOW}", USED.replace("tmpfs /dev/vda7", "tmpfs kelas-data-fallback")));
    assert!(!output.status.success());
}

/// Cuts the power everywhere; the next start has to finish, and the start after that to keep what was
/// written since.
const CUTS: &str = r#"
ended=no
count=0
while [ $ended = no ]; do
  used
  ask
  count=$((count + 1))
  if cut_at $count /usr/lib/kelas/forget now; then ended=yes; fi
  mount -o remount,ro /boot/firmware
  /usr/lib/kelas/forget now >/dev/null
  state >/now
  cmp -s /now /expected || { echo "cut $count:"; cat /now; }
  mkdir /data/kelas
  /usr/lib/kelas/forget now >/dev/null
  [ -d /data/kelas ] || echo "cut $count: erased twice"
done
echo "$count cuts"
"#;

#[test]
fn a_box_that_was_cut_off_while_it_forgot_finishes_at_the_next_start() {
    let card = Card::new();
    std::fs::write(card.path("expected"), NOTHING).expect("an own root");
    let commands = "mv sync mount rm mkdir grep cat stat mountpoint";
    let cuts = card.cut_everywhere(commands, &format!("{USED} {CUTS}"));
    assert!(cuts > 15, "only {cuts} commands were seen");
}
