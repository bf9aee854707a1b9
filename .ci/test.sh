#!/usr/bin/env bash
# All tests, in two lanes: the emulated card mostly keeps one processor busy and waits for its own
# clock, so it boots beside everything else. What it says is shown in one piece at the end.
# Used by `make test` alone. A failure of the first lane ends the second; one of the second lets the
# first finish.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly LOG=target/test-boot.log
say() { printf 'kelas: %s\n' "$*"; }

# Both lanes use these.
make web tests/browser/node_modules/.package-lock.json

# A process group of its own, which can be ended as a whole.
set -m
make test-boot >"$LOG" 2>&1 &
boot=$!
set +m
end_boot() { kill -TERM -- "-$boot" 2>/dev/null || true; }
trap 'end_boot; exit 130' INT TERM

say "the card boots beside these tests; $LOG tells how far it is"
if ! make lint test-web test-rust test-browser; then
  end_boot
  say 'the tests before this line failed; those of the booted card were ended'
  exit 1
fi
say 'waiting for the booted card'
status=0
wait "$boot" || status=$?
say "what the booted card was asked ($LOG):"
cat "$LOG"
exit "$status"
