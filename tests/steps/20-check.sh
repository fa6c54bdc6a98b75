#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make check: unit tests (cmocka) and tests of the commands (bats)
set -eu
. tests/lib/build.sh
check_in "$XLPT_BUILD"
