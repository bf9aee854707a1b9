#!/bin/sh
# Looks up every line of kernel fragments in a kernel's final configuration, and fails when one did
# not get in: Kconfig drops a line without a word when what it depends on is missing.
#   kernel-config.sh CONFIG FRAGMENT...
# Buildroot calls it before it builds the kernel (external.mk).
set -eu
if [ $# -lt 2 ] || [ ! -r "$1" ]; then
	echo 'usage: kernel-config.sh CONFIG FRAGMENT...' >&2
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
		'') [ "${line#\#}" != "$line" ] || { missing=1 && echo "${fragment##*/}: $line is not in the kernel's configuration" >&2; } ;;
		*) missing=1 && echo "${fragment##*/}: $line became: $found" >&2 ;;
		esac
	done <"$fragment"
done
exit "$missing"
