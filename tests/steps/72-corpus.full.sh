#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# the numbers of every board, damaged boards too, invariants of every plan, and the binding tables
set -eu
. tests/lib/packages.sh
need_packages python3 device-tree-compiler cpp xz-utils gcc libfdt-dev
tool=$XLPT_BUILD/tools/xl-passthrough
tests/oracle/compare-devices.sh "$tool"
tests/oracle/check-oracle.py
damaged=$(mktemp -d)
trap 'rm -rf "$damaged"' EXIT
find "$(tests/lib/corpus.sh)" -name '*.dtb' -print0 | xargs -0 tests/oracle/mutate.py "$damaged" 300 1
tests/oracle/compare-devices.sh "$tool" "$damaged"/*.dtb
tests/oracle/links-truth.py --every 3
exec tests/oracle/plan_corpus.py "$tool"
