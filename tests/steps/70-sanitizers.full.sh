#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make check with ASan and UBSan
set -eu
. tests/lib/build.sh
export UBSAN_OPTIONS=print_stacktrace=1
build_in "$XLPT_BUILD/sanitizers" --enable-sanitizers --disable-shared --enable-werror CFLAGS='-g -O1'
check_in "$XLPT_BUILD/sanitizers"
