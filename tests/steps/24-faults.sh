#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# each allocation, file call and Xen call of the commands fails once: a sample; --full: all, with ASan
set -eu
. tests/lib/build.sh
need_packages gcc libc6-dev python3 device-tree-compiler binutils
folder=$XLPT_BUILD runs=--runs=500
if [ -n "$XLPT_FULL" ]; then
	folder=$XLPT_BUILD/sanitizers runs=
	build_in "$folder" --enable-sanitizers --disable-shared --enable-werror CFLAGS='-g -O1'
fi
replay=tests/xen-replay/xl-passthrough-replay
make -C "$folder" "$replay" >/dev/null
mkdir -p "$folder/tests/faults"
gcc -shared -fPIC -g -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -o "$folder/tests/faults/shim.so" \
	tests/faults/shim.c
exec tests/faults/run.py ${runs:+"$runs"} "$folder/$replay" "$folder/tests/faults/shim.so" \
	"$folder/tests/xen-replay/state/passthrough"
