#!/usr/bin/env bash
# Copies the units and what belongs to them into the root file system at $1, each to where systemd
# looks for it; and gives the files of buildroot-overlay, copied there before, what git does not
# keep: modes and empty folders. The one place that knows: the images and the tests use it.
set -euo pipefail
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  echo 'usage: install.sh ROOT' >&2
  exit 64
fi
root=$(cd "$1" && pwd)
cd "$(dirname "$0")"
put() { install -D --mode=644 --target-directory="$root/$1" "${@:2}"; }
put usr/lib/systemd/system ./*.service ./*.socket ./*.mount ./*.path ./*.timer
put usr/lib/systemd/system-preset system-preset/*.preset
put usr/lib/sysusers.d sysusers.d/*.conf
put usr/lib/tmpfiles.d tmpfiles.d/*.conf
# Not in usr/share: what lies here is read later and so has the last word.
put etc/dbus-1/system.d dbus-1/*.conf

# Where the units mount.
install -d "$root"/{data,boot/firmware,var,tmp}
# NetworkManager ignores connections that others may read.
profiles=$root/usr/lib/NetworkManager/system-connections
if [ -d "$profiles" ]; then chmod 600 "$profiles"/*.nmconnection; fi
