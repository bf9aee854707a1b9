#!/usr/bin/env bash
# Builds the card image of a board from sources with Buildroot: `make image BOARD=rpi4`.
#   build.sh BOARD
# BUILDROOT_DIR, BR2_DL_DIR, BR2_CCACHE_DIR and KELAS_CACHE are respected (docs/building.md).
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
cd "$repository"

boards() { find image/configs -name 'kelas_rpi*_64_defconfig' -printf '%f\n' | sed 's/^kelas_//; s/_64_defconfig$//' | sort; }
board=${1:-}
if [ ! -f "image/configs/kelas_${board}_64_defconfig" ]; then
  printf 'kelas: which board? make image BOARD=%s\n' "$(boards | paste -sd '|')" >&2
  exit 64
fi
# shellcheck source=image/buildroot.sh
. image/buildroot.sh

output=$repository/image/out/build/$board
log=$output/build.log
mkdir -p "$output" "$BR2_DL_DIR"

# What Buildroot cannot do for a package whose sources lie here: bring the crates, for its offline cargo.
say 'fetching the crates'
CARGO_HOME=$BR2_DL_DIR/br-cargo-home cargo fetch --locked --quiet --target aarch64-unknown-linux-gnu

buildroot "$output" "kelas_${board}_64_defconfig" >"$log" 2>&1 || stop "Buildroot does not take the configuration: see $log"
buildroot "$output" show-info >"$output/show-info.json" 2>>"$log" || stop "Buildroot does not parse: see $log"
# Every package goes through ten steps or so; a line for each of them tells that it goes on.
packages=$(grep -o '"type": "\(target\|host\)"' "$output/show-info.json" | wc -l)
say "building $packages packages for $board in $output (log: ${log#"$repository/"})"
say 'the first time takes an hour or more; after a failure or Ctrl-C the same command goes on'

progress() {
  awk -v packages="$packages" '
    { print >> log_file; fflush(log_file) }
    />>> / {
      gsub(/\033\[[0-9;]*m/, "")
      if (!($2 in seen)) { seen[$2] = 1; count++ }
      printf "kelas: %3d/%d %s\n", count, packages, substr($0, index($0, ">>> ") + 4)
      fflush()
    }' log_file="$log" -
}
# Buildroot does not look for changes in a package that it has built; these are ours to make.
buildroot "$output" kelasd-dirclean >>"$log" 2>&1 || stop "the daemon's last build cannot be removed: see $log"
buildroot "$output" 2>&1 | progress ||
  stop "the build of $board failed. The last lines of $log:" "$(tail -n 15 "$log")"

say 'collecting licences and the list of parts'
buildroot "$output" legal-info >>"$log" 2>&1 || stop "the licences cannot be collected: see $log"
"$BUILDROOT_DIR/utils/generate-cyclonedx" --in-file "$output/show-info.json" --out-file "$output/sbom.json" \
  --project-name kelas --project-version "$(image/version.sh)" >>"$log" 2>&1 ||
  stop "the list of parts cannot be made: see $log"

image/publish.sh "$board" "$output" image/out
