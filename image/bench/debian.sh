# shellcheck shell=bash
# Debian packages of any architecture without installing them: an apt of our own beside the
# system's, which learns mirrors and proxies from it. To be sourced. Everything that is fetched is
# kept outside of the clone, so that the next clone on this machine finds it.

KELAS_CACHE=${KELAS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kelas}
export KELAS_CACHE

# The release that the bench image and all beside it are made of.
readonly RELEASE=trixie

# Where depmod and the makers of file systems are, also for who is not root.
export PATH=$PATH:/usr/sbin:/sbin

say() { printf 'kelas: %s\n' "$*" >&2; }
stop() { printf 'kelas: %s\n' "$@" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Sets the array `apt_options` for an apt in folder $1 that knows the architectures $2... and thinks
# that nothing is installed. The first architecture is its own.
private_apt() {
  local folder=$1 architecture
  shift
  mkdir -p "$folder"/lists/partial "$folder"/archives/partial
  : >"$folder/status"
  apt_options=(
    -q -o Dir::State::lists="$folder/lists" -o Dir::State::status="$folder/status"
    -o Dir::Cache="$folder" -o Dir::Cache::archives="$folder/archives"
    -o APT::Architecture="$1" -o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3
    -o APT::Install-Recommends=false -o APT::Keep-Downloaded-Packages=true -o APT::Update::Error-Mode=any
  )
  for architecture; do apt_options+=(-o "APT::Architectures::=$architecture"); done
}

# Adds to `apt_options`, for an apt in folder $1: packages of that release alone, from this machine's
# Debian mirror or KELAS_MIRROR.
only_from() {
  local folder=$1 mirror
  mirror=${KELAS_MIRROR:-$(debian_mirror)}
  [ -n "$mirror" ] || stop 'the apt sources of this machine name no Debian mirror;' \
    'set KELAS_MIRROR to the address of one, as it would stand in sources.list.'
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
    "$mirror" "$RELEASE" "$mirror" "$RELEASE-updates" >"$folder/sources.list"
  apt_options+=(-o Dir::Etc::sourcelist="$folder/sources.list" -o Dir::Etc::sourceparts=/nonexistent)
}

# The address from which this machine installs Debian's main archive.
debian_mirror() {
  # shellcheck disable=SC2016 # apt's own variables, for apt to replace
  apt-get indextargets --format '$(SITE) $(RELEASE) $(ORIGIN) $(LABEL)' 'Created-By: Packages' 2>/dev/null |
    awk '$3 == "Debian" && $4 == "Debian" {print $1; found = 1; exit} END {exit !found}' || mirror_by_name
}

# The same where apt has no lists, as in most container images, and so knows nobody's origin: the
# first address that ends as Debian's mirrors do.
mirror_by_name() {
  apt-get -o Debug::NoLocking=1 --print-uris update 2>/dev/null |
    awk -F "'" '{sub("/dists/.*", "", $2)} !found && $2 ~ "/debian/?$" {print $2; found = 1}'
}

# Lets one clone at a time fill the part $1 of the cache, until this script ends.
lock_cache() {
  mkdir -p "$KELAS_CACHE/$1"
  exec {cache_lock}>"$KELAS_CACHE/$1/lock"
  flock "$cache_lock"
}

# Prints the cache's folder $1 and ends the script if it is there whole, which its file $2 tells.
end_if_kept() {
  [ -e "$1/$2" ] || return 0
  touch "$1"
  echo "$1"
  exit
}

# Removes what begins with $1 in the bench's cache and was not asked for in the last seven days.
forget_unused() {
  mkdir -p "$KELAS_CACHE/bench"
  find "$KELAS_CACHE/bench" -mindepth 1 -maxdepth 1 -name "$1*" -mtime +7 -exec rm -rf {} +
}
