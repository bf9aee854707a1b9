#!/usr/bin/env bash
# Boots a card image in QEMU. The one place that knows QEMU's arguments: `make boot` and tests/boot
# both start it, and it becomes QEMU (exec), so that a caller's child is the machine itself.
#
#   qemu.sh --work DIR [OPTION...] [-- QEMU-ARGUMENT...]
#
#   --work DIR         what the machine writes: card.qcow2, the card as this machine sees it, made on
#                      the first start and used again by the next (delete DIR for a fresh card), and
#                      the sockets below. The image itself is never written to.
#   --machine NAME     virt (default), or raspi3b, the Pi 3 with its SD slot; slower, 1 GiB, one network
#                      card on USB, no screen, no clock
#   --image DIR        folder made by build.sh; default image/out/bench
#   --card FILE        another card image (raw) than DIR/card.img
#   --card-size SIZE   of the card, a power of two as QEMU's SD slot demands; default 1G
#   --append TEXT      more words for the kernel command line
#   --memory MIB       default 512; only virt
#   --cpus N           default 2; only virt (raspi3b has its 4)
#   --https PORT       forward 127.0.0.1:PORT to the box's port 443; likewise --http (80) and
#   --http PORT        --stun (3478, UDP). The box reaches nothing else: no host, no internet.
#   --stun PORT
#   --no-network       no network device at all
#   --tools FILE       one more disk, read-only, with the serial number `tools`; only virt
#   --door HTTP:HTTPS  one more network card, with the address 52:54:00:6b:65:0N for the Nth of these:
#                      forwards those ports of 127.0.0.1 to 10.9.N.15 in the guest; only virt
#   --clock DATE       what a clock chip says at power on, as in 2026-01-31T12:00:00; default 1970, as
#                      a Pi has no such chip. Only virt: raspi3b has none.
#   --serial WHERE     stdio (default; Ctrl-A X quits), or file:PATH, or unix:PATH, a socket on which
#                      QEMU listens. It is the kernel's console.
#   --shell            a second line in and out: a socket, DIR/shell, on which QEMU listens. In the
#                      guest it is /dev/virtio-ports/kelas.shell (virt; can be open only once at a
#                      time) or /dev/ttyS1 (raspi3b).
#   --qmp              QEMU's own socket, DIR/qmp: screendump, system_reset, blockstats, quit.
#
# The machine ends when the guest powers off; it restarts when the guest reboots (-no-reboot after
# the two dashes makes it end then too).
set -euo pipefail

usage() { sed -n '5p' "$0" >&2; exit 64; }
here=$(cd "$(dirname "$0")" && pwd)
work='' machine=virt image=$here/../out/bench card='' size=1G append='' memory=512 cpus=2
https='' http='' stun='' network=yes tools='' doors=() clock=1970-01-01T00:00:00 serial=stdio shell=no qmp=no
while [ $# -gt 0 ]; do
  case $1 in
    --no-network) network=no; shift; continue ;;
    --shell) shell=yes; shift; continue ;;
    --qmp) qmp=yes; shift; continue ;;
    --) shift; break ;;
  esac
  [ $# -ge 2 ] || usage
  case $1 in
    --work) work=$2 ;;
    --machine) machine=$2 ;;
    --image) image=$2 ;;
    --card) card=$2 ;;
    --card-size) size=$2 ;;
    --append) append=$2 ;;
    --memory) memory=$2 ;;
    --cpus) cpus=$2 ;;
    --https) https=$2 ;;
    --http) http=$2 ;;
    --stun) stun=$2 ;;
    --tools) tools=$2 ;;
    --door) doors+=("$2") ;;
    --clock) clock=$2 ;;
    --serial) serial=$2 ;;
    *) usage ;;
  esac
  shift 2
done
[ -n "$work" ] || usage
card=$(realpath "${card:-$image/card.img}")
mkdir -p "$work"
# What was written to a card means nothing on top of another image.
seen=$(stat -L -c '%n %s %Y' "$card")
if [ ! -e "$work/card.qcow2" ]; then
  qemu-img create -q -f qcow2 -b "$card" -F raw "$work/card.qcow2" "$size"
  echo "$seen" >"$work/card.of"
elif [ "$(cat "$work/card.of" 2>/dev/null)" != "$seen" ]; then
  echo "qemu.sh: $card is not the image that $work was started with; delete $work" >&2
  exit 65
fi

# QEMU's Pi resets itself as soon as its watchdog is armed, instead of when nobody answers it.
[ "$machine" != raspi3b ] || append="systemd.watchdog_sec=off systemd.watchdog_device=/dev/none $append"

arguments=(
  -M "$machine"
  -kernel "$image/vmlinuz" -initrd "$image/initrd"
  # The console that is named last gets what services write to /dev/console.
  -append "$(cat "$image/cmdline") console=ttyAMA0,115200 $append"
  -display none -monitor none
)

netdev="user,id=net,restrict=on"
[ -z "$https" ] || netdev+=",hostfwd=tcp:127.0.0.1:$https-:443"
[ -z "$http" ] || netdev+=",hostfwd=tcp:127.0.0.1:$http-:80"
[ -z "$stun" ] || netdev+=",hostfwd=udp:127.0.0.1:$stun-:3478"
# Told nothing, QEMU plugs in a network card of its own choice.
if [ $network = no ]; then arguments+=(-nic none); else arguments+=(-netdev "$netdev"); fi

# A socket left over by a machine that was killed would be in the way.
rm -f "$work/shell" "$work/qmp"
case $serial in
  stdio) console=(-serial mon:stdio) ;;
  file:*) console=(-serial "$serial") ;;
  unix:*) rm -f "${serial#unix:}"; console=(-serial "$serial,server=on,wait=off") ;;
  *) usage ;;
esac
drive="file=$work/card.qcow2,format=qcow2"
second=(-chardev "socket,id=shell,path=$work/shell,server=on,wait=off")

case $machine in
  virt)
    arguments+=(
      -cpu cortex-a53 -smp "$cpus" -m "$memory" -rtc "base=$clock"
      -drive "$drive,if=none,id=card" -device "virtio-blk-pci,drive=card"
      -device virtio-rng-pci -device virtio-gpu-pci
      -device i6300esb -action watchdog=reset
      "${console[@]}"
    )
    [ $network = no ] || arguments+=(-device "virtio-net-pci,netdev=net,romfile=")
    [ -z "$tools" ] || arguments+=(
      -drive "file=$tools,format=raw,readonly=on,if=none,id=tools" -device "virtio-blk-pci,drive=tools,serial=tools"
    )
    number=0
    for door in "${doors[@]}"; do
      number=$((number + 1))
      forward="hostfwd=tcp:127.0.0.1:${door%:*}-10.9.$number.15:80,hostfwd=tcp:127.0.0.1:${door#*:}-10.9.$number.15:443"
      arguments+=(
        -netdev "user,id=door$number,restrict=on,net=10.9.$number.0/24,$forward"
        -device "virtio-net-pci,netdev=door$number,mac=52:54:00:6b:65:0$number,romfile="
      )
    done
    [ $shell = no ] || arguments+=("${second[@]}" -device virtio-serial-pci -device "virtserialport,chardev=shell,name=kelas.shell")
    ;;
  raspi3b)
    arguments+=(-dtb "$image/raspi3b.dtb" -drive "$drive,if=sd" "${console[@]}")
    [ $network = no ] || arguments+=(-device "usb-net,netdev=net")
    [ $shell = no ] || arguments+=("${second[@]}" -serial chardev:shell)
    ;;
  *) usage ;;
esac
[ $qmp = no ] || arguments+=(-qmp "unix:$work/qmp,server=on,wait=off")

exec "${QEMU:-qemu-system-aarch64}" "${arguments[@]}" "$@"
