#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# conversations with a recorded Xen, each call of them failing once
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler
exec tests/replay/run.py "$XLPT_BUILD/tests/xen-replay/xl-passthrough-replay"
