#!/usr/bin/env bash
# Installs what a machine lacks to run or to test Kelas, and says what it does.
#   prepare.sh run    compiler and Node.js
#   prepare.sh test   the same, a browser and the tools that the tests drive
#   prepare.sh image  what the daemon and the bench image for the Pi are made with, and QEMU
#   prepare.sh buildroot  what Buildroot needs, and the checks of its configurations
# Used by the Makefile alone. On Debian it installs; elsewhere it says what to install.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH=$PATH:/usr/sbin:/sbin

readonly RUST_LEAST=1.95.0 # rust-version in Cargo.toml
readonly NODE_LEAST=20.19.0 # the browser tests' runner needs it
readonly NODE_PACKAGE=24 # major version of the npm package with Node.js itself

say() { printf 'kelas: %s\n' "$*" >&2; }
stop() { printf 'kelas: %s\n' "$@" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n1)" = "$2" ]; }

is_debian() { [ -r /etc/debian_version ] && has apt-get; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif has sudo; then sudo "$@"
  else stop "this needs root and there is no sudo. As root, run:" "  $*"
  fi
}

updated=no
apt_install() {
  if ! is_debian; then
    stop "this machine lacks: $*" \
      "(names of Debian's packages; install your system's equivalents and run make again)" \
      "Kelas needs Rust >= $RUST_LEAST with clippy and rustfmt, Node.js >= $NODE_LEAST with npm, and a C compiler;" \
      "its tests also need Chromium, certutil (NSS tools), ip (iproute2), nft (nftables), dnsmasq, shellcheck, openssl," \
      "strace, BusyBox, dash, sfdisk, e2fsprogs, dbus-daemon, NetworkManager (it need not run) and" \
      "systemd >= 252 (its programs; it need not run), and Python with prometheus_client."
  fi
  say "installing from Debian: $*"
  if [ "$updated" = no ]; then as_root apt-get update -qq; updated=yes; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

rust_is_new_enough() {
  has cargo && has rustc && at_least "$(rustc --version | cut -d' ' -f2)" "$RUST_LEAST"
}

prepare_rust() {
  has cc || apt_install gcc libc6-dev
  if rust_is_new_enough; then return; fi
  if is_debian; then
    # Debian 12 carries a new compiler for its browsers, beside the old one of its release.
    apt_install rustc-web cargo-web rustfmt-web rust-web-clippy
    hash -r
  fi
  rust_is_new_enough || stop "Rust >= $RUST_LEAST is needed and this system's packages have an older one." \
    "Install it with rustup (component clippy and rustfmt too) and run make again."
}

prepare_rust_tools() {
  if cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1; then return; fi
  if has rustup; then
    say "adding clippy and rustfmt to the toolchain"
    rustup component add clippy rustfmt
  else
    apt_install rustfmt-web rust-web-clippy
  fi
}

node_is_new_enough() { has node && at_least "$(node --version | tr -d v)" "$NODE_LEAST"; }

prepare_node() {
  export PATH="$PWD/.tools/bin:$PATH"
  has npm || apt_install nodejs npm
  if node_is_new_enough; then return; fi
  local machine
  case "$(uname -m)" in
    x86_64) machine=x64 ;;
    aarch64) machine=arm64 ;;
    *) stop "Node.js >= $NODE_LEAST is needed; please install it and run make again." ;;
  esac
  say "installing Node.js $NODE_PACKAGE from the npm registry into .tools (the system's is older)"
  npm install --silent --no-save --no-package-lock --prefix .tools "node-linux-$machine@$NODE_PACKAGE"
  mkdir -p .tools/bin
  ln -sf "../node_modules/node-linux-$machine/bin/node" .tools/bin/node
  hash -r
  node_is_new_enough || stop "Node.js from the npm registry does not run here."
}

reads_metrics() { /usr/bin/python3 -c 'import prometheus_client.openmetrics' 2>/dev/null; }

prepare_tests() {
  local missing=()
  has chromium || missing+=(chromium)
  has certutil || missing+=(libnss3-tools)
  has ip || missing+=(iproute2)
  has nft || missing+=(nftables)
  has openssl || missing+=(openssl)
  has shellcheck || missing+=(shellcheck)
  has ps || missing+=(procps)
  has strace || missing+=(strace)
  has systemd-analyze || missing+=(systemd)
  # Reads /metrics as Prometheus itself does.
  reads_metrics || missing+=(python3-prometheus-client)
  # What the programs of the card's system are tried with.
  has busybox || missing+=(busybox)
  has dash || missing+=(dash)
  PATH=$PATH:/usr/sbin has sfdisk || missing+=(fdisk)
  PATH=$PATH:/usr/sbin has debugfs || missing+=(e2fsprogs)
  # The network is tried with a real NetworkManager in namespaces of its own.
  has NetworkManager || missing+=(network-manager)
  has dnsmasq || missing+=(dnsmasq-base)
  { has dbus-daemon && has dbus-send; } || missing+=(dbus-daemon dbus-bin)
  # Without a colour font, screenshots show boxes where people write emoji.
  if ! { has fc-list && fc-list | grep -qi 'emoji'; }; then missing+=(fontconfig fonts-noto-color-emoji fonts-dejavu-core); fi
  if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
}

prepare_image() {
  local missing=()
  if [ "$(uname -m)" != aarch64 ] && ! has aarch64-linux-gnu-gcc; then
    missing+=(gcc-aarch64-linux-gnu libc6-dev-arm64-cross)
  fi
  has readelf || missing+=(binutils)
  has depmod || missing+=(kmod)
  has fdtput || missing+=(device-tree-compiler)
  has cpio || missing+=(cpio)
  has xz || missing+=(xz-utils)
  has zstd || missing+=(zstd)
  has mksquashfs || missing+=(squashfs-tools)
  has genimage || missing+=(genimage)
  has mcopy || missing+=(mtools)
  has mkfs.vfat || missing+=(dosfstools)
  has mke2fs || missing+=(e2fsprogs)
  has systemd-sysusers || missing+=(systemd)
  has qemu-system-aarch64 || missing+=(qemu-system-arm)
  has qemu-img || missing+=(qemu-utils)
  has qrencode || missing+=(qrencode)
  has curl || missing+=(curl)
  has ss || missing+=(iproute2)
  has flock || missing+=(util-linux)
  has ssh-keygen || missing+=(openssh-client)
  [ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || missing+=(debian-archive-keyring)
  if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
}

# What Buildroot's manual demands of a machine, and what `make image-check` runs.
prepare_buildroot() {
  local missing=() pair
  for pair in gcc:gcc g++:g++ make:make patch:patch perl:perl python3:python3 rsync:rsync file:file bc:bc \
    cpio:cpio unzip:unzip bzip2:bzip2 xz:xz-utils wget:wget git:git genimage:genimage mcopy:mtools \
    mkfs.vfat:dosfstools mke2fs:e2fsprogs flake8:flake8; do
    has "${pair%%:*}" || missing+=("${pair#*:}")
  done
  python3 -c 'import magic' 2>/dev/null || /usr/bin/python3 -c 'import magic' 2>/dev/null || missing+=(python3-magic)
  if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
}

case "${1:-}" in
  run) prepare_rust; prepare_node ;;
  test) prepare_rust; prepare_rust_tools; prepare_node; prepare_tests ;;
  image) prepare_rust; prepare_node; prepare_image ;;
  buildroot) prepare_rust; prepare_node; prepare_buildroot ;;
  *) stop "usage: prepare.sh run|test|image|buildroot" ;;
esac
