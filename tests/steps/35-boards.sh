#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# plans of real boards, held against numbers found by hand
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler cpp xz-utils qemu-system-arm
exec tests/boards/run.py "$XLPT_BUILD/tools/xl-passthrough"
