#!/usr/bin/env bash
# All tests. The card is compiled and laid out beside the first of them. The browsers and the
# emulated box have the processors for themselves: where they share them, calls between browsers
# fail, and the box is late for its own deadlines.
# Used by `make test` alone.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly LOG=target/bench-image.log
say() { printf 'kelas: %s\n' "$*"; }

# Checks the web files, which both build upon, and makes them anew.
make test-web tests/browser/node_modules/.package-lock.json

# A process group of its own, which can be ended as a whole.
set -m
nice make bench-image >"$LOG" 2>&1 &
image=$!
set +m
end_image() { kill -TERM -- "-$image" 2>/dev/null || true; }
trap 'end_image; exit 130' INT TERM

say "the card is made beside these tests; $LOG tells how far it is"
if ! make lint test-rust; then
  end_image
  exit 1
fi
if ! wait "$image"; then
  cat "$LOG"
  exit 1
fi
make test-browser test-boot
