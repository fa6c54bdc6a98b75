#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make distcheck: a release builds, checks, installs and cleans up
set -eu
. tests/lib/build.sh
rm -rf "$XLPT_BUILD/dist"
mkdir -p "$XLPT_BUILD/dist"
cd "$XLPT_BUILD/dist"
"$XLPT_SOURCE/configure" >/dev/null
make -j"$(nproc)" distcheck
