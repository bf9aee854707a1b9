#!/usr/bin/env bash
# Debian's newest Rust compiler with its standard library for arm64, unpacked beside the system and
# not installed. Prints the path of a `rustc` to build with; nothing else goes to standard output.
# rustc takes only libraries of its very own build (E0514), so all packages are of one version, and
# none of them can be mixed with a compiler that came another way.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=image/bench/debian.sh
. ./debian.sh

if ! has dpkg-deb || ! has apt-get; then
  stop 'unpacking a cross compiler needs apt and dpkg; elsewhere' \
    'install the Rust target aarch64-unknown-linux-gnu, or the program cross.'
fi
machine=$(dpkg --print-architecture)
apt=$KELAS_CACHE/rust/apt
private_apt "$apt" "$machine" arm64

lock_cache rust
# A compiler at hand is good enough; asking for a newer one would make the build need the network.
newest=$(find "$KELAS_CACHE/rust" -maxdepth 2 -path "*/web-*/rustc" | sort -V | tail -n1)
if [ -n "$newest" ]; then
  echo "$newest"
  exit
fi

say "fetching Debian's Rust compiler and its arm64 library (about 130 MB, once)"
apt-get "${apt_options[@]}" update >&2
# Two versions may lie in the archive; without a number, apt would take each package's newest.
version=$(apt-cache "${apt_options[@]}" policy rustc-web | awk '/Candidate:/ {print $2}')
case ${version:-(none)} in
  '(none)') stop 'this system'\''s packages have no rustc-web;' \
    'install the Rust target aarch64-unknown-linux-gnu, or the program cross.' ;;
esac
minor=$(cut -d. -f1,2 <<<"$version")
work=$(mktemp -d "$KELAS_CACHE/rust/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
fetch() { (cd "$work" && apt-get "${apt_options[@]}" download "$@" >&2); }
fetch "rustc-web:$machine=$version" "libstd-rust-web-$minor:$machine=$version" \
  "libstd-rust-web-dev:$machine=$version" "libstd-rust-web-dev:arm64=$version"
# The system has another LLVM or none; this compiler needs its own.
llvm=$(dpkg-deb -f "$work/libstd-rust-web-${minor}_"*.deb Depends | grep -oE 'libllvm[a-z0-9.-]*' | sort -u)
for package in $llvm; do fetch "$package:$machine"; done
for package in "$work"/*.deb; do
  dpkg-deb -x "$package" "$work/root"
  rm "$package"
done
cat >"$work/rustc" <<'WRAPPER'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
libraries=$(find "$here/root/usr/lib" -maxdepth 1 -name '*-linux-gnu' | tr '\n' ':')
export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:-}"
exec "$here/root/usr/bin/rustc" "$@"
WRAPPER
chmod +x "$work/rustc"
"$work/rustc" --version >&2
final=$KELAS_CACHE/rust/web-$version
rm -rf "$final"
mv -T "$work" "$final"
echo "$final/rustc"
