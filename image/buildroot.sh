# shellcheck shell=bash
# To be sourced: where Buildroot is, and what all that use it agree on.
# Sets and exports BUILDROOT_DIR (a copy at hand, else the pinned release, fetched and checked),
# BR2_DL_DIR, BR_CACHE_DIR (ccache) and SOURCE_DATE_EPOCH. `buildroot` runs its make.

: "${repository:?the folder of the repository, set by whoever sources this}"
say() { printf 'kelas: %s\n' "$*" >&2; }
stop() { printf 'kelas: %s\n' "$@" >&2; exit 1; }

# shellcheck source=image/buildroot-release.sh
. "$repository/image/buildroot-release.sh"
cache=${KELAS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kelas}
mkdir -p "$cache"

fetch_buildroot() {
  local name=buildroot-$BUILDROOT_VERSION archive=$cache/buildroot-$BUILDROOT_VERSION.tar.xz
  BUILDROOT_DIR=$cache/$name
  if [ -f "$BUILDROOT_DIR/Makefile" ]; then return; fi
  say "fetching Buildroot $BUILDROOT_VERSION (6 MB)"
  wget --quiet --show-progress --output-document="$archive.part" "https://buildroot.org/downloads/$name.tar.xz" ||
    stop "Buildroot cannot be fetched. With a copy at hand: BUILDROOT_DIR=/path/to/$name"
  printf '%s  %s\n' "$BUILDROOT_SHA256" "$archive.part" | sha256sum --check --status ||
    stop "$archive.part is not the release that image/buildroot-release.sh names: its SHA-256 differs." "Nothing was built from it."
  mv "$archive.part" "$archive"
  mkdir -p "$BUILDROOT_DIR.part"
  tar -xf "$archive" -C "$BUILDROOT_DIR.part" --strip-components=1
  mv "$BUILDROOT_DIR.part" "$BUILDROOT_DIR"
}

if [ -n "${BUILDROOT_DIR:-}" ]; then
  [ -f "$BUILDROOT_DIR/package/Makefile.in" ] || stop "BUILDROOT_DIR=$BUILDROOT_DIR is not a Buildroot tree"
  BUILDROOT_DIR=$(realpath "$BUILDROOT_DIR")
  found=$(sed -n 's/^export BR2_VERSION := //p' "$BUILDROOT_DIR/Makefile")
  if [ "$found" != "$BUILDROOT_VERSION" ]; then
    say "note: $BUILDROOT_DIR is Buildroot $found; images are made with $BUILDROOT_VERSION"
  fi
else
  fetch_buildroot
fi
BR2_DL_DIR=${BR2_DL_DIR:-$cache/dl}
BR_CACHE_DIR=${BR2_CCACHE_DIR:-$cache/ccache}
# The commit's date is the image's.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$repository" log -1 --format=%ct)}
export BUILDROOT_DIR BR2_DL_DIR BR_CACHE_DIR SOURCE_DATE_EPOCH

# buildroot OUTPUT_FOLDER MAKE_ARGUMENT...
buildroot() {
  local output=$1
  shift
  make --no-print-directory -C "$BUILDROOT_DIR" O="$output" BR2_EXTERNAL="$repository/image" "$@"
}
