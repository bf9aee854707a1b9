#!/usr/bin/env bash
# Prints the version that image files and /usr/lib/os-release carry: the workspace's, and beyond a
# release's tag the commit, so that no two different images have one name.
set -euo pipefail
cd "$(dirname "$0")/.."
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
described=$(git describe --tags --exact-match --match "v$version" --dirty 2>/dev/null || true)
if [ "$described" = "v$version" ]; then
  echo "$version"
else
  echo "$version-$(git describe --always --exclude '*' --abbrev=9 --dirty)"
fi
