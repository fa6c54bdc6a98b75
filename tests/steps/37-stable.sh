#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# large plans of real boards, less one device: the others keep their guest addresses
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler cpp xz-utils
exec tests/boards/stable.py "$XLPT_BUILD/tools/xl-passthrough"
