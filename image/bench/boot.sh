#!/usr/bin/env bash
# `make boot`: the bench image as a person uses it. The box's serial console is here, its site on
# this machine alone; addresses and a QR code are printed when it answers. Ctrl-A X turns it off.
#   boot.sh [virt|raspi3b]
# The card keeps what is written to it until the image changes.
set -euo pipefail
machine=${1:-virt}
cd "$(dirname "$0")/../.."
# shellcheck source=image/bench/debian.sh
. image/bench/debian.sh
work=image/out/boot/$machine
image=image/out/bench

if [ "$(cat "$work/key" 2>/dev/null)" != "$(cat "$image/key")" ]; then
  rm -rf "$work"
  mkdir -p "$work"
  cp "$image/key" "$work/key"
fi

# The port that `make run` uses too, or the next that nobody listens on. $1 is t (TCP) or u (UDP).
free_port() {
  local port=$2
  while [ -n "$(ss -Hln"$1" "sport = :$port")" ]; do port=$((port + 1)); done
  echo "$port"
}
https=$(free_port t 8443) http=$(free_port t 8080) stun=$(free_port u 3478)

announce() {
  local address=https://127.0.0.1:$https
  # Ends with the machine, whose process this one's parent becomes.
  until curl --insecure --silent --output /dev/null --max-time 10 "$address/api/health"; do
    kill -0 $$ 2>/dev/null || exit 0
    sleep 1
  done
  printf '\n  The box answers.\n\n  Open                 %s\n  Without encryption   http://127.0.0.1:%s\n\n' "$address" "$http"
  if has qrencode; then qrencode -t UTF8 "$address" | sed 's/^/    /'; fi
  printf '\n  Ctrl-A X turns it off.\n\n'
}

say "starting the card in QEMU ($machine); the site answers in one to four minutes. Ctrl-A X turns it off."
announce &
exec image/bench/qemu.sh --work "$work" --machine "$machine" --https "$https" --http "$http" --stun "$stun"
