#!/bin/sh
# Runs its arguments as the box in a network of its own: two stations, `station-a` and
# `station-b`, on a bridge that drops multicast between them, as many Wi-Fi access points do.
# The network is gone when the command ends. Works without root where user namespaces do.
set -eu

if [ "${1:-}" != --inside ]; then
  if [ "$(id -u)" = 0 ]; then
    exec unshare --net --mount -- "$0" --inside "$@"
  fi
  exec unshare --user --map-root-user --net --mount -- "$0" --inside "$@"
fi
shift

mkdir -p /run/netns 2>/dev/null || true
mount -t tmpfs tmpfs /run
mkdir /run/netns
ip link set lo up
ip link add air type bridge mcast_snooping 0
ip addr add 10.77.0.1/24 dev air
ip link set air up
for station in a b; do
  ip netns add "station-$station"
  ip link add "air-$station" type veth peer name wlan0 netns "station-$station"
  ip link set "air-$station" master air up
  bridge link set dev "air-$station" mcast_flood off
  ip -n "station-$station" link set lo up
  ip -n "station-$station" link set wlan0 up
done
ip -n station-a addr add 10.77.0.11/24 dev wlan0
ip -n station-b addr add 10.77.0.12/24 dev wlan0
# Chromium without a default route gathers no candidates at all.
ip -n station-a route add default via 10.77.0.1
ip -n station-b route add default via 10.77.0.1
exec "$@"
