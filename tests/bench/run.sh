#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench/run.sh [--quick]
#
# What `devices` and `plan` cost, as ratios of user and system time measured by turns in this run,
# each with the limit it is held to. --quick leaves out the trees of more than 10^5 nodes.
# Ends with 1 if a limit is exceeded. Sets up all it needs on a Debian machine, in build/bench.
set -u -o pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 2
export XLPT_SOURCE=$PWD XLPT_BUILD=${XLPT_BUILD:-$PWD/build}
. tests/lib/build.sh

build_packages || exit 2
work=$XLPT_BUILD/bench
mkdir -p "$work" || exit 2
if ! build_in "$work/build" --disable-shared --with-xen=no CFLAGS='-g -O2' >"$work/build.log" 2>&1; then
	tail -n 20 "$work/build.log"
	exit 2
fi
library=$work/build/libxlpt/.libs
gcc -std=gnu11 -O2 -o "$work/make-tree" tests/bench/make-tree.c tests/bench/shapes-*.c -lfdt &&
	gcc -std=gnu11 -O2 -o "$work/walk-tree" tests/bench/walk-tree.c -lfdt &&
	gcc -std=gnu11 -O2 -Ilibxlpt -o "$work/index-size" tests/bench/index-size.c \
		"$library/libxlpt-core.a" "$library/libxlpt-xen.a" -ljson-c -lfdt || exit 2
corpus=$(tests/lib/corpus.sh arm64) || exit 2
status=0
python3 tests/bench/measure.py "$work" "$work/build/tools/xl-passthrough" "$corpus" "$@" || status=$?

# What is measured by other means than measure.py's stands here.

exit "$status"
