#!/usr/bin/env bash
# Makes the bench image: the product's overlay, units, daemon and card layout on Debian's packages.
#   build.sh DAEMON OUT
#   DAEMON   kelasd for arm64 (daemon-arm64.sh makes it)
#   OUT      a folder; gets card.img, and what QEMU needs beside it, as it has no Pi's firmware:
#            vmlinuz, initrd, cmdline, raspi3b.dtb. `versions` lists Debian's packages.
# The same commit gives the same bytes. Only this last layer is made anew when something of ours
# changes; base.sh keeps the rest. Needs no root.
set -euo pipefail
[ $# -eq 2 ] || { echo 'usage: build.sh DAEMON OUT' >&2; exit 64; }
daemon=$(realpath "$1") out=$(realpath -m "$2")
cd "$(dirname "$0")/../.."
# shellcheck source=image/bench/debian.sh
. image/bench/debian.sh

# The commit's date is the image's: of its files, and the earliest that its clock shows.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}
export SOURCE_DATE_EPOCH LC_ALL=C
umask 022

base=$(image/bench/base.sh)
inputs() {
  echo "$base $SOURCE_DATE_EPOCH"
  tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -c buildroot-overlay systemd image/card image/bench/build.sh | sha256sum
  sha256sum <"$daemon"
}
key=$(inputs | sha256sum | cut -c1-16)
if [ "$(cat "$out/key" 2>/dev/null)" = "$key" ]; then
  say "the bench image is up to date: $out/card.img"
  exit
fi

say 'making the bench image'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
cp -a "$base/root" "$root"

# As Buildroot does it: overlay, units, users, presets.
# Modes of files in a clone follow its owner's umask; git knows only who may execute.
tar -C buildroot-overlay -c --mode=u=rwX,go=rX . | tar -C "$root" -x -p --no-same-owner --keep-directory-symlink
systemd/install.sh "$root"
install -D -m 755 "$daemon" "$root/usr/bin/kelasd"
# systemd before 257 does not know the mark for a locked account and would leave the user out.
sed -i 's/^u!/u/' "$root"/usr/lib/sysusers.d/*.conf
systemd-sysusers --root="$root" 2>"$work/sysusers.log" || stop "$(cat "$work/sysusers.log")"
systemctl --root="$root" --quiet preset-all 2>"$work/presets.log" || stop "$(cat "$work/presets.log")"
rm -f "$root"/etc/{passwd,group,shadow,gshadow}- "$root/etc/.pwd.lock"
# Files that nobody may read could not be packed without root.
chmod 400 "$root/etc/shadow" "$root/etc/gshadow"

# Everything is root's: what the users own lies on /data or is made at boot.
env -u SOURCE_DATE_EPOCH mksquashfs "$root" "$work/root.squashfs" -noappend -quiet -no-progress -all-root \
  -no-xattrs -comp zstd -Xcompression-level 12 -mkfs-time "$SOURCE_DATE_EPOCH" -all-time "$SOURCE_DATE_EPOCH" >/dev/null

mkdir -p "$work/boot" "$out"
cp "$base/vmlinuz" "$work/boot/kernel8.img"
cp "$base/initrd" "$work/boot/initramfs8"
cp "$base/raspi3b.dtb" "$work/boot/bcm2710-rpi-3-b.dtb"
rm -f "$out/key"
image/card/make.sh --boot "$work/boot" --root "$work/root.squashfs" --out "$out/card.img"
cp "$base/vmlinuz" "$base/initrd" "$base/raspi3b.dtb" "$out/"
cp image/card/cmdline.txt "$out/cmdline"
cp "$(image/bench/packages.sh)/versions" "$out/versions"
echo "$key" >"$out/key"
say "root file system $(($(stat -c %s "$work/root.squashfs") >> 20)) MiB, card $(($(stat -c %s "$out/card.img") >> 20)) MiB: $out/card.img"
