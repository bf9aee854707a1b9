#!/usr/bin/env bash
# Makes the disk with what the stations of the boot tests are made of, and prints where it is: tools
# that no card needs (dig, curl, a netcat that speaks UDP), unpacked from Debian's arm64 packages, and the scripts of air/.
# Only the tests attach it. Packages are kept in the cache.
#   tools.sh OUT     a folder; gets tools.squashfs
set -euo pipefail
[ $# -eq 1 ] || { echo 'usage: tools.sh OUT' >&2; exit 64; }
out=$(realpath -m "$1")
cd "$(dirname "$0")/../../image/bench"
# shellcheck source=image/bench/debian.sh
. ./debian.sh
export LC_ALL=C

readonly TOOLS=(bind9-dnsutils curl netcat-openbsd)
scripts=$(realpath ../../tests/boot/air)
key=$({ cat "$(./packages.sh)/versions" "$scripts"/*; cat ../../tests/boot/tools.sh; } | sha256sum | cut -c1-16)
final=$KELAS_CACHE/bench/tools-$key
mkdir -p "$out"
lock_cache bench
if [ ! -f "$final/tools.squashfs" ]; then
  say 'laying out the tools of the stations (about 10 MB of packages)'
  forget_unused tools-
  work=$(mktemp -d "$KELAS_CACHE/bench/new.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  apt=$KELAS_CACHE/bench/apt
  private_apt "$apt" arm64
  only_from "$apt"
  # The lists are those of the image's packages, if they are there.
  compgen -G "$apt/lists/*_Packages*" >/dev/null || apt-get "${apt_options[@]}" update >&2
  plan=$(apt-get "${apt_options[@]}" install --simulate "${TOOLS[@]}")
  # What the image has as well is taken from the image.
  mapfile -t all < <(awk '$1 == "Inst" {print $2}' <<<"$plan" |
    grep -vxF "$(find "$(./packages.sh)/system" -name '*.deb' -printf '%f\n' | cut -d_ -f1)")
  mkdir -p "$work/packages" "$work/root"
  (cd "$work/packages" && apt-get "${apt_options[@]}" -qq download "${all[@]}" >&2)
  for package in "$work"/packages/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --no-same-owner -C "$work/root" --exclude='./usr/share' --exclude='./etc'
  done
  install -m 755 "$scripts"/* "$work/root/"
  mkdir "$work/tools"
  mksquashfs "$work/root" "$work/tools/tools.squashfs" -noappend -quiet -no-progress -all-root -comp zstd
  mv -T "$work/tools" "$final"
fi
touch "$final"
cp "$final/tools.squashfs" "$out/tools.squashfs"
