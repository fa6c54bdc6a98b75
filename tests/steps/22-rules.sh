#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# each diagnostic from its smallest tree, and nothing else from it
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler
exec tests/rules/run.py "$XLPT_BUILD/tools/xl-passthrough"
