#!/usr/bin/env bash
# Makes what the card is measured against: Debian as it comes, of the same release and with the same
# kernel as the bench image. Every package of priority required or important, NetworkManager and an
# SSH server, all units on that Debian would switch on, a login on the console. Used by `boot bench`.
#   stock.sh OUT     a folder for qemu.sh --image; its card.img is an ext4 without partitions
# Like the bench image it is laid out without running a script of any package, so that it needs no
# root and no emulator; what those would have set up is set up here. Kept in the cache.
set -euo pipefail
[ $# -eq 1 ] || { echo 'usage: stock.sh OUT' >&2; exit 64; }
out=$(realpath -m "$1")
cd "$(dirname "$0")/../../image/bench"
# shellcheck source=image/bench/debian.sh
. ./debian.sh
export LC_ALL=C

readonly SIZE=2G
bench=$(./base.sh)
version=$(cat "$bench/kernel-version")
key=$({ cat "$(./packages.sh)/versions"; cat ../../tests/boot/stock.sh; } | sha256sum | cut -c1-16)
final=$KELAS_CACHE/bench/stock-$key
mkdir -p "$out"
lock_cache bench
if [ ! -f "$final/card.img" ]; then
  say "laying out a stock Debian to compare with (about 100 MB of packages, once)"
  work=$(mktemp -d "$KELAS_CACHE/bench/new.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  apt=$KELAS_CACHE/bench/apt
  private_apt "$apt" arm64
  only_from "$apt"
  apt-get "${apt_options[@]}" update >&2
  mapfile -t wanted < <(apt-cache "${apt_options[@]}" dumpavail |
    awk '/^Package: / {name = $2} /^Priority: (required|important)$/ {print name}' | sort -u)
  plan=$(apt-get "${apt_options[@]}" install --simulate "${wanted[@]}" network-manager openssh-server dbus systemd-sysv)
  mapfile -t all < <(awk '$1 == "Inst" {print $2}' <<<"$plan")
  mkdir -p "$work/packages" "$work/root" "$work/stock"
  (cd "$work/packages" && apt-get "${apt_options[@]}" download "${all[@]}" >&2)

  root=$work/root
  mkdir -p "$root"/usr/{bin,sbin,lib}
  for folder in bin sbin lib; do ln -s "usr/$folder" "$root/$folder"; done
  for package in "$work"/packages/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x -p --no-same-owner --keep-directory-symlink -C "$root"
  done
  cp "$root/usr/share/base-passwd/passwd.master" "$root/etc/passwd"
  cp "$root/usr/share/base-passwd/group.master" "$root/etc/group"
  printf '%s\n' 'g netdev - -' 'u sshd - sshd /run/sshd' >"$root/usr/lib/sysusers.d/stock.conf"
  sed -i 's/^u!/u/' "$root"/usr/lib/sysusers.d/*.conf
  systemd-sysusers --root="$root"
  systemctl --root="$root" --quiet preset-all
  systemctl --root="$root" --quiet set-default multi-user.target
  echo '/dev/vda / ext4 defaults 0 1' >"$root/etc/fstab"
  echo stock >"$root/etc/hostname"
  : >"$root/etc/machine-id"
  # What an administrator's installation has: keys of its own.
  ssh-keygen -A -f "$root" >/dev/null
  mkdir -p "$root/usr/lib/modules"
  cp -a "$bench/root/usr/lib/modules/$version" "$root/usr/lib/modules/"
  truncate -s "$SIZE" "$work/stock/card.img"
  # Everything is root's, whoever makes it.
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(unshare --map-root-user); fi
  "${as_root[@]}" mke2fs -q -t ext4 -d "$root" -E root_owner=0:0 "$work/stock/card.img"

  # The bench's initramfs, and behind it what adds ext4 to it: the kernel lays one over the other.
  modules=$root/usr/lib/modules/$version
  mkdir -p "$work/more/modules"
  gzip -dc "$bench/initrd" | cpio --extract --quiet --to-stdout modules/order >"$work/more/modules/order"
  for path in $(sed -n 's#^kernel/fs/ext4/ext4.ko:##p' "$modules/modules.dep") kernel/fs/ext4/ext4.ko; do
    cp "$modules/$path" "$work/more/modules/"
    basename "$path" .ko >>"$work/more/modules/order"
  done
  (cd "$work/more" && find . | cpio --create --format=newc --quiet | gzip -n9) | cat "$bench/initrd" - >"$work/stock/initrd"
  cp "$bench/vmlinuz" "$work/stock/"
  echo 'root=/dev/vda rootfstype=ext4 ro rootwait console=tty1 net.ifnames=0 quiet' >"$work/stock/cmdline"
  mv "$work/stock" "$final"
fi
for file in card.img vmlinuz initrd cmdline; do
  cp --sparse=always --reflink=auto "$final/$file" "$out/$file"
done
