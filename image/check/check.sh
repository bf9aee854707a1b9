#!/usr/bin/env bash
# `make image-check BUILDROOT_DIR=…`: all that can be known of the images without building them and
# without downloading anything. Needs a Buildroot tree, genimage, mtools, dosfstools, e2fsprogs and,
# for check-package, python3-magic and flake8.
set -euo pipefail
repository=$(cd "$(dirname "$0")/../.." && pwd)
cd "$repository"
# shellcheck source=image/buildroot.sh
. image/buildroot.sh
export PATH=$PATH:/usr/sbin:/sbin

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
# check NAME COMMAND...
check() {
  local name=$1
  shift
  if "$@" >"$work/said" 2>&1; then
    printf 'ok      %s\n' "$name"
  else
    printf 'FAILED  %s\n' "$name"
    sed 's/^/        /' "$work/said"
    failures=$((failures + 1))
  fi
}

# What no image has: other languages' runtimes, other ways to sign in, other resolvers.
readonly UNWANTED='python3|perl|nodejs|polkit|openssh|dropbear|avahi|duktape|libcurl|gnutls'

loads() { buildroot "$work/$board" "kelas_${board}_64_defconfig"; }
survives() { "$BUILDROOT_DIR/support/scripts/check-dotconfig.py" "$work/$board/.config" "$defconfig"; }
no_legacy() { ! grep '^BR2_LEGACY=y' "$work/$board/.config"; }
# Where it was read from, and the external tree's version: the commit, which may change meanwhile.
readonly PASSING='^(BR2_DEFCONFIG|BR2_EXTERNAL_KELAS_VERSION)='
round_trip() {
  cp "$work/$board/.config" "$work/$board/before"
  buildroot "$work/$board" savedefconfig BR2_DEFCONFIG="$work/$board/saved" &&
    buildroot "$work/$board" defconfig BR2_DEFCONFIG="$work/$board/saved" &&
    diff <(grep -vE "$PASSING" "$work/$board/before") <(grep -vE "$PASSING" "$work/$board/.config")
}
parses() { buildroot "$work/$board" --silent show-info >"$work/$board/show-info.json" && python3 -m json.tool "$work/$board/show-info.json" >/dev/null; }
nothing_unwanted() {
  ! python3 -c 'import json, sys; print(*(name for name, p in json.load(open(sys.argv[1])).items() if p.get("type") == "target"), sep="\n")' \
    "$work/$board/show-info.json" | grep -xE "$UNWANTED"
}

for defconfig in image/configs/kelas_*_64_defconfig; do
  board=${defconfig##*/kelas_}
  board=${board%_64_defconfig}
  mkdir -p "$work/$board"
  check "$board: the configuration loads" loads
  check "$board: every line of it survives" survives
  check "$board: nothing in it is a legacy option" no_legacy
  check "$board: it comes back from savedefconfig" round_trip
  check "$board: every package's description parses" parses
  check "$board: nothing unwanted is on the image" nothing_unwanted
done

sources() { git ls-files image | grep -E '(Config\.in|\.mk|\.hash|_defconfig|external\.desc)$' | sed "s,^,$repository/,"; }
# From inside of an external tree it takes Buildroot's own rules for names. A Python in front of the
# system's may lack the module that it needs.
check_package() {
  local python=python3
  "$python" -c 'import magic' 2>/dev/null || python=/usr/bin/python3
  sources | xargs "$python" "$BUILDROOT_DIR/utils/check-package" --br2-external
}
check 'check-package finds nothing' check_package
check 'what needs no Buildroot' image/check/sources.sh

# The scripts that Buildroot calls, on files that stand for those of a build.
stand_ins() {
  mkdir -p "$work/images/rpi-firmware/overlays" "$work/root"/{etc,usr/lib,usr/bin}
  local name
  for name in Image bcm2710-rpi-3-b.dtb rpi-firmware/{bootcode.bin,start.elf,fixup.dat} \
    rpi-firmware/overlays/{disable-bt.dtbo,overlay_map.dtb,README,other.dtbo} rootfs.squashfs; do
    echo "$name" >"$work/images/$name"
  done
  grep -v '^#' image/bench/busybox-links | while read -r name; do touch "$work/root/usr/bin/$name"; done
  echo 'NAME=Buildroot' >"$work/root/usr/lib/os-release"
}
post_build() {
  image/board/post-build.sh "$work/root" && grep -x 'IMAGE_ID=kelas' "$work/root/usr/lib/os-release" &&
    [ "$(stat --format=%Y "$work/root/usr/lib/clock-epoch")" = "$SOURCE_DATE_EPOCH" ] &&
    [ -f "$work/root/usr/lib/systemd/system/kelasd.service" ] && [ -d "$work/root/data" ]
}
post_image() { image/board/post-image.sh "$work/images" && [ -s "$work/images/card.img" ]; }
# in_partition OFFSET_MIB FILE: the file is in the FAT there and is the stand-in of its name
in_partition() { MTOOLS_SKIP_CHECK=1 mtype -i "$work/images/card.img@@$1M" "::$2" | grep -x "$3"; }
card_has_all() {
  in_partition 1 bootcode.bin rpi-firmware/bootcode.bin && in_partition 1 autoboot.txt boot_partition=2 && in_partition 41 kernel8.img Image &&
    in_partition 41 start.elf rpi-firmware/start.elf && in_partition 41 bcm2710-rpi-3-b.dtb bcm2710-rpi-3-b.dtb &&
    in_partition 41 overlays/disable-bt.dtbo rpi-firmware/overlays/disable-bt.dtbo &&
    ! in_partition 41 overlays/other.dtbo . && in_partition 41 config.txt 'arm_64bit=1'
}
stand_ins
check 'post-build.sh completes a root file system' post_build
check 'post-image.sh makes a card' post_image
check 'the card has everything in its place' card_has_all

if [ "$failures" -gt 0 ]; then stop "$failures checks failed"; fi
say 'all checks passed'
