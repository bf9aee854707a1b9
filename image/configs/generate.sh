#!/usr/bin/env bash
# Writes the boards' defconfigs from parts/: the common one, the family's and the board's own.
# With --check it writes nothing and fails when one of them is not up to date.
set -euo pipefail
cd "$(dirname "$0")"

boards() {
  cat <<'LIST'
kelas_rpi3_64 common pi rpi3
kelas_rpi4_64 common pi rpi4
kelas_rpi5_64 common pi rpi5
kelas_rpizero2w_64 common pi rpizero2w
kelas_qemu_virt_64 common qemu_virt
LIST
}

defconfig() {
  echo '# Written by generate.sh from parts/. Change those and run it again.'
  local part
  for part in "$@"; do sed '/^# BR2_/!{/^#/d}; /^$/d' "parts/$part.part"; done
}

stale=0
while read -r board parts; do
  # shellcheck disable=SC2086 # a list of words
  if [ "${1:-}" = --check ]; then
    defconfig $parts | cmp -s - "${board}_defconfig" || { echo "image/configs/${board}_defconfig is not up to date: run image/configs/generate.sh" >&2; stale=1; }
  else
    defconfig $parts >"${board}_defconfig"
  fi
done < <(boards)
exit "$stale"
