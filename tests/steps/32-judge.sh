#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# hand-written partial trees: each mistake found by its id, the right ones pass
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler
exec tests/judge/run.py "$XLPT_BUILD/tools/xl-passthrough"
