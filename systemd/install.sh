#!/usr/bin/env bash
# Copies the units and what belongs to them into the root file system at $1, each to where systemd
# looks for it. The one place that knows where: the image and the tests use it.
set -euo pipefail
if [ $# -ne 1 ] || [ ! -d "$1" ]; then
  echo 'usage: install.sh ROOT' >&2
  exit 64
fi
root=$(cd "$1" && pwd)
cd "$(dirname "$0")"
put() { install -D --mode=644 --target-directory="$root/usr/lib/$1" "${@:2}"; }
put systemd/system ./*.service ./*.socket
put systemd/system-preset system-preset/*.preset
put sysusers.d sysusers.d/*.conf
put tmpfiles.d tmpfiles.d/*.conf
