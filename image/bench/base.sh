#!/usr/bin/env bash
# Lays out what changes seldom, and prints the folder:
#   root/      Debian's packages unpacked, without any script run, and the kernel's modules
#   vmlinuz, initrd, *.dtb    what starts it
# Kept in the cache under a hash of all that goes in. Needs no root: who owns what is said later.
set -euo pipefail
cd "$(dirname "$0")"
# shellcheck source=image/bench/debian.sh
. ./debian.sh

packages=$(./packages.sh)
key=$(cat "$packages/versions" base.sh modules busybox-links initramfs/* | sha256sum | cut -c1-16)
final=$KELAS_CACHE/bench/base-$key
end_if_kept "$final" kernel-version
lock_cache bench
end_if_kept "$final" kernel-version # another clone may have been quicker
forget_unused base-
say 'laying out the base of the bench image'
work=$(mktemp -d "$KELAS_CACHE/bench/new.XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$work/base/root

unpack() { # PACKAGE FOLDER [PATTERN...]
  dpkg-deb --fsys-tarfile "$1" | tar -x -p --no-same-owner --keep-directory-symlink -C "$2" "${@:3}"
}

unpack_packages() {
  local package
  mkdir -p "$root"/usr/{bin,sbin,lib}
  for folder in bin sbin lib; do ln -s "usr/$folder" "$root/$folder"; done
  for package in "$packages"/system/*.deb; do
    unpack "$package" "$root" --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
      --exclude='./usr/share/info/*' --exclude='./usr/share/locale/*' --exclude='./usr/share/lintian/*' \
      --exclude='./usr/share/bash-completion/*' --exclude='./usr/share/zsh/*' --exclude='./usr/share/bug/*'
  done
  # Nobody but root ever runs a program here that would need another's rights.
  find "$root" -perm /6000 -exec chmod ug-s {} +
}

# What the packages' own scripts would have put down.
finish_packages() {
  local name
  cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  printf '%s\n' 'g netdev - -' 'u dnsmasq - dnsmasq /var/lib/misc' >"$root/usr/lib/sysusers.d/debian-scripts.conf"
  # Links that Debian's tmpfiles would otherwise make at each boot, and cannot on a read-only root.
  mkdir -p "$root/etc/default"
  ln -s ../proc/self/mounts "$root/etc/mtab"
  ln -s ../locale.conf "$root/etc/default/locale"
  ln -s default/keyboard "$root/etc/vconsole.conf"
  # Which channels a country allows; without it the kernel keeps to those that all of them do.
  ln -s regulatory.db-debian "$root/usr/lib/firmware/regulatory.db"
  ln -s regulatory.db.p7s-debian "$root/usr/lib/firmware/regulatory.db.p7s"
  grep -v '^#' busybox-links | while read -r name; do
    [ -e "$root/usr/bin/$name" ] || [ -e "$root/usr/sbin/$name" ] || ln -s busybox "$root/usr/bin/$name"
  done
}

unpack_kernel() {
  unpack "$packages"/kernel/linux-image-*.deb "$work/kernel-files"
  version=$(ls "$work/kernel-files/usr/lib/modules")
  tree=$work/kernel-files/usr/lib/modules/$version
  ln -s usr/lib "$work/kernel-files/lib"
  depmod -b "$work/kernel-files" "$version"
  cp "$work/kernel-files/boot/vmlinuz-$version" "$work/base/vmlinuz"
  # QEMU has no Bluetooth chip on this UART. Without the chip's node it is a terminal: the console.
  cp "$work/kernel-files/usr/lib/linux-image-$version/broadcom/bcm2837-rpi-3-b.dtb" "$work/base/raspi3b.dtb"
  fdtput -r "$work/base/raspi3b.dtb" /soc/serial@7e201000/bluetooth
}

# Prints modules and all they depend on, each once, dependencies first; paths as in modules.dep.
with_dependencies() {
  awk '
    FNR == NR { path = $1; sub(/:$/, "", path); $1 = ""; needs[path] = $0; next }
    function add(path,  list, count, i) {
      if (path in done) return
      done[path] = 1
      count = split(needs[path], list, " ")
      for (i = count; i > 0; i--) add(list[i])
      print path
    }
    { add($1) }
  ' "$tree/modules.dep" -
}

uncompress() { # FROM TO
  case $1 in
    *.xz) xz -dc "$1" >"$2" ;;
    *.zst) zstd -qdc "$1" >"$2" ;;
    *) cp "$1" "$2" ;;
  esac
}

install_modules() {
  local wanted path to=$root/usr/lib/modules/$version
  mkdir -p "$to"
  cp "$tree"/modules.{builtin,builtin.modinfo,order} "$to/"
  grep -E '^[a-z]' modules | while read -r wanted; do
    grep -oE "^kernel/$wanted(/[^:]+|\.ko[.a-z]*)(:)" "$tree/modules.dep" | tr -d : ||
      stop "modules: the kernel has no module $wanted"
  done | with_dependencies >"$work/list"
  while read -r path; do
    mkdir -p "$to/${path%/*}"
    uncompress "$tree/$path" "$to/${path%.xz}"
  done <"$work/list"
  # depmod looks below lib/, which is a link here.
  depmod -b "$root" "$version"
}

make_initrd() {
  local files=$work/initrd name path
  mkdir -p "$files"/{bin,dev,proc,sys,system,modules}
  unpack "$packages"/initramfs/busybox-static_*.deb "$work/initrd-busybox"
  cp "$work/initrd-busybox/usr/bin/busybox" "$files/bin/"
  for name in sh mount switch_root insmod sleep cat dd hexdump printf readlink; do ln -s busybox "$files/bin/$name"; done
  install -m 755 initramfs/init "$files/init"
  grep -E '^[a-z]' initramfs/modules | while read -r name; do
    grep -oE "^kernel/.*/${name//[-_]/[-_]}\.ko[.a-z]*:" "$tree/modules.dep" | tr -d : ||
      stop "initramfs/modules: the kernel has no module $name"
  done | with_dependencies >"$work/list"
  while read -r path; do
    name=$(basename "${path%.xz}")
    uncompress "$tree/$path" "$files/modules/$name"
    echo "${name%.ko}" >>"$files/modules/order"
  done <"$work/list"
  find "$files" -exec touch -h -d @0 {} +
  (cd "$files" && find . -print0 | LC_ALL=C sort -z | cpio --null -o -H newc --quiet --reproducible --owner=0:0) |
    gzip -n9 >"$work/base/initrd"
}

mkdir -p "$work/base" "$work/kernel-files" "$work/initrd-busybox"
unpack_packages
finish_packages
unpack_kernel
install_modules
make_initrd
echo "$version" >"$work/base/kernel-version"
mv -T "$work/base" "$final"
echo "$final"
