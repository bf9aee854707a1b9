#!/bin/sh
# Looks up every line of fragments in the final configuration of a kernel or of BusyBox, and fails
# when one did not get in: Kconfig drops a line without a word when what it depends on is missing.
#   kconfig.sh CONFIG FRAGMENT...
# Buildroot calls it before it builds them (external.mk).
set -eu
if [ $# -lt 2 ] || [ ! -r "$1" ]; then
	echo 'usage: kconfig.sh CONFIG FRAGMENT...' >&2
	exit 64
fi
config=$1
shift
missing=0
for fragment in "$@"; do
	while read -r line; do
		case $line in
		CONFIG_*=*) symbol=${line%%=*} ;;
		'# CONFIG_'*' is not set') symbol=${line#\# } symbol=${symbol%% *} ;;
		*) continue ;;
		esac
		found=$(grep -E "^(# )?$symbol(=| is not set)" "$config" || true)
		case $found in
		"$line") ;;
		# A symbol that is not visible at all is as good as off.
		'') [ "${line#\#}" != "$line" ] || { missing=1 && echo "${fragment##*/}: $line is not in the final configuration" >&2; } ;;
		*) missing=1 && echo "${fragment##*/}: $line became: $found" >&2 ;;
		esac
	done <"$fragment"
done
exit "$missing"
