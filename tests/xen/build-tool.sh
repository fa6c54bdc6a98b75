#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Cross-builds the project, with its libxl backend, for dom0; or for this machine.
# Usage: tests/xen/build-tool.sh ARCH XEN       (arm64 4.17, arm64 4.20, armhf 4.17, host own)
# Prints the folder it is installed in, to be laid over dom0's root.  The sources are built
# from a copy in the cache, so a configured source tree does no harm and nothing is left in it.
set -eu -o pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in ../lib/packages.sh lib/fetch.sh lib/image.sh; do
	# shellcheck source=/dev/null
	. "$HERE/$part"
done
[ $# = 2 ] || { sed -n '4,7s/^# \?//p' "$0"; exit 2; }
ARCH=$1 XEN=$2
TRIPLET=$(triplet "$ARCH")
[ "$ARCH" != host ] || TRIPLET=host
[ -n "$TRIPLET" ] || die "no such architecture here: $ARCH"
TOP=$(cd "$HERE/../.." && pwd)
# one for each source tree, so that two of them do not build from each other's files
DIR=$CACHE/tool/$ARCH-$XEN-$(printf '%s' "$TOP" | cksum | cut -d' ' -f1)
LOG=$CACHE/logs/build-tool-$ARCH-$XEN.log

sources() {
	if git -C "$TOP" rev-parse --git-dir >/dev/null 2>&1; then
		git -C "$TOP" ls-files -co --exclude-standard
	else
		(cd "$TOP" && find . -type f -not -name '*.o' -not -name '*.lo' | sed 's|^\./||')
	fi | while IFS= read -r file; do [ ! -f "$TOP/$file" ] || printf '%s\n' "$file"; done
}

build() {
	local before=
	mkdir -p "$DIR/source" "$DIR/build"
	cd "$TOP"
	[ ! -e "$DIR/files" ] || before=$(cat "$DIR/files")
	sources >"$DIR/files.new"
	# nothing is new, as for all but the first of several scenarios
	if [ -e "$DIR/root" ] && cmp -s "$DIR/files" "$DIR/files.new" &&
		[ -z "$(tr '\n' '\0' <"$DIR/files" | xargs -0 sh -c 'find "$@" -newer "$0"' "$DIR/root")" ]; then
		return 0
	fi
	# files that are gone from the tree go from the copy
	if [ -n "$before" ]; then
		comm -23 <(sort "$DIR/files") <(sort "$DIR/files.new") | while IFS= read -r file; do
			rm -f "$DIR/source/$file"
		done
	fi
	mv "$DIR/files.new" "$DIR/files"
	tr '\n' '\0' <"$DIR/files" | xargs -0 cp -u -p --parents -t "$DIR/source"
	cd "$DIR/source"
	if [ ! -e configure ] || [ configure.ac -nt configure ]; then timeout 300 autoreconf -fi; fi
	cd "$DIR/build"
	if [ ! -e config.status ] || [ "$DIR/source/configure" -nt config.status ]; then
		# shellcheck disable=SC2086 # one word a setting
		timeout 300 "$DIR/source/configure" --prefix=/usr --sysconfdir=/etc --localstatedir=/var \
			--libdir="/usr/lib/$TRIPLET" --sbindir=/usr/local/sbin --disable-shared \
			CFLAGS="-O2 -g0" $SETTINGS
	fi
	timeout 1200 make -j2
	# somebody may be copying it
	if [ -e "$DIR/root" ] && [ ! tools/xl-passthrough -nt "$DIR/root" ] && [ ! tools/xl -nt "$DIR/root" ]; then
		touch "$DIR/root"
		return 0
	fi
	rm -rf "$DIR/root.new" "$DIR/root.old"
	timeout 300 make install DESTDIR="$DIR/root.new"
	# what only developers and readers want
	rm -rf "$DIR/root.new/usr/include" "$DIR/root.new/usr/share" \
		"$DIR/root.new/usr/lib/$TRIPLET"/{pkgconfig,*.la,*.a}
	touch "$DIR/root.new"
	[ ! -e "$DIR/root" ] || mv "$DIR/root" "$DIR/root.old"
	mv "$DIR/root.new" "$DIR/root"
	rm -rf "$DIR/root.old"
}

# a child of its own, where errors end it and the log takes everything
build_logged() {
	"$BASH" -c "set -eu -o pipefail; $(declare -f sources build); build" >"$LOG" 2>&1 || {
		tail -n 30 "$LOG" >&2
		die "the tool does not build for $ARCH with Xen $XEN: see $LOG"
	}
}

need_packages autoconf automake libtool make pkg-config
mkdir -p "$CACHE/logs"
if [ "$ARCH" = host ]; then
	# (libxlutil reads the guests' configurations)
	need_packages gcc libc6-dev libfdt-dev libjson-c-dev libxen-dev
	export CC="ccache gcc"
	SETTINGS=--with-xen=yes
else
	ROOT=$("$HERE/sysroot.sh" "$ARCH" "$XEN")
	SETTINGS="--host=$TRIPLET --with-xen=yes --enable-xl-frontend"
	SETTINGS+=" PKG_CONFIG=$ROOT/bin/$TRIPLET-pkg-config"
	export CC="ccache $ROOT/bin/$TRIPLET-gcc"
fi
use_ccache "$DIR"
export DIR TOP TRIPLET SETTINGS
locked "tool-${DIR##*/}" build_logged
printf '%s\n' "$DIR/root"
