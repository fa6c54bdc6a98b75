#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# corpus.sh [all|arm64|armmp|linux|extra]
#
# Real device trees for the tests, fetched once from Debian and kept outside the source tree,
# in ${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}.  Prints the folder that was asked for:
#   all    (default) corpus/, with arm64/, armmp/ and extra/ in it
#   arm64  the DTBs of Debian 12's newest arm64 kernel
#   armmp  the DTBs of Debian 12's armhf multiplatform kernel
#   linux  parts of the kernel source that Debian 12 builds them from
#   extra  boards of that source that Debian does not package, compiled here with cpp and dtc
# A folder appears only when it is complete (it is made under another name and renamed).

set -eu -o pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=apt.sh
. "$here/apt.sh"

cache=${XLPT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xlpt}
corpus=$cache/corpus
linux=$cache/linux

scratch=
trap '[ -z "$scratch" ] || rm -rf "$scratch"' EXIT

fail() {
	echo "corpus.sh: $*" >&2
	exit 1
}

need() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || fail "$tool is missing (Debian package: ${packages[$tool]:-$tool})"
	done
}
declare -A packages=([dtc]=device-tree-compiler [dpkg-deb]=dpkg [apt-get]=apt)

new_scratch() {
	mkdir -p "$cache"
	scratch=$(mktemp -d "$cache/.new.XXXXXX")
}

# publish FOLDER-IN-SCRATCH DESTINATION: the rename loses gracefully against a parallel run.
publish() {
	mkdir -p "$(dirname "$2")"
	mv -T "$1" "$2" 2>/dev/null || [ -d "$2" ] || fail "cannot create $2"
	rm -rf "$scratch"
	scratch=
}

# dependency PACKAGE PREFIX: the package that the meta package depends on, by the start of its name.
dependency() {
	apt-cache depends --no-recommends --no-suggests "$1" | sed -n "s/^ *Depends: *\\($2[^: ]*\\).*/\\1/p" | head -n 1
}

# fetch META PREFIX ARCHITECTURE SUFFIX SUITES: leaves the package that META depends on in $scratch/package.deb
fetch() {
	local meta=$1 prefix=$2 architecture=$3 suffix=$4 suites=$5 name
	need apt-get dpkg-deb
	private_apt "$scratch/apt" "$suites" "$architecture" || fail "no Debian mirror known"
	apt-get -qq update >&2 || fail "apt-get update failed for: $suites ($architecture)"
	name=$(dependency "$meta" "$prefix")
	[ -n "$name" ] || fail "no package found behind $meta:$architecture"
	echo "corpus.sh: fetching $name$suffix:$architecture" >&2
	(cd "$scratch" && apt-get -qq download "$name$suffix" >&2) || fail "cannot download $name$suffix"
	mv "$scratch"/*.deb "$scratch/package.deb"
}

# packaged NAME META ARCHITECTURE SUFFIX SUITES: the DTBs of one kernel package as corpus/NAME
packaged() {
	local name=$1 folder=$corpus/$1
	if [ ! -d "$folder" ]; then
		new_scratch
		fetch "$2" linux-image-6 "$3" "$4" "$5"
		mkdir "$scratch/root"
		dpkg-deb --fsys-tarfile "$scratch/package.deb" |
			tar -x -C "$scratch/root" --wildcards './usr/lib/linux-image-*'
		publish "$(echo "$scratch"/root/usr/lib/linux-image-*)" "$folder"
	fi
}

fetch_linux() {
	[ -d "$linux" ] && return
	new_scratch
	fetch linux-source linux-source-6 arm64 '' 'bookworm bookworm-updates bookworm-security'
	need xz
	mkdir "$scratch/linux"
	dpkg-deb --fsys-tarfile "$scratch/package.deb" |
		tar -x -O --wildcards './usr/src/linux-source-*.tar.xz' | xz -dc -T0 |
		tar -x -C "$scratch/linux" --strip-components=1 --wildcards --wildcards-match-slash \
			'*/drivers/of/*' '*/drivers/irqchip/*' '*/arch/arm/boot/dts/*' '*/arch/arm64/boot/dts/*' \
			'*/Documentation/devicetree/bindings/*' '*/scripts/dtc/include-prefixes/*' \
			'*/include/dt-bindings/*' '*/include/uapi/linux/input-event-codes.h' '*/include/linux/of*' '*/include/linux/ioport.h' '*/drivers/iommu/arm/*' \
			'*/scripts/dtc/libfdt/*' '*/drivers/iommu/of_iommu.c' '*/drivers/clk/clk.c' '*/drivers/bus/*'
	publish "$scratch/linux" "$linux"
}

# compile_board SOURCE OUTPUT: failing boards (overlays, parts of others) leave nothing behind.
compile_board() {
	if ! cpp -nostdinc -undef -D__DTS__ -x assembler-with-cpp -I "$linux/include" \
			-I "$linux/scripts/dtc/include-prefixes" -I "$(dirname "$1")" "$1" 2>/dev/null |
			dtc -@ -q -i "$(dirname "$1")" -I dts -O dtb -o "$2" - 2>/dev/null; then
		rm -f "$2"
		echo "corpus.sh: does not compile: ${1#"$linux"/arch/}" >&2
	fi
}

build_extra() {
	local source name
	[ -d "$corpus/extra" ] && return
	fetch_linux
	arm64
	armmp
	need cpp dtc
	new_scratch
	mkdir "$scratch/extra"
	find "$corpus/arm64" "$corpus/armmp" -name '*.dtb' -printf '%f\n' | sort > "$scratch/packaged"
	# Where arm and arm64 have a board of one name, arm64's is kept: it is found first.
	for source in "$linux"/arch/arm64/boot/dts/*/*.dts "$linux"/arch/arm64/boot/dts/*/*/*.dts "$linux"/arch/arm/boot/dts/*.dts; do
		name=$(basename "$source" .dts)
		grep -qxF "$name.dtb" "$scratch/packaged" && continue
		echo "$name.dtb" >> "$scratch/packaged"
		printf '%s\0%s\0' "$source" "$scratch/extra/$name.dtb"
	done > "$scratch/boards"
	export -f compile_board
	export linux
	xargs -0 -n 2 -P "$(nproc)" bash -c 'compile_board "$@"' compile_board < "$scratch/boards"
	[ -e "$scratch/extra/r8a77951-salvator-xs.dtb" ] || fail "the boards do not compile"
	publish "$scratch/extra" "$corpus/extra"
}

arm64() { packaged arm64 linux-image-arm64 arm64 -unsigned 'bookworm bookworm-updates bookworm-security'; }
# The armhf index of the security suite may name files that its pool does not have.
armmp() { packaged armmp linux-image-armmp armhf '' bookworm; }

case ${1:-all} in
	all) arm64; armmp; build_extra; echo "$corpus" ;;
	arm64) arm64; echo "$corpus/arm64" ;;
	armmp) armmp; echo "$corpus/armmp" ;;
	linux) fetch_linux; echo "$linux" ;;
	extra) build_extra; echo "$corpus/extra" ;;
	*) sed -n '4,13s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
