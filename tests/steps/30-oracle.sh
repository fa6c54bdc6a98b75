#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# the numbers of a sample of real boards, against an independent implementation
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler cpp xz-utils
exec tests/oracle/compare-devices.sh "$XLPT_BUILD/tools/xl-passthrough" --sample
