#!/usr/bin/env bash
# All tests. The card is compiled and laid out beside the others; it boots when they are done,
# because an emulated box that has to share its processors is late for its own deadlines.
# Used by `make test` alone.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly LOG=target/bench-image.log
say() { printf 'kelas: %s\n' "$*"; }

# Both use these.
make web tests/browser/node_modules/.package-lock.json

# A process group of its own, which can be ended as a whole.
set -m
nice make bench-image >"$LOG" 2>&1 &
image=$!
set +m
end_image() { kill -TERM -- "-$image" 2>/dev/null || true; }
trap 'end_image; exit 130' INT TERM

say "the card is made beside these tests; $LOG tells how far it is"
if ! make lint test-web test-rust test-browser; then
  end_image
  exit 1
fi
if ! wait "$image"; then
  cat "$LOG"
  exit 1
fi
make test-boot
