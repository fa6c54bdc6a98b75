#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# each allocation, file call and Xen call of the commands fails once: a sample; --full: all, with ASan
set -eu -o pipefail
. tests/lib/build.sh
need_packages gcc libc6-dev python3 device-tree-compiler binutils
replay=tests/xen-replay/xl-passthrough-replay

# faults FOLDER [OPTION]: the program that is built there. Called in conditions too, where -e is off.
faults() {
	make -C "$1" "$replay" >/dev/null || return
	mkdir -p "$1/tests/faults" || return
	gcc -shared -fPIC -g -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -o "$1/tests/faults/shim.so" \
		tests/faults/shim.c || return
	tests/faults/run.py "$2" "$1/$replay" "$1/tests/faults/shim.so" "$1/tests/xen-replay/state/passthrough"
}

[ -n "$XLPT_FULL" ] || { faults "$XLPT_BUILD" --runs=500; exit; }
status=0
# leaks do not depend on the errno, and all of them with ASan take half an hour
faults "$XLPT_BUILD" --calls | tee "$XLPT_BUILD/faults.log" || status=1
build_in "$XLPT_BUILD/sanitizers" --enable-sanitizers --disable-shared --enable-werror CFLAGS='-g -O1'
faults "$XLPT_BUILD/sanitizers" --once | tee -a "$XLPT_BUILD/faults.log" || status=1
awk '/ passed, .* failed/ { p += $1; f += $3 } END { print p + 0 " passed, " f + 0 " failed" }' "$XLPT_BUILD/faults.log"
exit $status
