#!/usr/bin/env bash
# Fetches Debian's packages for the bench image and prints the folder in which they lie: everything
# named in `packages` with what it needs, the kernel in kernel/, and a static busybox in initramfs/.
# What is there is used as it is, so that the same clone gives the same image. KELAS_REFRESH=1 asks
# the mirror for newer versions.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=image/bench/debian.sh
. ./debian.sh

key=$({ echo "$RELEASE"; cat packages packages.sh; } | sha256sum | cut -c1-16)
final=$KELAS_CACHE/bench/packages-$key
[ -n "${KELAS_REFRESH:-}" ] || end_if_kept "$final" versions
lock_cache bench
[ -n "${KELAS_REFRESH:-}" ] || end_if_kept "$final" versions # another clone may have been quicker
forget_unused packages-
forget_unused new.

say "fetching Debian's arm64 packages for the bench (about 140 MB, once)"
apt=$KELAS_CACHE/bench/apt
private_apt "$apt" arm64
only_from "$apt"
apt-get "${apt_options[@]}" update >&2

# Into folder $1: packages $2... and nothing else.
download() {
  mkdir -p "$work/$1"
  (cd "$work/$1" && apt-get "${apt_options[@]}" -qq download "${@:2}" >&2)
}
work=$(mktemp -d "$KELAS_CACHE/bench/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
mapfile -t wanted < <(grep -E '^[a-z]' packages)
mapfile -t unwanted < <(sed -n 's/^-//p' packages)
plan=$(apt-get "${apt_options[@]}" install --simulate "${wanted[@]}")
mapfile -t all < <(awk '$1 == "Inst" {print $2}' <<<"$plan" | grep -vxF "$(printf '%s\n' "${unwanted[@]}")")
download system "${all[@]}"
kernel=$(apt-cache "${apt_options[@]}" depends linux-image-arm64 | awk '/Depends: linux-image-/ {print $2; exit}')
download kernel "$kernel"
download initramfs busybox-static

(cd "$work" && find . -name '*.deb' -printf '%P\n' | LC_ALL=C sort | xargs sha256sum) >"$work/versions"
rm -rf "$final"
mv -T "$work" "$final"
echo "$final"
