#!/usr/bin/env bash
# Buildroot calls this when all packages and buildroot-overlay/ are in the root file system: adds the
# units, and what neither git nor a package can say. The argument is the root file system.
set -euo pipefail
root=$1
repository=$(cd "$(dirname "$0")/../.." && pwd)

"$repository/systemd/install.sh" "$root"

# PID 1 never lets the clock be earlier than this file's date (systemd(1), "clock-epoch").
touch --date="@${SOURCE_DATE_EPOCH:?}" "$root/usr/lib/clock-epoch"

# NetworkManager writes it while it runs.
ln -sfn /run/NetworkManager/resolv.conf "$root/etc/resolv.conf"

# What a person reads on a running box, and an update compares.
sed -i '/^IMAGE_/d' "$root/usr/lib/os-release"
printf 'IMAGE_ID=kelas\nIMAGE_VERSION=%s\n' "$("$repository/image/version.sh")" >>"$root/usr/lib/os-release"

# Start scripts for another init, which a package installs for all.
rm -rf "$root/etc/init.d"

# The units' programs were tried with these; a name that is missing would be found at a school.
missing=$(grep -v '^#' "$repository/image/bench/busybox-links" | while read -r name; do
  [ -e "$root/usr/bin/$name" ] || [ -L "$root/usr/bin/$name" ] || echo "$name"
done)
if [ -n "$missing" ]; then
  printf 'post-build.sh: the system lacks programs of image/bench/busybox-links:\n%s\n' "$missing" >&2
  exit 1
fi
