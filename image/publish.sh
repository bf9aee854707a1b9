#!/usr/bin/env bash
# Makes of a finished build what people download: the compressed image, its block map, checksums,
# list of parts, licences, and the manifest that Raspberry Pi Imager reads. Says what to do with them.
#   publish.sh BOARD BUILD_FOLDER OUT_FOLDER
# IMAGE_URL (optional) is the folder where the files will be offered; it goes into the manifest.
set -euo pipefail
[ $# -eq 3 ] || { echo 'usage: publish.sh BOARD BUILD_FOLDER OUT_FOLDER' >&2; exit 64; }
board=$1 build=$2 out=$(realpath -m "$3")
here=$(cd "$(dirname "$0")" && pwd)
say() { printf 'kelas: %s\n' "$*" >&2; }
version=$("$here/version.sh")
name=kelas-$board-$version
card=$build/images/card.img
: "${SOURCE_DATE_EPOCH:?must be set, in seconds since 1970}"

# What Raspberry Pi Imager calls the boards that the image is for.
case $board in
  rpi3) title='Raspberry Pi 3' devices='"pi3-64bit"' ;;
  rpi4) title='Raspberry Pi 4' devices='"pi4-64bit"' ;;
  rpi5) title='Raspberry Pi 5' devices='"pi5-64bit"' ;;
  rpizero2w) title='Raspberry Pi Zero 2 W' devices='"pi3-64bit"' ;;
  *) echo "publish.sh: no such board: $board" >&2; exit 64 ;;
esac

mkdir -p "$out"
say "compressing $name.img"
xz --threads=0 -6 --keep --stdout "$card" >"$out/$name.img.xz"
"$build/host/bin/bmaptool" --quiet create --output "$out/$name.img.bmap" "$card"
cp "$build/sbom.json" "$out/$name.cdx.json"
tar --create --xz --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
  --exclude='*sources*' --transform="s,^\.,$name-licences," --file="$out/$name.licences.tar.xz" -C "$build/legal-info" .

sum() { sha256sum "$1" | cut -d' ' -f1; }
cat >"$out/$name.imager.json" <<END
{
  "os_list": [
    {
      "name": "Kelas $version, $title",
      "description": "Offline classroom server with its own Wi-Fi",
      "url": "${IMAGE_URL:-file://$out}/$name.img.xz",
      "release_date": "$(date --utc --date="@$SOURCE_DATE_EPOCH" +%F)",
      "extract_size": $(stat --format=%s "$card"),
      "extract_sha256": "$(sum "$card")",
      "image_download_size": $(stat --format=%s "$out/$name.img.xz"),
      "image_download_sha256": "$(sum "$out/$name.img.xz")",
      "init_format": "none",
      "devices": [$devices]
    }
  ]
}
END
(cd "$out" && sha256sum "$name".{img.xz,img.bmap,cdx.json,licences.tar.xz,imager.json} >"$name.sha256")

cat >&2 <<END

kelas: done. In $out:
$(cd "$out" && du -h "$name".* | sed 's/^/  /')

Next, write it to a card of 1 GB or more (docs/building.md, "Writing the card"):
  rpi-imager --repo file://$out/$name.imager.json
  or  sudo bmaptool copy $out/$name.img.xz /dev/sdX
Put the card into the $title and switch it on. The screen shows the address of the class.
END
