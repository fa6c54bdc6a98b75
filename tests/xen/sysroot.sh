#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Makes (once) the folder to cross-build against: headers and libraries of ARCH with Xen VERSION.
# Usage: tests/xen/sysroot.sh ARCH VERSION      (arm64 4.17, arm64 4.20, armhf 4.17)
# Prints its path.  With --check, also links and inspects a small program against it.
# The folder has bin/TRIPLET-gcc and bin/TRIPLET-pkg-config, which use nothing but the folder.
set -eu -o pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
for part in ../lib/packages.sh lib/fetch.sh lib/image.sh; do
	# shellcheck source=/dev/null
	. "$HERE/$part"
done
CHECK=
[ "${1:-}" != --check ] || { CHECK=yes; shift; }
[ $# = 2 ] || { sed -n '4,7s/^# \?//p' "$0"; exit 2; }
ARCH=$1 XEN=$2
TRIPLET=$(triplet "$ARCH")
[ -n "$TRIPLET" ] || die "no such architecture here: $ARCH"
SUITE=$(suite_of "$XEN")
ROOT=$CACHE/sets/sysroot-$ARCH-$XEN

# absolute links of development packages would point into the machine's own /lib
relative_links() {
	local link target
	find "$1" -type l -lname '/*' | while read -r link; do
		target=$(readlink "$link")
		ln -sfr "$1$target" "$link"
	done
	# a merged /usr, so that both spellings of a path exist
	[ -L "$1/lib" ] || {
		if [ -d "$1/lib" ]; then cp -a "$1/lib/." "$1/usr/lib/"; rm -rf "${1:?}/lib"; fi
		ln -s usr/lib "$1/lib"
	}
}

# Debian's cross compilers look at their own C library before the sysroot's
make_wrappers() {
	local lib=usr/lib/$TRIPLET
	mkdir -p "$ROOT/bin"
	cat >"$ROOT/bin/$TRIPLET-gcc" <<-END
	#!/bin/sh
	exec /usr/bin/$TRIPLET-gcc --sysroot='$ROOT' -B'$ROOT/$lib' -isystem '$ROOT/usr/include/$TRIPLET' \\
		-isystem '$ROOT/usr/include' "\$@" -L'$ROOT/$lib' -Wl,-rpath-link,'$ROOT/$lib'
	END
	cat >"$ROOT/bin/$TRIPLET-pkg-config" <<-END
	#!/bin/sh
	export PKG_CONFIG_SYSROOT_DIR='$ROOT' PKG_CONFIG_PATH=
	export PKG_CONFIG_LIBDIR='$ROOT/$lib/pkgconfig:$ROOT/usr/share/pkgconfig'
	exec pkg-config "\$@"
	END
	chmod +x "$ROOT/bin/$TRIPLET-gcc" "$ROOT/bin/$TRIPLET-pkg-config"
}

make_sysroot() {
	local -a pkgs=(libxen-dev libfdt-dev libjson-c-dev libyajl-dev uuid-dev libc6-dev linux-libc-dev zlib1g-dev)
	[ ! -e "$ROOT/.ready" ] || return 0
	# shellcheck disable=SC2046 # one word a package
	fetch_set "sysroot-$ARCH-$XEN" "$SUITE" "$ARCH" "${pkgs[@]}" libcrypt-dev \
		$(fetch_libs "$SUITE" "$ARCH" "${pkgs[@]}" | grep -v -e '-dev$') >/dev/null
	relative_links "$ROOT"
	make_wrappers
	touch "$ROOT/.ready"
}

check_sysroot() {
	local tmp; tmp=$(mktemp -d)
	# shellcheck disable=SC2064
	trap "rm -rf '$tmp'" EXIT
	cat >"$tmp/probe.c" <<-'END'
	#include <json-c/json.h>
	#include <libfdt.h>
	#include <libxl.h>
	#include <libxl_utils.h>
	#include <libxlutil.h>
	#include <xenctrl.h>
	#include <xenstore.h>
	#include <stdio.h>
	int main(void)
	{
		libxl_ctx *ctx = NULL;
		xentoollog_logger *log = (xentoollog_logger *)xtl_createlogger_stdiostream(stderr, XTL_ERROR, 0);
		xc_interface *xch = xc_interface_open(NULL, NULL, 0);
		struct xs_handle *xs = xs_open(0);
		printf("%d %p %p %d\n", libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, log), (void *)xch, (void *)xs,
		       xc_test_assign_dt_device(xch, 0, (char *)"/"));
		printf("%s %s %p\n", fdt_strerror(fdt_check_header("")), json_c_version(), (void *)xlu_cfg_init(stderr, "x"));
		return 0;
	}
	END
	# shellcheck disable=SC2046 # one word a flag
	"$ROOT/bin/$TRIPLET-gcc" -Wall -o "$tmp/probe" "$tmp/probe.c" -lfdt \
		$("$ROOT/bin/$TRIPLET-pkg-config" --cflags --libs xenlight xlutil xencontrol xenstore xentoollog json-c)
	say "links for $ARCH, Xen $XEN:"
	readelf -d "$tmp/probe" | sed -n 's/.*NEEDED.*\[\(.*\)\]/    \1/p' >&2
}

case $ARCH in
arm64) need_packages gcc-aarch64-linux-gnu binutils pkg-config ;;
armhf) need_packages gcc-arm-linux-gnueabihf binutils pkg-config ;;
esac
locked "sysroot-$ARCH-$XEN" make_sysroot
[ -z "$CHECK" ] || check_sysroot
printf '%s\n' "$ROOT"
