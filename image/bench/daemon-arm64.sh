#!/usr/bin/env bash
# Builds kelasd for the Pi's processors (aarch64, glibc) with whatever this machine has, in this
# order: an installed Rust target; `cross` with a container engine; Debian's compiler, fetched.
#   daemon-arm64.sh OUT     leaves the program there. KELAS_ARM64=target|cross|debian insists on one way.
# The web files must be built. Compiled dependencies are kept in the cache, apart for each way.
set -euo pipefail
[ $# -eq 1 ] || { echo 'usage: daemon-arm64.sh OUT' >&2; exit 64; }
out=$(realpath -m "$1")
cd "$(dirname "$0")/../.."
# shellcheck source=image/bench/debian.sh
. image/bench/debian.sh

readonly TARGET=aarch64-unknown-linux-gnu
# Debian 12's C library. What the card's system has is newer (bench: 2.41, Buildroot: 2.42), and this
# says early when a compiler links against something that a school's card lacks.
readonly GLIBC_MOST=2.36

target_is_installed() {
  has rustc && [ -n "$(find "$(rustc --print sysroot)/lib/rustlib/$TARGET/lib" -name 'libstd-*' 2>/dev/null)" ]
}
cross_works() { has cross && { docker info || podman info; } >/dev/null 2>&1; }

way=${KELAS_ARM64:-}
if [ -z "$way" ]; then
  if target_is_installed; then way=target
  elif cross_works; then way=cross
  else way=debian; fi
fi
export CARGO_TARGET_DIR=$KELAS_CACHE/arm64/$way
# When its sources last changed, so that a commit elsewhere does not compile it anew. By its own
# name, as daemon/build.rs explains.
KELASD_BUILT_SECONDS=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct -- Cargo.toml Cargo.lock daemon web)}
export KELASD_BUILT_SECONDS
unset SOURCE_DATE_EPOCH
build=(build --locked --release --package kelasd --target "$TARGET")

# Another machine's folders in panic messages would make each machine's program differ.
forget_folders() {
  local home=${CARGO_HOME:-$HOME/.cargo}
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS="--remap-path-prefix=$home=/cargo --remap-path-prefix=$CARGO_TARGET_DIR=/target"
  export CFLAGS_aarch64_unknown_linux_gnu="-ffile-prefix-map=$home=/cargo -ffile-prefix-map=$CARGO_TARGET_DIR=/target"
}

use_cross_gcc() {
  [ "$(uname -m)" != aarch64 ] || return 0
  has aarch64-linux-gnu-gcc || stop 'the cross C compiler aarch64-linux-gnu-gcc is missing; .ci/prepare.sh image installs it.'
  export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER=aarch64-linux-gnu-gcc
  export CC_aarch64_unknown_linux_gnu=aarch64-linux-gnu-gcc AR_aarch64_unknown_linux_gnu=aarch64-linux-gnu-ar
}

say "compiling kelasd for arm64 (way: $way)"
case $way in
  target)
    target_is_installed || stop "this Rust has no $TARGET; \`rustup target add $TARGET\` brings it."
    use_cross_gcc
    forget_folders
    cargo "${build[@]}"
    ;;
  cross)
    cross_works || stop 'this needs the program cross, and Docker or Podman answering.'
    CROSS_CONFIG=cross.toml cross "${build[@]}"
    ;;
  debian)
    RUSTC=$(image/bench/rust-arm64.sh)
    export RUSTC
    use_cross_gcc
    forget_folders
    cargo "${build[@]}"
    ;;
  *) stop "KELAS_ARM64=$way: must be target, cross or debian" ;;
esac

program=$CARGO_TARGET_DIR/$TARGET/release/kelasd
LC_ALL=C readelf --file-header "$program" | grep -q 'Machine:.*AArch64' || stop "$program is not for aarch64"
needs=$(LC_ALL=C readelf --version-info --wide "$program" | grep -oE 'GLIBC_[0-9.]+' | cut -d_ -f2 | sort -Vu | tail -n1)
if [ "$(printf '%s\n' "$needs" "$GLIBC_MOST" | sort -V | tail -n1)" != "$GLIBC_MOST" ]; then
  stop "kelasd needs the C library glibc $needs, and a card is promised no more than $GLIBC_MOST;" \
    "build it with an older one: KELAS_ARM64=debian or KELAS_ARM64=cross."
fi
install -C -D -m 755 "$program" "$out"
say "$(stat -c %s "$out") bytes, needs glibc $needs: $out"
