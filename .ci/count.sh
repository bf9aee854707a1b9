#!/usr/bin/env bash
# Adds up what the test runners said in a log: cargo's, Node.js's and Playwright's closing lines.
set -euo pipefail
awk '
  /^test result: / { for (i = 1; i < NF; i++) { if ($(i + 1) ~ /^passed/) passed += $i; if ($(i + 1) ~ /^failed/) failed += $i } }
  /^# pass [0-9]+$/ { passed += $3 }
  /^# fail [0-9]+$/ { failed += $3 }
  /^ +[0-9]+ passed( |$)/ { passed += $1 }
  /^ +[0-9]+ failed( |$)/ { failed += $1 }
  END { printf "Tests: %d passed, %d failed\n", passed, failed }
' "$1"
