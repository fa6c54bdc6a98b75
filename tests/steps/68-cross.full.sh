#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# cross builds for arm64 and armhf, with Xen 4.17 and 4.20, and without
set -eu
. tests/lib/build.sh
passed=0 failed=0
cross() { # ARCH TRIPLET MACHINE XEN
	local root build=$XLPT_BUILD/cross-$1-$4
	root=$(tests/xen/sysroot.sh "$1" "$4") || return
	build_in "$build" --host="$2" CC="$root/bin/$2-gcc" PKG_CONFIG="$root/bin/$2-pkg-config" \
		--with-xen=yes --enable-xl-frontend --enable-werror --disable-shared || return
	readelf -h "$build/tools/xl-passthrough" | grep -q "Machine: *$3" || return
	echo "built for $1, Xen $4"
}
count() {
	if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "failed: $*"; fi
}
count cross arm64 aarch64-linux-gnu AArch64 4.17
count cross arm64 aarch64-linux-gnu AArch64 4.20
count cross armhf arm-linux-gnueabihf ARM 4.17
count build_in "$XLPT_BUILD/no-xen" --with-xen=no --enable-werror --disable-shared
echo "$passed passed, $failed failed"
[ $failed = 0 ]
