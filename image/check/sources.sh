#!/usr/bin/env bash
# Checks of the external tree that need neither Buildroot nor a kernel. Part of `make lint`.
set -euo pipefail
cd "$(dirname "$0")/.."
failed=0
fail() { printf 'image: %s\n' "$*" >&2; failed=1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

configs/generate.sh --check || failed=1

# One number and one name for the daemon's user, in both images.
read -r _ user number description < <(grep '^u kelas ' ../systemd/sysusers.d/kelas.conf)
home=${description##*\" } description=${description%\"*} description=${description#\"}
expected="$user $number $user $number \* ${home% *} ${home##* } - $description"
grep -q "^	$expected\$" package/kelasd/kelasd.mk || fail "KELASD_USERS is not the user of systemd/sysusers.d/kelas.conf: $expected"

# Every file that a package fetches has a hash, and every fragment and script that is named exists.
for hash in package/*/*.hash; do
  grep -vE '^(#.*|sha256  [0-9a-f]{64}  [^ ]+)?$' "$hash" && fail "$hash has a line that is no SHA-256"
done
# shellcheck disable=SC2016 # Buildroot expands it
while read -r path; do
  [ -e "./$path" ] || fail "a configuration names image/$path, which is not there"
done < <(grep -ho '\$(BR2_EXTERNAL_KELAS_PATH)/[^" ]*' configs/parts/*.part | sed 's,^[^/]*/,,' | sort -u)

# The guard of final configurations: passes what is there, catches what got lost or changed.
printf 'CONFIG_A=y\nCONFIG_B=m\n# CONFIG_C is not set\n' >"$work/config"
guard() { printf '%s\n' "$1" >"$work/fragment" && check/kconfig.sh "$work/config" "$work/fragment" 2>/dev/null; }
for line in CONFIG_A=y CONFIG_B=m '# CONFIG_C is not set' '# CONFIG_NOWHERE is not set' '# a comment'; do
  guard "$line" || fail "the guard refuses '$line', which is there"
done
for line in CONFIG_B=y CONFIG_C=y CONFIG_NOWHERE=y '# CONFIG_A is not set' 'CONFIG_A="y"'; do
  if guard "$line"; then fail "the guard lets '$line' pass, which is not there"; fi
done

exit "$failed"
