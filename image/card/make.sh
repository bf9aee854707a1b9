#!/usr/bin/env bash
# Makes the card's image from a root file system and the files that start it. The same bytes for the
# same input; needs no root.
#   make.sh --boot DIR --root FILE --out FILE [--start DIR]
#   --boot DIR    kernel8.img, device trees, firmware: slot A's boot partition. config.txt and
#                 cmdline.txt are added unless DIR has its own.
#   --root FILE   slot A's root file system (squashfs)
#   --start DIR   what else the first partition gets (a Pi 3's bootcode.bin), beside autoboot.txt
#   --out FILE    the image, as it is written to a card of any size
# SOURCE_DATE_EPOCH (required) is the date of everything in it.
# Needs genimage, mtools, dosfstools, e2fsprogs. Used by image/bench/build.sh and Buildroot's post-image.
set -euo pipefail

usage() { sed -n '4,5p' "$0" >&2; exit 64; }
boot='' root='' out='' start=''
while [ $# -ge 2 ]; do
  case $1 in
    --boot) boot=$2 ;;
    --root) root=$2 ;;
    --out) out=$2 ;;
    --start) start=$2 ;;
    *) usage ;;
  esac
  shift 2
done
if [ $# -ne 0 ] || [ -z "$boot" ] || [ -z "$root" ] || [ -z "$out" ]; then usage; fi
: "${SOURCE_DATE_EPOCH:?must be set, in seconds since 1970}"
here=$(cd "$(dirname "$0")" && pwd)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C PATH=$PATH:/usr/sbin:/sbin
# mtools checks a disk's geometry and refuses ours, which no floppy ever had.
export MTOOLS_SKIP_CHECK=1
# mke2fs and debugfs of e2fsprogs before 1.47.1 know no SOURCE_DATE_EPOCH.
export E2FSPROGS_FAKE_TIME=$SOURCE_DATE_EPOCH

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{in,start,boot-a,boot-b,tmp,out,none}

# The size of a partition in MiB.
size_of() {
  awk -v name="$1" '$1 == "partition" { inside = $2 == name } inside && $1 == "size" { print $3 + 0 }' "$here/genimage.cfg"
}

# A FAT file system from a folder: label, serial number, partition, whose folder it is.
fat() {
  local label=$1 number=$2 name=$3 image=$work/in/$3.vfat path
  mkfs.vfat -C -F 32 --invariant -i "$number" -n "$label" "$image" $(($(size_of "$name") * 1024)) >/dev/null
  find "$work/$name" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
  (
    cd "$work/$name"
    # In a fixed order, as their places on the disk follow from it.
    find . -mindepth 1 -type d -printf '%P\n' | sort | while read -r path; do mmd -i "$image" "::$path"; done
    find . -type f -printf '%P\n' | sort | while read -r path; do mcopy -m -i "$image" "$path" "::$path"; done
  )
}

# The partition for everything that is kept. Block size, inodes and room for descriptors are those of
# the card that it will grow to (up to 512 GiB), not of the 64 MiB that are written to it at first.
data() {
  mke2fs -q -t ext4 -L kelas-data -U 4b454c41-0007-4000-8000-000000000000 -b 4096 -I 256 -i 16384 -m 1 \
    -J size=8 -e remount-ro \
    -E hash_seed=4b454c41-0007-4000-8000-000000000001,resize=134217728,root_owner=0:0,lazy_itable_init=0,lazy_journal_init=0,nodiscard \
    "$work/in/data.ext4" "$(size_of data)M" >/dev/null
}

cp "$here/autoboot.txt" "$work/start/"
if [ -n "$start" ]; then cp -R "$start/." "$work/start/"; fi
cp "$here/config.txt" "$here/cmdline.txt" "$work/boot-a/"
cp -R "$boot/." "$work/boot-a/"
fat KELAS 4b454c01 start
fat KELAS-A 4b454c02 boot-a
fat KELAS-B 4b454c03 boot-b
data
ln -s "$(realpath "$root")" "$work/in/root.squashfs"
genimage --loglevel 0 --config "$here/genimage.cfg" --rootpath "$work/none" --inputpath "$work/in" \
  --tmppath "$work/tmp" --outputpath "$work/out"
mkdir -p "$(dirname "$out")"
mv "$work/out/card.img" "$out"
