#!/usr/bin/env bash
# Buildroot calls this when kernel, device trees, firmware and root file system are built: makes the
# card's image of them. The argument is the folder with them; the image goes there too.
set -euo pipefail
images=$1
card=$(cd "$(dirname "$0")/../card" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{boot/overlays,start}

# Slot A starts by itself: all of the firmware that its board reads from the card lies beside it.
cp "$images/Image" "$work/boot/kernel8.img"
cp "$images"/*.dtb "$work/boot/"
for file in "$images"/rpi-firmware/*.{elf,dat}; do
  if [ -e "$file" ]; then cp "$file" "$work/boot/"; fi
done
# The overlays that config.txt names, and the table by which the Pi 5 finds its own of that name.
cp "$images"/rpi-firmware/overlays/{disable-bt*.dtbo,overlay_map.dtb,README} "$work/boot/overlays/"
# The boot ROM of the Pi 3 and Zero 2 W reads its first stage from the first partition, and from no
# other; that stage follows autoboot.txt only where a config.txt lies beside it (reported by users).
if [ -e "$images/rpi-firmware/bootcode.bin" ]; then
  cp "$images/rpi-firmware/bootcode.bin" "$work/start/"
  echo '# Read by the first stage alone. The settings are in the config.txt of the slot.' >"$work/start/config.txt"
fi

"$card/make.sh" --boot "$work/boot" --start "$work/start" --root "$images/rootfs.squashfs" --out "$images/card.img"
