#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# the command of every folder in examples/, held against what its README promises
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler cpp xz-utils qemu-system-arm
exec tests/boards/examples.py "$XLPT_BUILD/tools/xl-passthrough"
