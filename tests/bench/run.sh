#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tests/bench/run.sh [--quick]
#
# What `devices`, `plan`, `uboot` and `merge` cost, as ratios of user and system time measured by turns in
# this run, each with the limit it is held to; and what `xl create` with our keys costs beside plain
# `xl create`, in the lab's dom0. --quick leaves out the trees of more than 10^5 nodes and the lab.
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
# partition reads configurations, which takes libxlutil's parser
if ! build_in "$work/build-xen" --disable-shared --with-xen=yes CFLAGS='-g -O2' >"$work/build-xen.log" 2>&1; then
	tail -n 20 "$work/build-xen.log"
	exit 2
fi
library=$work/build/libxlpt/.libs
gcc -std=gnu11 -O2 -o "$work/make-tree" tests/bench/make-tree.c tests/bench/shapes-*.c -lfdt &&
	gcc -std=gnu11 -O2 -o "$work/walk-tree" tests/bench/walk-tree.c -lfdt &&
	gcc -std=gnu11 -O2 -Ilibxlpt -o "$work/index-size" tests/bench/index-size.c \
		"$library/libxlpt-core.a" "$library/libxlpt-xen.a" -ljson-c -lfdt || exit 2
corpus=$(tests/lib/corpus.sh arm64) || exit 2
status=0
python3 tests/bench/measure.py "$work" "$work/build/tools/xl-passthrough" "$corpus" \
	"$work/build-xen/tools/xl-passthrough" "$@" || status=$?

# In the lab time is real time: on a machine that does something else the figure means nothing.
if [ "${1:-}" != --quick ]; then
	echo
	lab=$(tests/xen/run.sh create-time) || { echo "$lab"; exit 2; }
	ratio=$(sed -n 's/.*: median \([0-9.]*\) of .*/\1/p' <<<"$lab")
	sed -n 's/^ok *[^ ]* *[0-9]*s *//p' <<<"$lab"
	if awk "BEGIN { exit !($ratio > 1.1) }"; then
		echo "at most 1.1   EXCEEDED"
		status=1
	fi
fi
exit "$status"
