#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# the numbers of every board, and invariants of every plan
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler cpp xz-utils gcc
tests/oracle/compare-devices.sh "$XLPT_BUILD/tools/xl-passthrough"
tests/oracle/check-oracle.py
